import re
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from invoices import printing
from invoices.downloads import pdf_response
from invoices.issuing import cancel, issue_delivery_note, issue_invoice
from invoices.models import Invoice, Seller
from invoices.tests import factories
from invoices.tests.cases import written
from invoices.tests.factories import AT, bill
from mailing.models import Message

pytestmark = pytest.mark.django_db

LIST = "/admin/invoices/"


@pytest.fixture
def invoice(monkeypatch, run_tasks):
    monkeypatch.setattr(printing, "_render", lambda invoice: b"%PDF")
    factories.seller()
    return issue_invoice(bill(), at=AT)


@pytest.fixture
def printed(invoice):
    printing.print_if_due(invoice.pk, at=AT)
    invoice.refresh_from_db()
    return invoice


def sign_in(client, *codenames):
    user = User.objects.create_user("staff")
    wanted = ["access_admin", *codenames]
    user.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    client.force_login(user)
    return client


@pytest.fixture
def staff(client):
    return sign_in(client, "view_invoice", "print_invoice")


@pytest.fixture
def superuser(client):
    client.force_login(User.objects.create_superuser("root"))
    return client


def page(invoice):
    return f"/admin/invoices/inspect/{invoice.pk}/"


def test_the_list_tells_number_order_recipient_and_total(staff, printed):
    text = staff.get(LIST).content.decode()
    for words in ("INV-2026-00001", "7K3Q-9XMF", "ada@example.com", "€117.20", "14 Mar 2026"):
        assert words in text


@pytest.fixture
def credited(run_tasks):
    """An invoice to a business, its credit note and the credit note's cancellation, all printed."""
    note = written("refunded")
    cancel(note, key="undo", reason="The bank refused it", at=AT)
    Invoice.objects.update(
        printed_at=AT, due_at=None, file="invoices/2026/some.pdf", sha256="0" * 64
    )
    return Invoice.objects.get(number="INV-2026-00001")


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("invoice", "INV-2026-00001"),
        ("credit_note", "CRN-2026-00001"),
        ("cancellation", "CAN-2026-00001"),
        ("delivery_note", "DN-2026-00001"),
    ],
)
def test_each_kind_has_a_tab(staff, credited, kind, number):
    issue_delivery_note(bill(), key="shipment:1", at=AT)

    text = staff.get(f"{LIST}?kind={kind}").content.decode()

    assert re.findall(r"(?:INV|CRN|CAN|DN)-2026-\d+", text)[0] == number
    assert len(set(re.findall(r"(?:INV|CRN|CAN|DN)-2026-\d+", text))) == 1


def test_a_page_leads_to_what_it_corrects_and_what_corrects_it(staff, credited):
    note = credited.corrections.get()
    undone = note.corrections.get()

    of_invoice = staff.get(page(credited)).content.decode()
    of_note = staff.get(page(note)).content.decode()

    assert page(note) in of_invoice
    assert page(credited) in of_note
    assert page(undone) in of_note
    assert "Returned within the time allowed" in of_note
    assert "Cancelled" in of_note


def test_staff_download_the_einvoice_in_both_spellings(staff, credited):
    text = staff.get(page(credited)).content.decode()
    for spelling, root in (("ubl", b"<Invoice "), ("cii", b"<rsm:CrossIndustryInvoice ")):
        address = f"/admin/invoices/{spelling}/{credited.pk}/"
        assert address in text

        response = staff.get(address)

        assert root in response.content
        assert response["Content-Type"] == "application/xml"
        assert response["Content-Disposition"] == (
            f'attachment; filename="INV-2026-00001-{spelling}.xml"'
        )
        assert "no-store" in response["Cache-Control"]


def test_what_has_no_einvoice_says_why_and_offers_none(staff, printed):
    text = staff.get(page(printed)).content.decode()

    assert "name or country is not known" in text
    for spelling in ("ubl", "cii"):
        assert f"/admin/invoices/{spelling}/{printed.pk}/" not in text
        assert staff.get(f"/admin/invoices/{spelling}/{printed.pk}/").status_code == 404


