"""What staff do about an order's money, on the order's own pages."""

import html
import io
import re
import zipfile
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from checkout import gateways
from checkout.models import Order, PaymentAttempt, Refund
from checkout.orders import fulfilment
from checkout.payments import booking
from checkout.tests.buying import WORKS, Shopper, open_shop
from checkout.tests.factories import make_order
from invoices.models import Invoice
from products.models import StockItem, Variant
from products.tests.factories import make_variant

pytestmark = pytest.mark.django_db
State = PaymentAttempt.State


@pytest.fixture
def shopper(sandbox):
    open_shop()
    make_variant("TEA-100", price="12.50", stock=10, title="Sencha", tax_class="reduced")
    make_variant("POT-1", price="9.99", stock=3, title="Kyusu", tax_class="standard")
    return Shopper()


def place(shopper) -> Order:
    shopper.add("TEA-100", 2)
    shopper.add("POT-1")
    return shopper.place()


def buy(sandbox, shopper, card: str = WORKS) -> Order:
    """A paid order of 39.89: 2 × 12.50, 9.99 and 4.90 shipping."""
    return shopper.pay(place(shopper), sandbox, card)


def pay_after_closing(sandbox, shopper) -> Order:
    """Money that comes for an order which was closed while it was on its way."""
    order = place(shopper)
    sandbox.pay(order.attempts.get().reference)
    order.attempts.update(state=State.EXPIRED)
    booking.close(order, Order.Status.CANCELLED, at=timezone.now())
    shopper.come_back(order)
    order.refresh_from_db()
    assert (order.status, order.hold) == (Order.Status.CANCELLED, Order.Hold.NEEDS_REVIEW)
    return order


def url(name: str, order: Order) -> str:
    return reverse(f"orders_{name}", args=[order.pk])


def inspect(staff, order: Order) -> str:
    return staff.get(reverse("orders_modeladmin_inspect", args=[order.pk])).content.decode()


def hidden(page: str) -> dict[str, str]:
    """What the refund form carries along."""
    return {
        name: found[1]
        for name in ("key", "seen")
        if (found := re.search(rf'name="{name}" value="([^"]*)"', page))
    }


def fill(order: Order, **entries: str) -> dict[str, str]:
    """The refund form with `TEA-100` pieces and so on; names of lines become their fields."""
    lines = {line.sku: line.pk for line in order.lines.all()}
    return {
        re.sub(r"__(.+)", lambda sku: f"_{lines[sku[1]]}", name): value
        for name, value in {"reason": "Came back", **entries}.items()
    }


def test_staff_see_what_it_comes_to_before_they_give_it_back(sandbox, shopper, staff, run_tasks):
    order = buy(sandbox, shopper)
    entries = fill(order, **{"quantity__TEA-100": "1", "restock__TEA-100": "on"}, shipping="4.90")
    first = staff.get(url("refund", order)).content.decode()
    entries |= hidden(first)

    preview = staff.post(url("refund", order), entries).content.decode()
    assert "€17.40" in preview
    assert not Refund.objects.exists()
    entries |= hidden(preview) | {"confirm": "1"}
    for _ in range(2):  # a double click
        assert staff.post(url("refund", order), entries).status_code == 302
    run_tasks()

    refund = Refund.objects.get()
    assert (refund.amount, refund.state, refund.by.username) == (
        Decimal("17.40"),
        "succeeded",
        "mia",
    )
    assert Invoice.objects.get(kind="credit_note").total == Decimal("17.40")
    assert StockItem.objects.get(variant__sku="TEA-100").on_hand == 9
    assert "€22.49 are left" in inspect(staff, order)


def test_all_that_is_left_can_be_filled_in(sandbox, shopper, staff):
    order = buy(sandbox, shopper)

    page = staff.get(f"{url('refund', order)}?all").content.decode()

    assert re.findall(r'type="number" name="quantity_\d+" value="(\d)"', page) == ["2", "1"]
    assert 'name="shipping" value="4.90"' in page


