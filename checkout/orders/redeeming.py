"""Uses of coupons: claimed with an order, given back when it is closed. Counted under a lock.

The coupon's row is that lock: it is taken before the UPDATE that counts the use, or by it. So
whoever claims one looks at the customer's other uses after it, and nobody else claims it meanwhile.
Locks in one order everywhere: order, attempt, stock, coupon, code.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from cart import claiming, coupons
from cart.coupons import Discount
from cart.models import Coupon, CouponCode

from ..models import CouponRedemption, Order, OrderEvent
from ..models.inserting import insert

# An order that was given up does not make its customer an old one, and holds no coupon.
GIVEN_UP = (Order.Status.CANCELLED, Order.Status.EXPIRED)
State = Coupon.State
Terms = Mapping[str, Any]  # `Coupon.customer_terms`


class CouponGone(Exception):
    """The code cannot be used for this order; the message tells the shopper why."""


def claim(order: Order, discount: Discount, *, at: datetime) -> None:
    """Use the code for this order, in the transaction that writes the order.

    Raises CouponGone; that transaction must then be rolled back.
    """
    redemption = CouponRedemption(
        order=order,
        coupon_id=discount.coupon_id,
        code_id=discount.code_id,
        customer=order.customer,
        claimed_at=at,
    )
    terms = discount.customer_terms
    if not claiming.take_as_judged(discount, at=at):
        coupon = _locked(discount.coupon_id, code=discount.code)
        if (state := coupon.state_at(at)) != State.ACTIVE:
            raise CouponGone(coupons.why_not(coupon, discount.code, state=state))
        terms = _taken(coupon)
    _count(redemption, terms, code=discount.code)
    if terms["first_order_only"] and _has_ordered_before(order):
        raise CouponGone(_("%(code)s is for the first order only.") % {"code": discount.code})
    insert(redemption)


def confirm(order: Order, *, at: datetime) -> None:
    """The order is paid, and with it the use is the customer's for good.

    Where another order had the last one, paid first though it was placed elsewhere, this one keeps
    its discount and staff read why. In the transaction of the caller, who holds the order's lock.
    """
    if not order.coupon_code:
        return
    use = CouponRedemption.objects.live().filter(order=order).first()
    if use is None:  # `claim_again` has told why
        return
    # Without a limit there is nothing to compare, and no payment has to wait for another.
    limited = Coupon.objects.filter(pk=use.coupon_id, per_customer_limit__isnull=False)
    coupon = limited.select_for_update().first()
    if coupon is None:
        return
    # After the lock: the other order's payment has counted its use.
    paid = _uses_of_its_customer(use).filter(order__paid_at__isnull=False, beyond_limit=False)
    if paid.exclude(pk=use.pk).count() >= coupon.per_customer_limit:
        use.beyond_limit = True
        use.save(update_fields=["beyond_limit"])
        text = f"{order.coupon_code} was used up by another order of this customer's, paid before."
        order.note(OrderEvent.Kind.NOTE, at=at, text=text)


@transaction.atomic
def release(order: Order, *, at: datetime) -> None:
    """Give the use back: the order was not paid. Harmless the second time."""
    live = CouponRedemption.objects.live().filter(order=order)
    # Whoever sets the moment gives the use back, and nobody else does.
    if live.update(released_at=at):
        given_back = CouponRedemption.objects.get(order=order)
        Coupon.objects.filter(pk=given_back.coupon_id).update(used=F("used") - 1)
        CouponCode.objects.filter(pk=given_back.code_id).update(used=F("used") - 1)


def claim_again(order: Order, *, at: datetime) -> bool:
    """Use the code once more for a closed order whose money came after all.

    The buyer has paid the lower price, so the order keeps its discount in any case, whatever has
    become of the coupon's dates. Limits hold: where somebody else has had the last use meanwhile,
    none is counted, a note tells staff, and the answer is False. The caller holds the order's lock.
    """
    redemption = CouponRedemption.objects.filter(order=order, released_at__isnull=False).first()
    if redemption is None:
        return True
    try:
        with transaction.atomic():
            coupon = _locked(redemption.coupon_id, code=order.coupon_code)
            if coupon.is_used_up():
                raise CouponGone
            _count(redemption, _taken(coupon), code=order.coupon_code)
            redemption.released_at = None
            redemption.save()
    except CouponGone:
        text = f"{order.coupon_code} was used up meanwhile. The order keeps its discount."
        order.note(OrderEvent.Kind.NOTE, at=at, text=text)
        return False
    return True


def _locked(coupon_id: int, *, code: str) -> Coupon:
    coupon = Coupon.objects.select_for_update().filter(pk=coupon_id).first()
    if coupon is None:
        raise CouponGone(coupons.unknown(code))
    return coupon


def _taken(coupon: Coupon) -> Terms:
    """Take a use of a coupon that is locked and has one."""
    Coupon.objects.filter(pk=coupon.pk).update(used=F("used") + 1)
    return coupon.customer_terms


def _count(redemption: CouponRedemption, terms: Terms, *, code: str) -> None:
    """Count the use with code and customer. The coupon is locked."""
    if not claiming.take_code(redemption.code_id):
        raise CouponGone(_("%(code)s has been used already.") % {"code": code})
    redemption.use = _next_use(redemption, terms["per_customer_limit"], code=code)


def _next_use(redemption: CouponRedemption, limit: int | None, *, code: str) -> int | None:
    """The lowest number that none of the customer's uses has; None without a limit."""
    if limit is None:
        return None
    uses = _uses_of_its_customer(redemption)
    taken = list(uses.values_list("use", flat=True))  # uncounted ones from before the limit too
    counted = uses.exclude(order__in=_unpaid_elsewhere(redemption.order))
    if len(taken) >= limit and counted.count() >= limit:
        raise CouponGone(
            _("You have used %(code)s before, or an order of yours waits for payment with it.")
            % {"code": code}
        )
    return next(number for number in range(1, len(taken) + 2) if number not in taken)


def _uses_of_its_customer(use: CouponRedemption) -> QuerySet[CouponRedemption]:
    return CouponRedemption.objects.live().filter(coupon=use.coupon_id, customer=use.customer)


def _has_ordered_before(order: Order) -> bool:
    others = Order.objects.filter(customer=order.customer).exclude(pk=order.pk)
    others = others.exclude(pk__in=_unpaid_elsewhere(order))
    return others.exclude(status__in=GIVEN_UP).exists()


def _unpaid_elsewhere(order: Order) -> QuerySet[Order]:
    """Orders with the same address, from other networks, that may well be a stranger's.

    None for an order that is taken up again: where it came from is forgotten.
    """
    if order.status != Order.Status.PLACED:
        return Order.objects.none()
    waiting = Order.objects.filter(customer=order.customer, status=Order.Status.PLACED)
    return waiting.exclude(placed_from=order.placed_from)
