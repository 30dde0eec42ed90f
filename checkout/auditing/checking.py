"""What must always hold between orders, payments, refunds, documents, mails and stock.

One query a promise, read in chunks: the whole of a large shop can be checked while it sells.
"""

from collections.abc import Iterator

from mailing.breaches import Breach

from . import billed_orders, mailed_orders, paid_orders, placed_orders, returned_goods


def breaches() -> Iterator[Breach]:
    """Everything of the checkout's that must not be so."""
    for check in (
        paid_orders.sold_orders_have_their_payment,
        paid_orders.sold_orders_charge_their_total,
        paid_orders.other_money_is_shown_to_staff,
        paid_orders.no_more_goes_back_than_came,
        placed_orders.totals_add_up,
        billed_orders.sold_orders_are_billed_their_total,
        billed_orders.only_sold_orders_are_billed,
        placed_orders.timelines_replay,
        billed_orders.credit_notes_are_refunds,
        placed_orders.promises_are_unpaid_orders,
        paid_orders.money_that_went_twice_is_shown_to_staff,
        paid_orders.open_disputes_hold_their_order,
        returned_goods.no_more_comes_back_than_was_sold,
        returned_goods.no_more_is_shelved_than_was_sold,
        mailed_orders.buyers_are_told,
    ):
        yield from check()
