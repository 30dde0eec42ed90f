"""Whatever is sold: the sums of the XML agree, as the standard's first rules ask."""

from decimal import ROUND_HALF_UP, Decimal
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from invoices.completeness import gaps
from invoices.en16931 import cii_of
from invoices.issuing import issue_invoice
from invoices.tests import factories
from invoices.tests.adding_up import Sold, bill_of
from invoices.tests.cases import HAMBURG
from invoices.tests.factories import AT

pytestmark = pytest.mark.django_db

CENT = Decimal("0.01")
RATES = ("19", "7", "20", "25.5", "0")
ORDERS = count(1)


@st.composite
def sold(draw):
    price = draw(st.decimals("0.01", "9999", places=2))
    quantity = draw(st.integers(1, 60))
    discount = draw(st.decimals(0, price * quantity, places=2))
    rate = draw(st.sampled_from(RATES))
    category = "S" if rate != "0" else "Z"
    return Sold("Tea", quantity, str(price), rate, str(discount), category)


@given(
    goods=st.lists(sold(), min_size=1, max_size=6),
    shipping=st.decimals(0, 99, places=2),
    net=st.booleans(),
)
@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_bill_whose_parts_add_up_becomes_xml_whose_sums_agree(goods, shipping, net):
    factories.seller()
    order = f"ORDER-{next(ORDERS)}"
    bill = bill_of(goods, shipping=str(shipping), net=net, order_number=order, billed_to=HAMBURG)
    document = issue_invoice(bill, at=AT)

    assert gaps(document) == []
    xml = XML(cii_of(document))

    lines, charges = xml.all("IncludedSupplyChainTradeLineItem"), xml.charges()
    assert xml.sum("LineTotalAmount") == sum(line.net() for line in lines)  # BR-CO-10
    assert xml.sum("TaxBasisTotalAmount") == xml.sum("LineTotalAmount") + sum(  # BR-CO-13
        charge.amount("ActualAmount") for charge in charges
    )
    assert xml.sum("TaxTotalAmount") == sum(rate.amount("CalculatedAmount") for rate in xml.rates())
    assert xml.sum("GrandTotalAmount") == (  # BR-CO-15
        xml.sum("TaxBasisTotalAmount") + xml.sum("TaxTotalAmount")
    )
    assert xml.sum("DuePayableAmount") == (  # BR-CO-16
        xml.sum("GrandTotalAmount") - xml.sum("TotalPrepaidAmount")
    )
    assert xml.sum("GrandTotalAmount") == document.total
    for rate in xml.rates():
        percent, base = rate.amount("RateApplicablePercent"), rate.amount("BasisAmount")
        exact = (base * percent / 100).quantize(CENT, ROUND_HALF_UP)
        # BR-CO-17 lets a cent pass: VAT contained in a gross sum is rounded from there.
        assert abs(rate.amount("CalculatedAmount") - exact) <= (0 if net else CENT)
        sold_at_rate = [part for part in (*lines, *charges) if part.rate() == percent]
        assert base == sum(part.net() for part in sold_at_rate)  # BR-S-08
    for line in lines:
        assert line.quantity_times_price() == line.net() + line.discount()


class XML:
    """A part of the XML and the amounts in it."""

    def __init__(self, source):
        self.node = etree.fromstring(source) if isinstance(source, bytes) else source

    def all(self, name):
        return [XML(node) for node in self.node.xpath(f".//*[local-name()='{name}']")]

    def charges(self):
        part = "SpecifiedTradeAllowanceCharge"
        return [XML(node) for node in self._header().xpath(f"./*[local-name()='{part}']")]

    def rates(self):
        return [
            XML(node) for node in self._header().xpath("./*[local-name()='ApplicableTradeTax']")
        ]

    def sum(self, name):
        [summation] = self.all("SpecifiedTradeSettlementHeaderMonetarySummation")
        return summation.amount(name)

    def amount(self, name):
        [amount] = self.all(name)
        return Decimal(amount.node.text)

    def rate(self):
        return self.amount("RateApplicablePercent")

    def net(self):
        """Of a line what remains of it, of a charge its amount."""
        is_line = self.all("LineTotalAmount")
        return self.amount("LineTotalAmount" if is_line else "ActualAmount")

    def discount(self):
        return sum((Decimal(found.node.text) for found in self.all("ActualAmount")), Decimal(0))

    def quantity_times_price(self):
        per = self.amount("BasisQuantity") if self.all("BasisQuantity") else 1
        return self.amount("BilledQuantity") * self.amount("ChargeAmount") / per

    def _header(self):
        [header] = self.node.xpath(".//*[local-name()='ApplicableHeaderTradeSettlement']")
        return header
