"""What lies in a parcel, and what is told to whoever picks an order up."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse

from checkout.models import Order, Refund
from checkout.models.orders import WrongTurn
from checkout.orders import billing, fulfilment
from checkout.tests.factories import make_address, make_attempt, make_order
from invoices import einvoice, letters, printed
from invoices.checking import breaches
from invoices.issuing import documents_of, issue_invoice
from invoices.models import Invoice, Seller
from mailing.models import Message
from mailing.rendering import render

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
HERE = "Still Leaf\nLindenweg 8, Berlin\nMon–Fri 10–18"
GOODS = [("TEA-100", 3, "12.50"), ("POT-1", 1, "40.00")]


@pytest.fixture(autouse=True)
def seller():
    return Seller.objects.create(name="Still Leaf", city="Berlin", country="DE")


@pytest.fixture
def staff(client):
    user = User.objects.create_user("mia")
    user.groups.add(Group.objects.get(name="Shop staff"))
    client.force_login(user)
    return client


def notes_of(order: Order) -> list[Invoice]:
    return list(documents_of(order.number).filter(kind=Invoice.Kind.DELIVERY_NOTE))


def pieces_on(note: Invoice) -> dict[str, int]:
    return dict(note.lines.values_list("sku", "quantity"))


def give_back(order: Order, sku: str, quantity: int, state: str = "succeeded") -> None:
    attempt = order.attempts.first() or make_attempt(order)
    refund = Refund.objects.create(
        order=order, attempt=attempt, state=state, amount_minor=100, amount=1, currency="EUR",
        created_at=NOON,
    )  # fmt: skip
    refund.lines.create(line=order.lines.get(sku=sku), quantity=quantity, amount=1)


def picked_up(**fields: Any) -> Order:
    """An order of somebody in Paris, who comes to Berlin for it."""
    return make_order(status="paid", collect_at=HERE, country="FR", **fields)


# --- The delivery note -------------------------------------------------------------------------


def test_a_parcel_that_is_sent_has_a_delivery_note_without_prices(staff):
    order = make_order(status="paid", skus=GOODS)

    staff.post(reverse("orders_send", args=[order.pk]), {"tracking": ""})

    [note] = notes_of(order)
    assert pieces_on(note) == {"TEA-100": 3, "POT-1": 1}
    assert (note.total, note.subtotal, note.taxes) == (0, 0, [])
    assert {line.unit_price for line in note.lines.all()} == {Decimal(0)}
    assert not [breach for breach in breaches() if breach.subject == note.number]


def test_it_can_be_printed_before_the_parcel_leaves_and_is_the_same(staff):
    order = make_order(status="paid", skus=GOODS)

    for _ in range(2):
        answer = staff.post(reverse("orders_pack", args=[order.pk]), follow=True)
        assert f"{notes_of(order)[0].number} is being printed" in answer.content.decode()
    staff.post(reverse("orders_send", args=[order.pk]), {"tracking": ""})

    assert len(notes_of(order)) == 1
    assert order.events.filter(kind="fulfilled").exists()


def test_what_was_given_back_is_not_in_the_parcel(staff):
    order = make_order(status="paid", skus=GOODS)
    give_back(order, "TEA-100", 1)
    give_back(order, "POT-1", 1, state="failed")

    fulfilment.pack(order.pk, at=NOON)
    give_back(order, "POT-1", 1)
    fulfilment.ship(order.pk, tracking="", by=None, at=NOON)

    assert [pieces_on(note) for note in notes_of(order)] == [
        {"TEA-100": 2, "POT-1": 1}, {"TEA-100": 2},
    ]  # fmt: skip


def test_as_many_pieces_of_other_goods_are_another_parcel():
    order = make_order(status="paid", skus=[("TEA-100", 1, "12.50"), ("POT-1", 1, "40.00")])
    give_back(order, "TEA-100", 1)
    fulfilment.pack(order.pk, at=NOON)
    order.refunds.update(state="failed")
    give_back(order, "POT-1", 1)

    fulfilment.pack(order.pk, at=NOON)

    assert [pieces_on(note) for note in notes_of(order)] == [{"POT-1": 1}, {"TEA-100": 1}]


@pytest.mark.parametrize("collect_at", ["", HERE])
def test_of_an_order_that_was_given_back_nothing_is_packed_or_sent(staff, collect_at):
    order = make_order(status="paid", collect_at=collect_at)
    give_back(order, "TEA-100", 2)

    for action in ("orders_pack", "orders_send"):
        answer = staff.post(reverse(action, args=[order.pk]), follow=True)
        assert "All goods of this order were given back" in answer.content.decode()

    order.refresh_from_db()
    assert order.status == Order.Status.PAID
    assert not notes_of(order)
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"status": "placed"}, "Only a paid order can be packed"),
        ({"status": "fulfilled"}, "Only a paid order can be packed"),
        ({"status": "paid", "hold": "disputed"}, "This order is on hold"),
    ],
)
def test_an_order_that_must_not_leave_is_not_packed(staff, fields, problem):
    order = make_order(**fields)

    answer = staff.post(reverse("orders_pack", args=[order.pk]), follow=True)

    assert problem in answer.content.decode()
    assert not documents_of(order.number)


def test_an_unpaid_order_is_not_packed():
    with pytest.raises(WrongTurn):
        fulfilment.pack(make_order().pk, at=NOON)


# --- Picked up ---------------------------------------------------------------------------------


def test_whoever_picks_it_up_is_told_when_it_is_ready_and_that_they_have_it():
    order = picked_up()

    fulfilment.pack(order.pk, at=NOON)
    fulfilment.pack(order.pk, at=NOON)
    fulfilment.ship(order.pk, tracking="", by=None, at=NOON)

    ready = render(Message.objects.get(kind="order_ready"))
    had = render(Message.objects.get(kind="order_sent"))
    for body in (ready.text, ready.html):
        assert "You can pick it up now" in body
        assert "Lindenweg 8" in body
    for body in (had.text, had.html, had.subject):
        assert "icked up" in body
        assert "parcel" not in body.lower()
        assert "Lindenstraße" not in body


def test_nothing_they_read_on_the_way_speaks_of_a_parcel(client):
    order = picked_up()
    letters.owe(issue_invoice(billing.bill(order, method=""), at=NOON), "it.pdf", at=NOON)
    fulfilment.ship(order.pk, tracking="", by=None, at=NOON)

    paid = render(Message.objects.get(kind="payment_received"))
    for body in (paid.text, paid.html):
        assert "write to you when you can pick it up" in body
        assert "on its way" not in body
    page = client.get(order.get_absolute_url()).content.decode()
    assert ">Handed over</p>" in page
    assert ">Sent</p>" not in page


def test_a_parcel_is_not_announced_as_ready():
    fulfilment.pack(make_order(status="paid").pk, at=NOON)

    assert not Message.objects.filter(kind="order_ready").exists()


def test_the_invoice_says_where_it_is_picked_up_and_not_where_they_live():
    order = picked_up(billing_address=make_address(name="Accounts", city="Lyon", country="FR"))

    invoice = issue_invoice(billing.bill(order, method=""), at=NOON)

    sentences = printed.as_printed(invoice)["notes"]
    assert "To be picked up at: Still Leaf, Lindenweg 8, Berlin, Mon–Fri 10–18" in (sentences)
    assert einvoice.einvoice_of(invoice).delivered_to.country == "DE"


def test_the_slip_of_what_is_picked_up_bears_the_buyers_name():
    order = picked_up()

    note = fulfilment.pack(order.pk, at=NOON)

    assert printed.as_printed(note)["recipient"] == order.billed_to.lines()
