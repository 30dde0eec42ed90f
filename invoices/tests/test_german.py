"""German documents and their mails: no word is missing, and what is written is compiled."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings

from mailing.rendering import render
from mailing.tests.factories import CONTEXTS, MessageFactory

FOLDER = Path(settings.BASE_DIR) / "locale/de/LC_MESSAGES"
TEMPLATES = Path(settings.BASE_DIR) / "templates"
WORDS = re.compile(r'{% translate "(.+?)" %}|\b_\(\s*"(.+?)"\s*\)')
SENTENCES = re.compile(r"{% blocktranslate[^%]*%}(.+?){% endblocktranslate %}")

SPOKEN = [
    *TEMPLATES.glob("invoices/invoice.html"),
    *TEMPLATES.glob("invoices/components/*.html"),
    *TEMPLATES.glob("mailing/refund_made.*"),
    *TEMPLATES.glob("mailing/document_cancelled.*"),
    *TEMPLATES.glob("mailing/invoice_corrected.*"),
    *(TEMPLATES / "mailing" / name for name in ("base_mail.html", "base_mail.txt", "facts.html")),
    TEMPLATES / "mailing/footer.html",
    *(Path(settings.BASE_DIR) / "invoices" / name for name in ("notes.py", "printed.py")),
    Path(settings.BASE_DIR) / "checkout/money_back/crediting.py",
    Path(settings.BASE_DIR) / "checkout/orders/billing.py",
]


@pytest.fixture(scope="module")
def catalog():
    with (FOLDER / "django.po").open("rb") as file:
        return read_po(file, locale="de")


def test_the_compiled_words_are_the_written_ones(catalog):
    compiled = BytesIO()
    write_mo(compiled, catalog)
    assert compiled.getvalue() == (FOLDER / "django.mo").read_bytes(), (
        "run: pybabel compile -D django -d locale"
    )


def test_every_word_of_documents_and_their_mails_has_a_german_one(catalog):
    said = set()
    for path in SPOKEN:
        text = path.read_text()
        said |= {plain or python for plain, python in WORDS.findall(text)}
        said |= {
            re.sub(r"{{ (\w+) }}", r"%(\1)s", sentence) for sentence in SENTENCES.findall(text)
        }

    assert len(said) > 60
    assert sorted(word for word in said if not (catalog.get(word) and catalog[word].string)) == []


def test_no_translation_loses_or_invents_a_figure(catalog):
    for message in catalog:
        named = sorted(re.findall(r"%(?:\(\w+\))?s", str(message.id)))
        assert sorted(re.findall(r"%(?:\(\w+\))?s", str(message.string))) == named, message.id


@pytest.mark.parametrize(
    ("kind", "subject", "document"),
    [
        ("refund_made", "Ihr Geld ist auf dem Rückweg: Bestellung 7K3Q-9XMF", "Rechnungskorrektur"),
        (
            "document_cancelled",
            "Ein Beleg zu Ihrer Bestellung 7K3Q-9XMF wurde storniert",
            "Rechnungskorrektur",
        ),
        (
            "invoice_corrected",
            "Ihre berichtigte Rechnung: Bestellung 7K3Q-9XMF",
            "Rechnung INV-2026-00042",
        ),
    ],
)
def test_the_mails_speak_german(kind, subject, document):
    words = render(MessageFactory.build(kind=kind, context=CONTEXTS[kind], language="de"))

    assert words.subject == subject
    for body in (words.text, words.html):
        assert "Hallo Ada Lovelace," in body
        assert document in body
        assert not re.search(r"\b(the|your|invoice|money|attached)\b", _said(body), re.IGNORECASE)


def _said(body):
    """Without markup, addresses and what the shop's staff wrote."""
    reason = f"{CONTEXTS['refund_made']['reason']}|{CONTEXTS['document_cancelled']['reason']}"
    return re.sub(rf"<style.*?</style>|<[^>]+>|https?:\S+|{reason}", "", body, flags=re.DOTALL)