def test_staff_send_a_document_again_by_its_button(client, credited, run_tasks):
    sign_in(client, "view_invoice", "resend_message")
    assert "Send again" in client.get(page(credited)).content.decode()

    for _ in range(2):
        client.post(f"/admin/invoices/send/{credited.pk}/")

    [message] = Message.objects.all()
    assert (message.recipient, message.kind) == ("ada@example.com", "payment_received")
    assert message.attachments[0]["path"] == "invoices/2026/some.pdf"


def test_sending_a_document_again_takes_the_permission_and_a_post(client, credited):
    sign_in(client, "view_invoice")

    assert "Send again" not in client.get(page(credited)).content.decode()
    client.post(f"/admin/invoices/send/{credited.pk}/")
    assert client.get(f"/admin/invoices/send/{credited.pk}/").status_code == 405

    assert Message.objects.count() == 0


@pytest.mark.parametrize(
    "query", ["q=2026-00001", "q=7k3q-9", "q=ada@", "year=2026", "printed=yes"]
)
def test_an_invoice_is_found(staff, printed, query):
    assert "INV-2026-00001" in staff.get(f"{LIST}?{query}").content.decode()


@pytest.mark.parametrize("query", ["q=00002", "year=2027", "printed=waiting", "printed=failed"])
def test_what_was_not_asked_for_is_not_shown(staff, printed, query):
    issue_invoice(bill("OTHER"), at=datetime(2027, 2, 1, tzinfo=UTC))
    Invoice.objects.filter(order_number="OTHER").update(attempts=8)
    assert "7K3Q-9XMF" not in staff.get(f"{LIST}?{query}").content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "kind=x",
        "year=x",
        "year=99999999999999999999",
        "printed=x",
        "seller__name=1",
        "o=a.-7",
        "p=-1",
    ],
)
def test_odd_queries_are_answered(staff, printed, query):
    assert staff.get(f"{LIST}?{query}").status_code == 200


def test_the_list_takes_the_same_queries_for_one_row_and_for_many(
    staff, printed, django_assert_num_queries
):
    staff.get(LIST)
    with CaptureQueriesContext(connection) as for_one:
        staff.get(LIST)

    for number in range(20):
        issue_invoice(bill(f"ORDER-{number}"), at=AT)

    with django_assert_num_queries(len(for_one)):
        assert "ORDER-19" in staff.get(LIST).content.decode()


def test_an_invoices_page_shows_what_it_says(staff, printed):
    text = staff.get(page(printed)).content.decode()
    for words in ("Sencha Kirishima, 100 g", "TEA-SEN-100", "€29.80", "19 %", "Paid by card"):
        assert words in text
    assert f"/admin/invoices/pdf/{printed.pk}/" in text


def test_staff_download_the_file(staff, printed):
    response = staff.get(f"/admin/invoices/pdf/{printed.pk}/")
    assert b"".join(response) == b"%PDF"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="INV-2026-00001.pdf"'


def test_a_download_is_kept_by_no_cache_and_not_guessed_at(printed):
    response = pdf_response(printed, inline=True)
    assert b"".join(response) == b"%PDF"
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == 'inline; filename="INV-2026-00001.pdf"'


def test_what_is_not_printed_yet_or_lost_is_not_found(staff, invoice, private_folder):
    with pytest.raises(Http404):
        pdf_response(invoice)
    assert staff.get(f"/admin/invoices/pdf/{invoice.pk}/").status_code == 404
    assert "being printed" in staff.get(page(invoice)).content.decode()

    printing.print_if_due(invoice.pk, at=AT)
    (private_folder / "invoices/2026/INV-2026-00001.pdf").unlink()
    assert staff.get(f"/admin/invoices/pdf/{invoice.pk}/").status_code == 404


@pytest.mark.parametrize("folder", ["media", "static", "private", "documents"])
def test_no_public_address_reaches_the_file(client, printed, folder):
    assert client.get(f"/{folder}/{printed.file.name}").status_code == 404