@pytest.mark.parametrize(
    ("entries", "complaint"),
    [
        ({}, "Nothing is chosen yet"),
        ({"quantity__TEA-100": "3"}, "less than or equal to 2"),
        ({"quantity__TEA-100": "-1"}, "greater than or equal to 0"),
        ({"quantity__TEA-100": "1.5"}, "whole number"),
        ({"quantity__TEA-100": "9" * 5000}, "error"),
        ({"shipping": "4.91"}, "less than or equal to 4.90"),
        ({"shipping": "NaN"}, "Enter a number"),
        ({"other": "40"}, "less than or equal to 39.89"),
        ({"other": "1.005"}, "no more than 2 decimal places"),
        ({"other": "0"}, "Nothing is chosen yet"),
        ({"other": "5", "reason": ""}, "This field is required"),
        ({"other": "5", "reason": "a\0b"}, "Null characters are not allowed"),
    ],
)  # fmt: skip
def test_a_refund_that_makes_no_sense_is_explained(sandbox, shopper, staff, entries, complaint):
    order = buy(sandbox, shopper)
    first = staff.get(url("refund", order)).content.decode()

    data = fill(order, **entries) | hidden(first) | {"confirm": "1", "seen": "5.00"}
    response = staff.post(url("refund", order), data)

    assert response.status_code == 200
    assert complaint in response.content.decode()
    assert not Refund.objects.exists()


def test_an_amount_the_provider_cannot_pay_is_said_to_be_one(staff):
    order = make_order(status="paid", currency="KWD", skus=[("TEA-100", 1, "12.500")])
    fils = int(order.total.scaleb(3))
    order.attempts.update(amount_minor=fils, captured_minor=fils)
    first = staff.get(url("refund", order)).content.decode()
    data = fill(order, other="1.234") | hidden(first) | {"confirm": "1", "seen": "1.234"}

    said = html.unescape(staff.post(url("refund", order), data).content.decode())

    assert "The payment provider cannot pay exactly" in said
    assert "left by now" not in said
    assert not Refund.objects.exists()


def test_an_amount_other_than_the_one_on_the_button_is_shown_first(sandbox, shopper, staff):
    order = buy(sandbox, shopper)
    first = staff.get(url("refund", order)).content.decode()
    data = fill(order, other="30.00") | hidden(first) | {"confirm": "1", "seen": "3.00"}

    page = staff.post(url("refund", order), data).content.decode()

    assert "€30.00" in page
    assert not Refund.objects.exists()


def test_without_money_there_is_nothing_to_give_back(shopper, staff):
    order = place(shopper)

    response = staff.get(url("refund", order), follow=True)

    assert "No money of this order is left" in response.content.decode()
    assert "Give money back" not in inspect(staff, order)


def test_a_late_payment_takes_the_order_up_again(sandbox, shopper, staff, run_tasks):
    order = pay_after_closing(sandbox, shopper)
    assert "Take the order up again" in inspect(staff, order)

    staff.post(url("reinstate", order))
    run_tasks()

    order.refresh_from_db()
    assert (order.status, order.hold) == (Order.Status.PAID, "")
    assert Invoice.objects.get().total == Decimal("39.89")
    assert StockItem.objects.values_list("on_hand", "reserved").get(variant__sku="TEA-100") == (
        8,
        0,
    )
    payment = order.attempts.get()
    assert payment.pays_order
    assert order.paid_at == Invoice.objects.get().paid_at == payment.settled_at  # not today
    kinds = list(order.events.values_list("kind", flat=True))
    assert kinds[-3:] == ["reinstated", "paid", "invoiced"]


def test_reinstating_twice_sells_once(sandbox, shopper, staff):
    order = pay_after_closing(sandbox, shopper)

    for _ in range(2):
        staff.post(url("reinstate", order))

    assert Invoice.objects.count() == 1
    assert StockItem.objects.get(variant__sku="TEA-100").on_hand == 8


