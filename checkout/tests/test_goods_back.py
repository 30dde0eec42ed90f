"""Goods that came back and no money with them: noted by staff, shelved, the order follows."""

import re
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from checkout.auditing import returned_goods
from checkout.models import GoodsBack, Order, Refund, RefundLine
from checkout.money_back import goods_back, refunding, returns
from checkout.money_back.goods_back import NothingCameBack
from checkout.money_back.returns import Back, TooMuch
from checkout.orders import fulfilment
from checkout.tests.desks import at_two_desks
from checkout.tests.factories import make_order
from products.models import StockItem, StockMovement
from tests.fixtures.plans import plan_of

pytestmark = pytest.mark.django_db
Status = Order.Status
GOODS = (("TEA-100", 2, "12.50"), ("POT-1", 1, "9.99"))
FREE = (("TEA-100", 2, "0.00"), ("POT-1", 1, "0.00"))


@pytest.fixture
def refunded() -> Order:
    """A sent order whose money somebody gave back at the provider's own desk."""
    order = make_order(status="fulfilled", skus=GOODS)
    given_back(order)
    return order


def given_back(order: Order, state: Refund.State = Refund.State.SUCCEEDED) -> Refund:
    payment = order.attempts.get()
    return Refund.objects.create(
        order=order, attempt=payment, origin=Refund.Origin.PROVIDER, state=state,
        amount=order.total, amount_minor=payment.captured_minor, currency=order.currency,
        created_at=timezone.now(),
    )  # fmt: skip


def note(order: Order, key: str = "", **pieces: Back) -> GoodsBack:
    """`TEA=Back(2)`: pieces of the line whose SKU begins so."""
    lines = {order.lines.get(sku__startswith=sku).pk: back for sku, back in pieces.items()}
    return goods_back.note(
        order, lines=lines, reason="Came back", by=None, at=timezone.now(), key=key
    )


def stock(sku: str) -> int:
    return StockItem.objects.get(variant__sku=sku).on_hand


def desk(staff, order: Order, query: str = "") -> str:
    return staff.get(reverse("orders_goods_back", args=[order.pk]) + query).content.decode()


def send(staff, order: Order, page: str, **entries: str):
    """The form with `quantity_TEA="1"` and so on; the beginnings of SKUs become lines."""
    lines = {line.sku.partition("-")[0]: line.pk for line in order.lines.all()}
    data = {
        re.sub(r"_(TEA|POT)$", lambda its: f"_{lines[its[1]]}", name): value
        for name, value in {"reason": "The parcel was refused", **entries}.items()
    }
    data["key"] = re.search(r'name="key" value="([^"]*)"', page)[1]
    return staff.post(reverse("orders_goods_back", args=[order.pk]), data, follow=True)


def test_staff_say_what_came_back_after_the_money_was_given_back_elsewhere(refunded, staff):
    assert (
        "No money of this order is left"
        in staff.get(reverse("orders_refund", args=[refunded.pk]), follow=True).content.decode()
    )
    page = desk(staff, refunded)
    entries = {"quantity_TEA": "2", "restock_TEA": "on", "quantity_POT": "1"}

    for _ in range(2):  # a double click
        answer = send(staff, refunded, page, **entries).content.decode()

    refunded.refresh_from_db()
    assert (refunded.status, refunded.hold) == (Status.RETURNED, "")
    assert (stock("TEA-100"), stock("POT-1")) == (2, 0)
    event = refunded.events.get(kind="goods_back")
    assert (event.by.username, event.data["why"]) == ("mia", "The parcel was refused")
    assert event.data["goods"] == "2 × Tea-100\n1 × Pot-1"
    assert "The parcel was refused" in answer
    assert refunded.events.filter(kind="returned").count() == 1
    assert Refund.objects.count() == 1


def test_of_a_free_order_that_was_not_sent_everything_stays_in_the_house(staff):
    order = make_order(status="paid", skus=FREE, shipping="0")
    page = desk(staff, order, "?all")
    assert re.findall(r'type="number" name="quantity_\d+" value="(\d)"', page) == ["2", "1"]
    assert page.count(" checked") == 2  # it never left the shelf's side

    send(
        staff, order, page,
        quantity_TEA="2", restock_TEA="on", quantity_POT="1", restock_POT="on",
    )  # fmt: skip

    order.refresh_from_db()
    assert (order.status, order.hold) == (Status.PAID, Order.Hold.GOODS_BACK)
    assert (stock("TEA-100"), stock("POT-1")) == (2, 1)
    with pytest.raises(fulfilment.OnHold):  # it is for sale again
        fulfilment.ship(order.pk, tracking="", by=None, at=timezone.now())
    assert list(returned_goods.no_more_is_shelved_than_was_sold()) == []


def test_an_order_of_which_a_part_came_back_goes_on():
    order = make_order(status="paid", skus=FREE, shipping="0")

    note(order, TEA=Back(2, restock=True))

    order.refresh_from_db()
    assert (order.status, order.hold) == (Status.PAID, "")