def test_a_failed_invoice_is_printed_again_by_who_may(staff, invoice, run_tasks):
    Invoice.objects.update(attempts=8, last_error="OSError: disk full")
    run_tasks()
    text = staff.get(page(invoice)).content.decode()
    assert "could not be printed" in text
    assert "disk full" in text
    assert "Print again" in text

    staff.post(f"/admin/invoices/again/{invoice.pk}/")
    run_tasks()

    invoice.refresh_from_db()
    assert invoice.printed_at is not None


def test_printing_again_takes_its_own_permission_and_a_post(client, invoice):
    sign_in(client, "view_invoice")
    Invoice.objects.update(attempts=8)
    assert "Print again" not in client.get(page(invoice)).content.decode()
    client.post(f"/admin/invoices/again/{invoice.pk}/")
    assert client.get(f"/admin/invoices/again/{invoice.pk}/").status_code == 405
    invoice.refresh_from_db()
    assert invoice.attempts == 8


def test_only_who_may_see_a_document_has_it_printed_again(client, invoice):
    sign_in(client, "print_invoice")
    Invoice.objects.update(attempts=8)

    assert client.post(f"/admin/invoices/again/{invoice.pk}/").url == "/admin/"

    invoice.refresh_from_db()
    assert invoice.attempts == 8


def test_only_who_may_see_a_document_has_it_sent_again(client, credited):
    sign_in(client, "resend_message")

    assert client.post(f"/admin/invoices/send/{credited.pk}/").url == "/admin/"

    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "codenames", [(), ("print_invoice",), ("add_invoice", "change_invoice", "delete_invoice")]
)
def test_only_the_permission_to_view_opens_invoices(client, printed, codenames):
    sign_in(client, *codenames)
    files = [f"/admin/invoices/{kind}/{printed.pk}/" for kind in ("pdf", "ubl", "cii")]
    for address in (LIST, page(printed), *files):
        response = client.get(address)
        assert (response.status_code, response.url) == (302, "/admin/")


def test_strangers_are_sent_to_the_sign_in(client, printed):
    for address in (LIST, page(printed), f"/admin/invoices/pdf/{printed.pk}/"):
        assert "/admin/login/" in client.get(address).url


@pytest.mark.parametrize("action", ["create", "edit/{}", "delete/{}", "history/{}", "inspect/abc"])
def test_nobody_makes_edits_or_deletes_an_invoice(superuser, printed, action):
    address = f"{LIST}{action.format(printed.pk)}/"
    assert superuser.get(address).status_code == 404
    assert superuser.post(address).status_code == 404
    assert Invoice.objects.count() == 1


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_invoices_are_not_exported_here(superuser, printed, format_):
    assert superuser.get(f"{LIST}?export={format_}").status_code == 302


def test_the_sellers_particulars_are_edited_in_the_settings(superuser):
    factories.seller()
    response = superuser.get("/admin/settings/invoices/seller/", follow=True)
    assert "Still Leaf Teehandel GmbH" in response.content.decode()


def send_seller(client, **changes):
    seller = factories.seller()
    form = {field: getattr(seller, field) for field in SELLER_FIELDS} | changes
    return client.post(f"/admin/settings/invoices/seller/{seller.pk}/", form, follow=True)


SELLER_FIELDS = (
    "name", "street", "postcode", "city", "country", "email", "phone",
    "vat_id", "register_entry", "iban", "invoice_note",
)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"vat_id": "DE123456789"}, "This is not a VAT id of the EU"),
        ({"iban": "DE02 1203 0000 0000 2020 52"}, "This is not an IBAN"),
        ({"country": "XX"}, "Select a valid choice"),
    ],
)
def test_a_slip_of_the_pen_in_the_sellers_particulars_is_noticed(superuser, change, words):
    response = send_seller(superuser, **change)

    assert words in response.content.decode()
    [(field, value)] = change.items()
    assert getattr(Seller.objects.get(), field) != value


def test_the_settings_say_what_einvoices_still_need(superuser):
    assert "carry an e-invoice" in send_seller(superuser).content.decode()

    text = send_seller(superuser, vat_id="").content.decode()

    assert "Still missing: VAT id." in text