def test_what_is_sold_out_meanwhile_is_said_and_nothing_changes(sandbox, shopper, staff):
    order = pay_after_closing(sandbox, shopper)
    StockItem.objects.filter(variant__sku="POT-1").update(on_hand=0)

    page = staff.post(url("reinstate", order), follow=True).content.decode()

    order.refresh_from_db()
    assert "Not enough left of: Kyusu" in page
    assert (order.status, order.hold) == (Order.Status.CANCELLED, Order.Hold.NEEDS_REVIEW)
    assert StockItem.objects.get(variant__sku="TEA-100").reserved == 0
    assert not Invoice.objects.exists()


def test_a_late_payment_can_go_back_instead(sandbox, shopper, staff, run_tasks):
    order = pay_after_closing(sandbox, shopper)
    payment = order.attempts.get().pk

    for _ in range(2):
        staff.post(url("return_payment", order), {"payment": payment, "reason": "Too late"})
    run_tasks()

    order.refresh_from_db()
    assert (Refund.objects.get().state, Refund.objects.get().amount) == (
        "succeeded",
        Decimal("39.89"),
    )
    assert order.hold == ""
    assert not Invoice.objects.exists()  # nothing was ever billed
    staff.post(url("reinstate", order))
    order.refresh_from_db()
    assert order.status == Order.Status.CANCELLED


def test_a_wrong_amount_never_becomes_paid_by_a_click_and_can_go_back(
    sandbox, shopper, staff, run_tasks, time_machine_at
):
    order = place(shopper)
    reference = order.attempts.get().reference
    sandbox.pay(reference)
    sandbox.control(f"amount/{reference}", amount_total=3988)
    shopper.come_back(order)

    staff.post(url("reinstate", order))
    staff.post(url("review", order), {"reason": "It is only a cent"})
    with time_machine_at(seconds=4):
        shopper.come_back(order)
    order.refresh_from_db()
    assert (order.status, order.hold) == (Order.Status.PLACED, Order.Hold.NEEDS_REVIEW)

    payment = order.attempts.get().pk
    staff.post(url("return_payment", order), {"payment": payment, "reason": "A cent short"})
    run_tasks()
    with time_machine_at(seconds=8):
        shopper.come_back(order)

    order.refresh_from_db()
    assert Refund.objects.get().amount == Decimal("39.88")
    assert (order.status, order.hold) == (Order.Status.PLACED, "")
    assert order.attempts.get().state == State.FAILED


def test_an_order_that_cost_nothing_and_was_closed_has_no_payment_to_give_back(shopper, staff):
    order = place(shopper)
    order.attempts.update(gateway=gateways.FREE, state=State.PAID, captured_minor=0)
    booking.close(order, Order.Status.CANCELLED, at=timezone.now())

    data = {"payment": order.attempts.get().pk, "reason": "x"}
    page = staff.post(url("return_payment", order), data, follow=True).content.decode()

    assert "Nothing of this payment is left" in page


def test_the_payment_an_order_was_sold_for_does_not_go_back_by_the_side_door(
    sandbox, shopper, staff
):
    order = buy(sandbox, shopper)

    data = {"payment": order.attempts.get().pk, "reason": "x"}
    page = staff.post(url("return_payment", order), data, follow=True).content.decode()

    assert "Nothing of this payment is left" in page
    assert not Refund.objects.exists()


@pytest.mark.parametrize("screen", ["refund", "goods_back"])
def test_a_form_key_that_no_database_can_hold_breaks_nothing(screen, staff):
    order = make_order(status="paid")

    answer = staff.post(url(screen, order), {"key": "a\0b", "reason": "x"})

    assert answer.status_code == 200  # the form once more


@pytest.mark.parametrize("number", ["", "0", "abc", "9" * 30, "9" * 5000, "-1", "٣"])
def test_another_orders_payment_or_refund_is_not_there(sandbox, shopper, staff, number):
    order = buy(sandbox, shopper)

    answers = [
        staff.post(url("return_payment", order), {"payment": number, "reason": "x"}),
        staff.post(url("refund_again", order), {"refund": number}),
    ]

    assert {response.status_code for response in answers} <= {302, 404}
    assert not Refund.objects.exists()