@pytest.mark.parametrize(
    ("entries", "complaint"),
    [
        ({}, "Nothing is chosen yet"),
        ({"quantity_TEA": "3"}, "less than or equal to 2"),
        ({"quantity_TEA": "-1"}, "greater than or equal to 0"),
        ({"quantity_TEA": "1", "reason": ""}, "This field is required"),
    ],
)
def test_a_note_that_makes_no_sense_is_explained(refunded, staff, entries, complaint):
    answer = send(staff, refunded, desk(staff, refunded), **entries)

    assert complaint in answer.content.decode()
    assert not GoodsBack.objects.exists()


def test_what_came_back_with_a_refund_or_an_earlier_note_does_not_come_back_again(staff):
    order = make_order(status="fulfilled", skus=GOODS)
    line = order.lines.get(sku="TEA-100").pk
    refunding.order_refund(order, lines={line: Back(1)}, reason="", by=None, at=timezone.now())
    note(order, POT=Back(1))

    for pieces in ({"TEA": Back(2)}, {"POT": Back(1)}):
        with pytest.raises(TooMuch):
            note(order, **pieces)
    assert (
        "less than or equal to 1"
        in send(staff, order, desk(staff, order), quantity_TEA="2").content.decode()
    )
    note(order, TEA=Back(1))

    order.refresh_from_db()
    assert order.status == Status.RETURNED
    answer = staff.get(reverse("orders_goods_back", args=[order.pk]), follow=True)
    assert "No goods of this order can come back" in answer.content.decode()


def test_a_form_sent_twice_is_one_note(refunded):
    first = note(refunded, key="form", TEA=Back(1, restock=True))
    second = note(refunded, key="form", TEA=Back(1, restock=True))

    assert first == second
    assert stock("TEA-100") == 1
    assert refunded.events.filter(kind="goods_back").count() == 1


@pytest.mark.parametrize("status", ["placed", "cancelled", "expired"])
def test_what_was_not_sold_does_not_come_back(staff, status):
    order = make_order(status=status)
    before = stock("TEA-100")

    with pytest.raises(NothingCameBack):
        note(order, TEA=Back(1, restock=True))

    assert stock("TEA-100") == before
    answer = staff.get(reverse("orders_goods_back", args=[order.pk]), follow=True)
    assert "No goods of this order can come back" in answer.content.decode()


def test_goods_of_a_refund_that_failed_lie_on_the_shelf_already(refunded):
    Refund.objects.all().delete()
    line = refunded.lines.get(sku="TEA-100").pk
    refunding.order_refund(
        refunded, lines={line: Back(1, restock=True)}, reason="", by=None, at=timezone.now()
    )
    Refund.objects.update(state=Refund.State.FAILED)

    note(refunded, TEA=Back(1, restock=True))
    assert stock("TEA-100") == 1
    note(refunded, TEA=Back(1, restock=True))

    assert stock("TEA-100") == 2


def test_a_later_refund_gives_for_the_other_pieces_what_they_cost():
    order = make_order(status="fulfilled", skus=[("TEA-100", 3, "10.00")], discount="3.00")
    note(order, TEA=Back(1))

    left = returns.lines_left(order)[0]

    assert (left.quantity, left.discount, left.amount) == (2, Decimal("2.00"), Decimal("18.00"))
    assert RefundLine.objects.get().amount == 0


def test_the_buyer_reads_where_the_goods_are_and_nothing_meant_for_staff(client):
    order = make_order(status="paid", skus=FREE, shipping="0")
    note(order, TEA=Back(2), POT=Back(1))

    text = client.get(order.get_absolute_url()).content.decode()

    assert "The goods have stayed with us" in text
    assert "Came back" not in text
    assert "We pack your order" not in text


def test_only_who_gives_money_back_is_led_to_the_note(refunded, staff):
    page = reverse("orders_modeladmin_inspect", args=[refunded.pk])
    assert "Note goods that came back" in staff.get(page).content.decode()
    group = Group.objects.get(name="Shop staff")
    group.permissions.remove(group.permissions.get(codename="make_refund"))

    assert "Note goods that came back" not in staff.get(page).content.decode()


def test_the_database_itself_wants_a_refund_or_a_note_without_money(refunded):
    noted = note(refunded, TEA=Back(1))
    row = noted.lines.get()
    for wrong in ({"goods_back": None}, {"refund": Refund.objects.get()}, {"amount": 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            RefundLine.objects.filter(pk=row.pk).update(**wrong)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("keys", [("one", "other"), ("form", "form")], ids=["two forms", "one"])
def test_two_colleagues_at_once_note_a_piece_once(monkeypatch, keys):
    order = make_order(status="fulfilled", skus=GOODS)

    def work(desk: int) -> str:
        try:
            note(order, key=keys[desk], POT=Back(1, restock=True))
        except TooMuch:
            return "too late"
        return "noted"

    outcomes = at_two_desks(monkeypatch, returns, "parts", work)

    assert outcomes == (["noted"] * 2 if keys[0] == keys[1] else ["noted", "too late"])
    assert GoodsBack.objects.count() == 1
    assert stock("POT-1") == 1


def test_what_came_back_of_an_order_is_found_without_reading_the_ledger():
    returned = StockMovement.objects.filter(reference="A-1", reason="returned")

    assert "what_came_back" in plan_of(returned)
