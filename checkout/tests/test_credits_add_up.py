"""Whatever parts an order is given back in, its credit notes come to its invoice."""

from decimal import Decimal
from random import Random

import pytest
from django.utils import timezone

from checkout.gateways.protocol import RefundStatus, Repayment
from checkout.models import Order, PaymentAttempt
from checkout.money_back import refunding, refunds, returns
from checkout.money_back.refunding import order_refund
from checkout.money_back.returns import Back
from checkout.tests.factories import make_attempt, make_order
from invoices import issuing
from invoices.issuing import Bill, BilledLine, TaxShare
from invoices.models import Invoice, Seller
from products.money import rounded, share_out

pytestmark = pytest.mark.django_db
CENT = Decimal("0.01")


def sell(chance: Random, *, gross: bool) -> Order:
    """A paid and billed order of one to four lines at two rates, most of them discounted."""
    skus = [
        (f"SKU-{number}", chance.randint(1, 7), str(Decimal(chance.randint(1, 5000)) / 100))
        for number in range(chance.randint(1, 4))
    ]
    order = make_order(skus=skus, shipping="0")
    lines = list(order.lines.all())
    for line in lines:
        line.tax_rate = chance.choice([Decimal("19.00"), Decimal("7.00")])
        line.discount = rounded(line.total * chance.choice([0, 0, 13, 50, 99]) / 100, "EUR")
    shipping = Decimal(chance.randint(0, 900)) / 100
    rates = sorted({line.tax_rate for line in lines})
    values = [
        sum((one.total - one.discount for one in lines if one.tax_rate == rate), CENT)
        for rate in rates
    ]
    sent = dict(zip(rates, share_out(shipping, values, CENT), strict=True))
    taxes, shipping_taxes = [], []
    for rate in rates:
        mine = [line for line in lines if line.tax_rate == rate]
        charged = [line.total - line.discount for line in mine] + [sent[rate]]
        base = sum(charged, Decimal(0))
        tax = rounded(base * rate / (100 + rate if gross else 100), "EUR")
        *shares, of_shipping = share_out(tax, charged, CENT)
        for line, share in zip(mine, shares, strict=True):
            line.tax = share
        taxes.append(share_of(rate, base, tax, gross=gross))
        if sent[rate]:
            shipping_taxes.append(share_of(rate, sent[rate], of_shipping, gross=gross))
    for line in lines:
        line.save()
    order.prices_include_tax, order.shipping = gross, shipping
    order.discount = sum(line.discount for line in lines)
    order.taxes = [share.as_json() for share in taxes if share.gross]
    order.shipping_taxes = [share.as_json() for share in shipping_taxes]
    order.tax = sum((share.tax for share in taxes), Decimal(0))
    order.total = sum((share.gross for share in taxes), Decimal(0))
    order.status, order.paid_at = Order.Status.PAID, timezone.now()
    order.save()
    make_attempt(
        order, state=PaymentAttempt.State.PAID, captured_minor=int(order.total * 100),
        captured_currency="EUR", pays_order=True, payment_reference="pi_1",
    )  # fmt: skip
    bill(order, taxes, shipping_taxes)
    return order


def share_of(rate: Decimal, base: Decimal, tax: Decimal, *, gross: bool) -> TaxShare:
    if gross:
        return TaxShare(rate, base - tax, tax, base)
    return TaxShare(rate, base, tax, base + tax)


def bill(order: Order, taxes: list[TaxShare], shipping_taxes: list[TaxShare]) -> None:
    Seller.load()
    lines = [
        BilledLine(
            sku=line.sku, name=line.name, quantity=line.quantity, unit_price=line.unit_price,
            tax_rate=line.tax_rate, total=line.total, discount=line.discount, tax=line.tax,
        )
        for line in order.lines.all()
    ]  # fmt: skip
    issuing.issue_invoice(
        Bill(
            order_number=order.number, currency="EUR", billed_to={}, delivered_to={}, lines=lines,
            taxes=[share for share in taxes if share.gross], shipping_taxes=shipping_taxes,
            subtotal=order.subtotal, discount=order.discount, shipping=order.shipping,
            shipping_method="Parcel", total=order.total, payment="", recipient=order.email,
            order_url="https://shop.example/", prices_include_tax=order.prices_include_tax,
        ),
        at=timezone.now(),
    )  # fmt: skip


def give_back(chance: Random, order: Order, payment: PaymentAttempt) -> None:
    """Some pieces, some shipping, or just an amount; now and then all that is left."""
    left = refunding.money_left(payment)
    lines = {
        one.line.pk: Back(chance.randint(0, one.quantity)) for one in returns.lines_left(order)
    }
    shipping = rounded(returns.shipping_left(order) * chance.choice([0, 0, 50, 100]) / 100, "EUR")
    worth = returns.worth(returns.parts(order, lines), shipping)
    amount = chance.choice([None, None, None, rounded(left / 3, "EUR"), left])
    if not 0 < (worth if amount is None else amount) <= left:
        lines, shipping, amount = {}, Decimal(0), min(left, max(CENT, rounded(left / 2, "EUR")))
    refund = order_refund(
        order, lines=lines, shipping=shipping, amount=amount, reason="", by=None, at=timezone.now()
    )
    succeeded = RefundStatus(
        reference=f"re_{refund.pk}", payment_reference="pi_1", repayment=Repayment.SUCCEEDED,
        amount_minor=refund.amount_minor, currency="EUR", created_at=timezone.now(),
        refund_id=str(refund.pk),
    )  # fmt: skip
    refunds.record(payment, succeeded, at=timezone.now())


def by_rate(documents, field: str) -> dict[Decimal, tuple[Decimal, Decimal]]:
    sums: dict[Decimal, tuple[Decimal, Decimal]] = {}
    for document in documents:
        for stored in getattr(document, field):
            share = TaxShare.from_json(stored)
            gross, tax = sums.get(share.rate, (Decimal(0), Decimal(0)))
            sums[share.rate] = gross + share.gross, tax + share.tax
    return sums


def check(note: Invoice) -> None:
    """What every document promises: its parts come to its total, its lines to its rates."""
    lines = list(note.lines.all())
    taxes = [TaxShare.from_json(share) for share in note.taxes]
    goods = sum((line.total - line.discount for line in lines), Decimal(0))
    on_top = Decimal(0) if note.prices_include_tax else sum(share.tax for share in taxes)
    assert goods + note.shipping + on_top == note.total == sum(share.gross for share in taxes)
    assert all(share.net + share.tax == share.gross and share.tax >= 0 for share in taxes)
    assert sum(line.tax for line in lines) + sum(
        TaxShare.from_json(share).tax for share in note.shipping_taxes
    ) == sum(share.tax for share in taxes)


@pytest.mark.parametrize("gross", [True, False], ids=["gross prices", "net prices"])
@pytest.mark.parametrize("seed", [*range(25), 1066])  # there a cent is given back, all of it tax
def test_all_that_is_given_back_is_credited_at_its_rates(seed, gross):
    chance = Random(seed)
    order = sell(chance, gross=gross)
    payment = order.attempts.get()

    for _ in range(60):
        if not refunding.money_left(payment):
            break
        give_back(chance, order, payment)

    assert refunding.money_left(payment) == 0
    assert not order.events.filter(kind="needs_review").exists()
    notes = list(Invoice.objects.filter(kind=Invoice.Kind.CREDIT_NOTE))
    for note in notes:
        check(note)
    assert by_rate(notes, "taxes") == by_rate([issuing.invoice_of(order.number)], "taxes")
