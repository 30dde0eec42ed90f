import pytest

from mailing.kinds import KINDS, in_words
from mailing.plain import one_line, plain
from mailing.rendering import INLINER, render
from mailing.tests.factories import CONTEXTS, ORDER, MessageFactory


@pytest.mark.parametrize("kind", CONTEXTS)
def test_every_kind_speaks_in_subject_text_and_html(kind):
    words = render(MessageFactory.build(kind=kind))
    assert "7K3Q-9XMF" in words.subject
    assert "\n" not in words.subject
    for body in (words.text, words.html):
        assert "Ada Lovelace" in body
        assert "7K3Q-9XMF" in body
        assert "Still Leaf Teehandel GmbH" in body
        assert "https://still-leaf.example" in body


def test_staff_read_every_kind_by_its_name_and_one_long_gone_by_its_own():
    assert set(KINDS) == {*CONTEXTS, "notice"}  # which comes with its words
    assert in_words("order_received") == "Order received"
    assert in_words("parcel_sent") == "parcel_sent"


@pytest.mark.parametrize("kind", CONTEXTS)
@pytest.mark.parametrize("context", [{}, {"name": "", "shop": {}}, {"lines": [{}], "taxes": [{}]}])
def test_what_is_not_given_is_left_out(kind, context):
    words = render(MessageFactory.build(kind=kind, context=context))
    assert words.subject
    assert words.text.startswith("Hello,")
    assert "None" not in words.text + words.html
    assert 'href=""' not in words.html


@pytest.mark.parametrize("kind", CONTEXTS)
def test_markup_in_a_name_is_printed_as_text(kind):
    name = '<script>alert(1)</script><a href="https://evil.example">x</a>'
    words = render(MessageFactory.build(kind=kind, context={**CONTEXTS[kind], "name": name}))
    assert "<script" not in words.html
    assert '<a href="https://evil.example"' not in words.html
    assert "&lt;script" in words.html
    assert name in words.text


def test_a_plain_text_is_not_escaped():
    context = {**ORDER, "name": "Ben & Sons", "order_number": "A&B"}
    words = render(MessageFactory.build(kind="payment_failed", context=context))
    assert "Hello Ben & Sons," in words.text
    assert "A&B" in words.subject


def test_an_address_as_a_name_is_not_linked():
    context = {**ORDER, "name": "https://evil.example"}
    words = render(MessageFactory.build(kind="payment_failed", context=context))
    assert 'href="https://evil.example' not in words.html


def test_styles_are_inline_and_dark_mode_keeps_its_query():
    html = render(MessageFactory.build(kind="order_received")).html
    assert 'class="button-link" href="https://still-leaf.example/orders/secret/" style="' in html
    assert "@media (prefers-color-scheme: dark)" in html.replace("( ", "(")
    assert "<script" not in html
    assert "src=" not in html


def test_no_stylesheet_is_read_from_disk_or_web(tmp_path):
    (tmp_path / "secret.css").write_text("p { color: red }")
    link = f'<link rel="stylesheet" href="file://{tmp_path}/secret.css">'
    html = render(MessageFactory.build(context={**ORDER, "name": link})).html
    assert "color: red" not in html

    # And if the escaping were missing one day:
    assert "color: red" not in INLINER.inline(f"<html><head>{link}</head><p>x</p></html>")


def test_an_endless_name_still_gives_a_subject():
    context = {**ORDER, "order_number": "x" * 5000}
    assert len(render(MessageFactory.build(context=context)).subject) == 200


def test_rates_lose_their_needless_zeros():
    context = {**CONTEXTS["order_received"], "taxes": [{"rate": "5.50", "tax": "€1.00"}]}
    words = render(MessageFactory.build(kind="order_received", context=context))
    assert "including 5.50 % VAT: €1.00" in words.text
    assert "including 7 % VAT" in render(MessageFactory.build(kind="order_received")).text


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("a\r\nb", "a b"),
        ("  a \t b\u2028c ", "a b c"),
        ("Ad\0a\x1b[31m", "Ada[31m"),
        ("gpj.\u202exe", "gpj.xe"),
        ("\ud800lone", "lone"),
        ("Zoë 茶 👩‍🔬", "Zoë 茶 👩‍🔬"),
    ],
)
def test_a_header_holds_one_printable_line(typed, printed):
    assert one_line(typed) == printed


def test_lines_of_a_body_are_kept():
    assert plain({"a": ["x\r\ny\0", 1, None]}) == {"a": ["x\ny", 1, None]}