def test_a_hold_is_released_with_a_reason_and_a_name(sandbox, shopper, staff):
    order = pay_after_closing(sandbox, shopper)
    assert staff.post(url("review", order), {"reason": " "}).status_code == 302
    order.refresh_from_db()
    assert order.hold == Order.Hold.NEEDS_REVIEW

    staff.post(url("review", order), {"reason": "The customer wants it kept"})

    order.refresh_from_db()
    event = order.events.get(kind="reviewed")
    assert (order.hold, event.by.username) == ("", "mia")
    assert event.data == {"why": "The customer wants it kept"}


def test_a_hold_that_nobody_asked_about_stays(sandbox, shopper, staff, run_tasks):
    order = buy(sandbox, shopper, card="4000000000000259")
    sandbox.deliver("charge.dispute.created")
    run_tasks()

    page = staff.post(url("review", order), {"reason": "I believe them"}, follow=True)

    order.refresh_from_db()
    assert "nothing to look into" in page.content.decode()
    assert order.hold == Order.Hold.DISPUTED


def test_a_dispute_stands_first_with_its_day(sandbox, shopper, staff, run_tasks):
    order = buy(sandbox, shopper, card="4000000000000259")
    sandbox.deliver("charge.dispute.created")
    run_tasks()

    page = inspect(staff, order)

    assert page.index("Answer until") < page.index('id="goods"')
    assert "Download the evidence" in page


def test_the_evidence_is_one_zip_that_is_the_same_twice(sandbox, shopper, staff, run_tasks):
    Variant.objects.filter(sku="TEA-100").update(first_value="../../etc/passwd")
    order = buy(sandbox, shopper)
    run_tasks()
    fulfilment.ship(order.pk, tracking="00340434161094042557", by=None, at=timezone.now())
    run_tasks()

    packs = []
    for _ in range(2):
        response = staff.get(url("evidence", order))
        assert response["Content-Disposition"] == f'attachment; filename="order-{order.number}.zip"'
        packs.append(b"".join(response.streaming_content))

    assert packs[0] == packs[1]
    with zipfile.ZipFile(io.BytesIO(packs[0])) as archive:
        names = archive.namelist()
        texts = {name: archive.read(name).decode("utf-8", "replace") for name in names}
    invoice, note = Invoice.objects.order_by("pk")
    assert names == [
        "order.json", "order.txt", "timeline.txt",
        "mails/01-order_received.eml", "mails/02-payment_received.eml", "mails/03-order_sent.eml",
        f"documents/{invoice.number}.pdf", f"documents/{note.number}.pdf",
    ]  # fmt: skip
    assert "00340434161094042557" in texts["order.json"]
    assert "00340434161094042557" in texts["timeline.txt"]
    assert texts[f"documents/{invoice.number}.pdf"].startswith("%PDF")
    assert order.token not in "".join(texts.values())


def test_a_document_that_is_not_printed_yet_is_named(sandbox, shopper, staff):
    order = buy(sandbox, shopper)

    pack = b"".join(staff.get(url("evidence", order)).streaming_content)

    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        assert archive.read("missing.txt").decode() == f"{Invoice.objects.get().number}\n"


def test_the_buyer_is_told_that_the_parcel_left(sandbox, shopper, run_tasks, mailoutbox):
    order = buy(sandbox, shopper)
    run_tasks()

    fulfilment.ship(order.pk, tracking="00340434161094042557", by=None, at=timezone.now())
    run_tasks()

    assert mailoutbox[-1].subject == f"On its way: your order {order.number}"
    assert "00340434161094042557" in mailoutbox[-1].body


def test_the_buyer_reads_that_the_money_comes_back_and_nothing_meant_for_staff(
    sandbox, shopper, staff, run_tasks
):
    order = buy(sandbox, shopper)
    staff.post(reverse("orders_note", args=[order.pk]), {"text": "A difficult one"})
    page = staff.get(f"{url('refund', order)}?all").content.decode()
    data = fill(order, other="39.89") | hidden(page) | {"confirm": "1", "seen": "39.89"}
    staff.post(url("refund", order), data)
    run_tasks()

    text = shopper.client.get(order.get_absolute_url()).content.decode()

    assert "You get your money back" in text
    assert "39.89 EUR" in text
    assert "A difficult one" not in text
