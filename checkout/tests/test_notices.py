import pytest
from django.utils import timezone
from django.utils.translation import override

from checkout.orders import notices
from checkout.tests.factories import make_attempt, make_order
from invoices.issuing import issue_invoice
from invoices.models import Seller
from invoices.tests.factories import AT, bill
from mailing import outbox
from mailing.models import Message
from mailing.rendering import render
from mailing.tests.factories import MessageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def seller():
    return Seller.objects.create(name="Still Leaf", city="Hamburg", country="DE")


def received(order):
    notices.order_received(order, list(order.lines.all()), at=timezone.now())
    return Message.objects.get(kind="order_received")


def test_a_mail_speaks_the_buyers_language_whoever_causes_it():
    order = make_order(language="de")
    with override("fr"):  # staff's language
        message = received(order)
    assert message.language == "de"
    assert message.context["shop"]["lines"][-1] == "Deutschland"
    assert message.context["total"] == "29,90\xa0€"


def test_a_language_with_a_region_fails_no_order():
    order = make_order(language="pt-br")
    assert received(order).context["total"] == "€\xa029,90"
    notices.payment_failed(make_attempt(order), at=timezone.now())
    assert " de " in Message.objects.get(kind="payment_failed").context["pay_until"]


def test_a_discount_is_told():
    words = render(received(make_order(discount="5.00")))
    assert "Discount: -€5.00" in words.text
    assert "-€5.00" in words.html


def test_without_a_discount_none_is_told():
    assert "Discount" not in render(received(make_order())).text


def test_an_order_that_costs_nothing_is_not_asked_to_be_paid():
    # Made-up numbers and links spell "pay" once in a thousand times.
    order = make_order(number="7K3Q-9XMF", token="x" * 32, skus=[("TEA-100", 1, "0")], shipping="0")
    words = render(received(order))
    for body in (words.text, words.html):
        assert "pay" not in body.lower().replace("payment", "")
        assert "keep your goods" not in body
        assert order.get_absolute_url() in body


def test_a_document_sent_again_is_a_mail_of_its_own_and_no_other_orders():
    order, others = make_order(), make_order()
    invoice, its = (issue_invoice(bill(order_number=one.number), at=AT) for one in (order, others))
    for key in (f"invoice:{invoice.pk}", f"invoice:{invoice.pk}:2", f"invoice:{its.pk}:2"):
        MessageFactory(key=key)

    keys = [message.key for message in notices.about(order, [invoice])]

    assert keys == [f"invoice:{invoice.pk}", f"invoice:{invoice.pk}:2"]
    assert not notices.about(order, [])


def test_a_mail_that_was_sent_again_is_among_the_orders_mails():
    order = make_order()
    received(order)
    Message.objects.update(state="failed")
    first = Message.objects.get()

    again = outbox.send_again(first, at=timezone.now())

    assert again in notices.about(order, [])
