"""An invoice that names the wrong buyer is cancelled and written again; nobody pays anew."""

import re
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.contrib.auth.models import Permission, User
from django.urls import reverse
from django.utils import timezone

from checkout.auditing import checking
from checkout.models import Address, Order, VatCheck
from checkout.money_back.refunding import order_refund
from checkout.orders import billing, rebilling
from checkout.tax import vat_checks
from checkout.tests import register
from checkout.tests.buying import buy_tea
from checkout.tests.desks import at_two_desks
from checkout.tests.factories import make_address, make_order
from invoices import checking as books
from invoices import issuing, printing
from invoices.models import Invoice, Seller
from mailing.models import Message

pytestmark = pytest.mark.django_db

HOPPER = {
    "name": "Grace Hopper", "company": "Compilers Ltd", "street": "Kaffeestraße 7", "extra": "",
    "postcode": "20095", "city": "Hamburg", "region": "", "country": "DE",
}  # fmt: skip
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
IN_FORCE, MISTYPED = "FR40303265045", "FR83404833048"


@pytest.fixture(autouse=True)
def noon(request):
    """All documents bear the same year, whenever this runs. The sandbox has a clock of its own."""
    has_sandbox = "sandbox" in request.fixturenames
    with nullcontext() if has_sandbox else time_machine.travel(NOON):
        yield


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Rendering that takes no time."""
    monkeypatch.setattr(printing, "_render", lambda document: b"%PDF " + document.number.encode())


def billed(status: str = "paid", **fields) -> Order:
    """A sold order with its invoice, of 29.90: 2 × 12.50 and 4.90 shipping."""
    Seller.load()
    an_hour_ago = timezone.now() - timedelta(hours=1)
    order = make_order(status=status, placed_at=an_hour_ago, **fields)
    issuing.issue_invoice(billing.bill(order, method="card"), at=order.paid_at)
    return order


def bill_again(order: Order, **changes) -> Order:
    wanted = {
        "instead_of": issuing.invoice_of(order.number).number, "details": HOPPER,
        "vat_id": order.vat_id, "reason": "Wrong name", "by": None, "at": timezone.now(),
        "key": "form",
    }  # fmt: skip
    order = rebilling.bill_again(order, **wanted | changes)
    return Order.objects.get(pk=order.pk)


def url(order: Order) -> str:
    return reverse("orders_bill_again", args=[order.pk])


def filled(staff, order: Order, **entries: str) -> dict[str, str]:
    """The form as its page prints it, with these entries."""
    page = staff.get(url(order)).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    carried = {name: hidden[name] for name in ("key", "instead_of")}
    return HOPPER | {"vat_id": order.vat_id, "reason": "Wrong name"} | carried | entries


def written(order: Order) -> list[tuple[str, bool]]:
    """Its documents: number, and whether it stands."""
    return [(one.number, not one.cancelled_at) for one in issuing.documents_of(order.number)]


def breaches() -> list[str]:
    """Of what was made; nobody was written to about orders that nobody placed."""
    found = [breach for check in (checking, books) for breach in check.breaches()]
    return [str(breach) for breach in found if not breach.invariant.startswith("a buyer is told")]


FIRST, SECOND = "INV-2026-00001", "INV-2026-00002"
UNTOUCHED = [(FIRST, True)]
DONE = [(FIRST, False), ("CAN-2026-00001", True), (SECOND, True)]


# --- What staff do and what comes of it --------------------------------------------------------


def test_a_wrong_buyer_is_put_right_by_a_cancellation_and_another_invoice(staff, run_tasks):
    order = billed()
    first = issuing.invoice_of(order.number)

    answer = staff.post(url(order), filled(staff, order), follow=True)
    run_tasks()

    assert "The invoice is cancelled, and the order billed again." in answer.content.decode()
    assert written(order) == DONE
    new = issuing.invoice_of(order.number)
    assert (new.billed_to["name"], new.billed_to["company"]) == ("Grace Hopper", "Compilers Ltd")
    for field in ("total", "taxes", "shipping_taxes", "subtotal", "paid_at", "delivered_to"):
        assert getattr(new, field) == getattr(first, field)
    undone = Invoice.objects.get(kind="cancellation")
    assert (undone.corrects, undone.reason) == (first, "Wrong name")
    event = order.events.get(kind="invoiced")
    assert event.by.username == "mia"
    assert event.data == {
        "why": "Wrong name", "number": SECOND, "replaces": FIRST, "cancellation": undone.number,
    }  # fmt: skip
    assert breaches() == []


def test_the_buyer_gets_both_documents_by_mail(run_tasks):
    order = billed()
    run_tasks()

    bill_again(order)
    run_tasks()

    sent = Message.objects.order_by("pk").values_list("kind", "state", "recipient")
    assert set(sent) == {
        (kind, "sent", "ada@example.com")
        for kind in ("payment_received", "document_cancelled", "invoice_corrected")
    }
    assert len(sent) == 3


def test_the_order_remembers_whom_it_was_billed_to_and_where_it_goes():
    order = billed(billing_address=make_address(name="Grace Hoper", city="Hamburg"))

    order = bill_again(order)

    assert order.billing_address.name == "Grace Hopper"
    assert order.shipping_address.name == "Ada Lovelace"
    assert not Address.objects.filter(name="Grace Hoper").exists()


def test_a_buyer_at_the_parcels_address_needs_no_other():
    order = billed(billing_address=make_address(name="Grace Hopper"))
    parcel = {**HOPPER, "company": ""} | {
        name: getattr(order.shipping_address, name)
        for name in ("name", "street", "postcode", "city")
    }

    order = bill_again(order, details=parcel)

    assert order.billing_address is None
    assert issuing.invoice_of(order.number).billed_to["name"] == "Ada Lovelace"


def test_an_address_that_other_orders_are_billed_to_is_kept():
    shared = make_address(name="Accounts Payable")
    order, other = billed(billing_address=shared), billed(billing_address=shared)

    bill_again(order)

    other.refresh_from_db()
    assert other.billing_address.name == "Accounts Payable"


@pytest.mark.parametrize("status", ["paid", "fulfilled", "returned"])
def test_a_sold_order_is_billed_again_as_often_as_its_buyer_asks(status):
    order = billed(status)

    bill_again(order, key="one")
    bill_again(order, key="two", details=HOPPER | {"company": ""})

    assert [number for number, stands in written(order) if stands and "INV" in number] == [
        "INV-2026-00003"
    ]
    assert breaches() == []


def test_money_that_goes_back_later_is_credited_on_the_new_invoice(sandbox, shopper, run_tasks):
    order = buy_tea(sandbox, shopper)
    bill_again(order)

    order_refund(order, amount=Decimal("5.00"), reason="Late", by=None, at=timezone.now())
    run_tasks()

    note = Invoice.objects.get(kind="credit_note")
    assert (note.corrects, note.total) == (issuing.invoice_of(order.number), Decimal("5.00"))
    assert note.billed_to["name"] == "Grace Hopper"
    assert breaches() == []


def test_a_refund_that_was_under_way_is_credited_on_the_new_invoice(sandbox, shopper, run_tasks):
    order = buy_tea(sandbox, shopper)
    order_refund(order, amount=Decimal("17.40"), reason="Late", by=None, at=timezone.now())

    bill_again(order)
    run_tasks()

    note = Invoice.objects.get(kind="credit_note")
    assert note.corrects == issuing.invoice_of(order.number)
    assert breaches() == []


# --- What is refused ---------------------------------------------------------------------------


def test_an_invoice_that_money_was_given_back_on_stays(sandbox, shopper, staff, run_tasks):
    order = buy_tea(sandbox, shopper)
    entries = filled(staff, order)
    order_refund(order, amount=Decimal("5.00"), reason="Late", by=None, at=timezone.now())
    run_tasks()
    before = written(order)

    answer = staff.post(url(order), entries, follow=True)

    assert "Money was given back on this invoice" in answer.content.decode()
    assert url(order) not in answer.content.decode()
    assert written(order) == before
    with pytest.raises(rebilling.AlreadyCredited):
        bill_again(order)


@pytest.mark.parametrize("status", ["placed", "cancelled", "expired"])
def test_only_a_sold_order_is_billed_again(staff, status):
    order = billed()
    entries = filled(staff, order)
    Order.objects.filter(pk=order.pk).update(status=status)

    answer = staff.post(url(order), entries, follow=True)

    assert "No invoice of this order stands. Nothing was changed." in answer.content.decode()
    assert written(order) == UNTOUCHED
    with pytest.raises(rebilling.NothingBilled):
        bill_again(order)


def test_an_order_without_an_invoice_has_none_to_cancel(staff):
    order = make_order(status="paid")

    answer = staff.get(url(order), follow=True)

    assert "No invoice of this order stands." in answer.content.decode()
    assert url(order) not in answer.content.decode()


@pytest.mark.parametrize(
    ("entries", "complaint"),
    [
        ({"name": ""}, "This field is required"),
        ({"reason": "  "}, "This field is required"),
        ({"reason": "x" * 201}, "at most 200 characters"),
        ({"reason": "a\nb"}, "without links and line breaks"),
        ({"name": "Win at www.example.com"}, "without links and line breaks"),
        ({"name": "a\0b"}, "Null characters are not allowed"),
        ({"street": "x" * 201}, "at most 200 characters"),
        ({"postcode": "1"}, "This postcode does not fit the country."),
        ({"country": "XX"}, "not one of the available choices"),
        ({"country": ""}, "This field is required"),
        ({"vat_id": "DE1"}, "This is no VAT id of the EU."),
        ({"key": ""}, "This form is not complete."),
        ({"instead_of": "x\0"}, "This form is not complete."),
        ({"instead_of": "INV-1999-00001"}, f"{FIRST} was written meanwhile"),
    ],
)
def test_what_makes_no_sense_is_said_and_changes_nothing(staff, entries, complaint):
    order = billed()

    answer = staff.post(url(order), filled(staff, order, **entries), follow=True)

    assert answer.status_code == 200
    assert complaint in answer.content.decode()
    assert written(order) == UNTOUCHED
    assert not order.events.filter(kind="invoiced").exists()


def test_nothing_is_cancelled_if_nothing_can_be_written_in_its_place(monkeypatch):
    order = billed()

    def fails(*args, **kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(issuing, "issue_invoice", fails)
    with pytest.raises(RuntimeError):
        bill_again(order)

    order.refresh_from_db()
    assert (written(order), order.billing_address) == (UNTOUCHED, None)


def test_whoever_may_only_look_bills_nobody(client):
    order = billed()
    looker = User.objects.create_user("lou")
    seeing = Permission.objects.filter(codename__in=["access_admin", "view_order", "view_invoice"])
    looker.user_permissions.set(seeing)
    client.force_login(looker)

    page = client.get(reverse("orders_modeladmin_inspect", args=[order.pk])).content.decode()
    client.post(
        url(order), HOPPER | {"reason": "Mine", "key": "k", "instead_of": FIRST, "vat_id": ""}
    )

    assert url(order) not in page
    assert written(order) == UNTOUCHED


# --- Twice, and two at once --------------------------------------------------------------------


def test_a_double_click_bills_once(staff):
    order = billed()
    entries = filled(staff, order)

    for _ in range(2):
        answer = staff.post(url(order), entries, follow=True)

    assert "billed again" in answer.content.decode()
    assert written(order) == DONE
    assert order.events.filter(kind="invoiced").count() == 1


def test_a_colleague_who_was_slower_is_told_and_cancels_nothing(staff):
    order = billed()
    mine, hers = filled(staff, order), filled(staff, order, name="Grace B. Hopper")

    staff.post(url(order), mine)
    answer = staff.post(url(order), hers, follow=True)

    assert f"{SECOND} was written meanwhile" in answer.content.decode()
    assert written(order) == DONE


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("keys", [("one", "one"), ("one", "two")])
def test_two_at_the_same_moment_make_one_cancellation(monkeypatch, keys):
    order = billed()

    def work(desk: int) -> str:
        try:
            bill_again(order, key=keys[desk], instead_of=FIRST)
        except rebilling.Overtaken:
            return "told"
        return "billed"

    outcomes = at_two_desks(monkeypatch, rebilling, "replaceable", work)

    assert outcomes == (["billed"] * 2 if keys[0] == keys[1] else ["billed", "told"])
    assert written(order) == DONE
    assert order.events.filter(kind="invoiced").count() == 1


# --- VAT ids -----------------------------------------------------------------------------------


@pytest.fixture
def vies_says(settings):
    with register.running() as server:
        settings.VIES_URL = server.url
        yield server


@pytest.fixture
def held(vies_says) -> Order:
    """An order to a French business whose VAT id the register does not know."""
    Seller.objects.create(name="Still Leaf", country="DE", vat_id="DE123456788")
    order = billed(country="FR", vat_id=MISTYPED, tax_treatment="intra_community",
                   address={"postcode": "75001", "city": "Paris"})  # fmt: skip
    VatCheck.objects.create(order=order, vat_id=MISTYPED, due_at=timezone.now())
    vies_says.says = register.INVALID
    ask(order)
    order.refresh_from_db()
    assert order.hold == Order.Hold.NEEDS_REVIEW
    return order


def ask(order: Order) -> VatCheck:
    vat_checks.check_if_due(order.vat_check.pk, at=timezone.now() + timedelta(seconds=1))
    return VatCheck.objects.get()


def test_a_mistyped_vat_id_is_put_right_and_the_new_one_checked(held, staff, vies_says, run_tasks):
    vies_says.says = register.VALID

    staff.post(url(held), filled(staff, held, vat_id="FR 40 303 265 045"))
    run_tasks()

    held.refresh_from_db()
    check = VatCheck.objects.get()
    assert (held.vat_id, check.vat_id, check.state) == (IN_FORCE, IN_FORCE, VatCheck.State.VALID)
    assert issuing.invoice_of(held.number).billed_to["vat_id"] == IN_FORCE
    assert "404833048" in vies_says.asked[0]
    assert "303265045" in vies_says.asked[1]
    assert held.hold == Order.Hold.NEEDS_REVIEW  # until somebody says that they have looked


def test_an_address_alone_asks_the_register_nothing(held, vies_says, run_tasks):
    bill_again(held)
    run_tasks()

    assert len(vies_says.asked) == 1
    assert VatCheck.objects.get().state == VatCheck.State.INVALID


def test_without_a_vat_id_the_tax_would_be_another_so_the_money_goes_back(held, staff):
    answer = staff.post(url(held), filled(staff, held, vat_id=""))

    assert "Give the money back and have it ordered again." in answer.content.decode()
    assert written(held) == UNTOUCHED
    held.refresh_from_db()
    assert held.vat_id == MISTYPED


@pytest.mark.parametrize(("country", "vat_id"), [("DE", "DE136695976"), ("CH", IN_FORCE)])
def test_a_vat_id_that_changes_no_tax_may_be_added(country, vat_id):
    treatment = "domestic" if country == "DE" else "export"
    order = billed(country=country, tax_treatment=treatment)
    Seller.objects.update(vat_id="DE123456788")

    order = bill_again(order, vat_id=vat_id)

    assert issuing.invoice_of(order.number).billed_to["vat_id"] == order.vat_id == vat_id
    assert not VatCheck.objects.exists()


@pytest.mark.parametrize("vat_id", [IN_FORCE, "DE136695976"])
def test_a_vat_id_that_would_change_the_tax_is_not_added(vat_id):
    order = billed(country="FR", tax_treatment="destination")
    Seller.objects.update(vat_id="DE123456788")

    with pytest.raises(rebilling.TaxWouldChange):
        bill_again(order, vat_id=vat_id)

    assert written(order) == UNTOUCHED


@pytest.mark.parametrize(("had", "has"), [("", "DE136695976"), ("DE136695976", "")])
def test_where_no_tax_is_declared_a_vat_id_of_our_state_changes_none(had, has):
    # Art. 59c: Austria has no rates here.
    order = billed(country="AT", vat_id=had, tax_treatment="domestic")

    assert bill_again(order, vat_id=has).vat_id == has


def test_what_was_not_taxed_stays_so_although_we_have_lost_our_own_vat_id():
    order = billed(country="FR", vat_id=MISTYPED, tax_treatment="intra_community")

    with pytest.raises(rebilling.TaxWouldChange):
        bill_again(order, vat_id="DE136695976")


def test_what_is_picked_up_is_taxed_at_home_whatever_its_buyers_vat_id():
    order = billed(country="FR", collect_at="Speicherstadt 12")
    Seller.objects.update(vat_id="DE123456788")

    assert bill_again(order, vat_id=IN_FORCE).vat_id == IN_FORCE


def test_an_id_that_a_worker_asks_about_is_not_changed_under_it(held, staff):
    VatCheck.objects.update(state="due", leased_until=timezone.now() + timedelta(minutes=1))

    answer = staff.post(url(held), filled(staff, held, vat_id=IN_FORCE))

    assert "Try again in two minutes." in answer.content.decode()
    assert written(held) == UNTOUCHED
    assert VatCheck.objects.get().vat_id == MISTYPED
