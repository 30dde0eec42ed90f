"""Uses of coupons: claimed with an order, given back when it is closed. Counted under a lock.

The coupon's row is that lock: it is taken by the UPDATE that counts the use, so whoever claims one
looks at the customer's other uses after it, and no second claim of this coupon runs meanwhile.
Locks in one order everywhere: order, attempt, stock, coupon, code.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Min, Q
from django.utils.translation import gettext as _

from cart import coupons
from cart.coupons import Discount
from cart.models import Coupon, CouponCode, CouponQuerySet
from mailing.breaches import Breach

from ..models import CouponRedemption, Order, OrderEvent

# An order that was given up does not make its customer an old one, and holds no coupon.
GIVEN_UP = (Order.Status.CANCELLED, Order.Status.EXPIRED)
LIVE = Q(released_at=None)
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
    terms = _taken_as_judged(discount, at=at) or _taken(
        discount.coupon_id, Coupon.objects.usable(at), code=discount.code, at=at
    )
    _count(redemption, terms, code=discount.code)
    if terms["first_order_only"] and _has_ordered_before(order):
        raise CouponGone(_("%(code)s is for the first order only.") % {"code": discount.code})
    redemption.save()


@transaction.atomic
def release(order: Order, *, at: datetime) -> None:
    """Give the use back: the order was not paid. Harmless the second time."""
    live = CouponRedemption.objects.filter(LIVE, order=order)
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
    redemption = CouponRedemption.objects.filter(order=order).exclude(LIVE).first()
    if redemption is None:
        return True
    try:
        with transaction.atomic():
            open_ones = Coupon.objects.not_used_up()
            terms = _taken(redemption.coupon_id, open_ones, code=order.coupon_code, at=at)
            _count(redemption, terms, code=order.coupon_code)
            redemption.released_at = None
            redemption.save()
    except CouponGone:
        text = f"{order.coupon_code} was used up meanwhile. The order keeps its discount."
        order.note(OrderEvent.Kind.NOTE, at=at, text=text)
        return False
    return True


def _taken_as_judged(discount: Discount, *, at: datetime) -> Terms | None:
    """Take a use if the coupon still says of customers what it said when it was judged.

    Check and take in one statement: two shoppers cannot both get the last use.
    """
    terms = discount.customer_terms
    same = Coupon.objects.usable(at).filter(pk=discount.coupon_id, **terms)
    return terms if terms and same.update(used=F("used") + 1) else None


def _taken(coupon_id: int, open_ones: CouponQuerySet, *, code: str, at: datetime) -> Terms:
    """Take a use on the terms of right now, or say why there is none."""
    coupon = Coupon.objects.select_for_update().filter(pk=coupon_id).first()
    if coupon is None:
        raise CouponGone(coupons.unknown(code))
    if not open_ones.filter(pk=coupon_id).update(used=F("used") + 1):
        raise CouponGone(coupons.why_not(coupon, code, state=coupon.state_at(at)))
    return coupon.customer_terms


def _count(redemption: CouponRedemption, terms: Terms, *, code: str) -> None:
    """Count the use with code and customer. The coupon is locked."""
    once = Q(is_single_use=False) | Q(used=0)
    if not CouponCode.objects.filter(once, pk=redemption.code_id).update(used=F("used") + 1):
        raise CouponGone(_("%(code)s has been used already.") % {"code": code})
    redemption.use = _next_use(redemption, terms["per_customer_limit"], code=code)


def _next_use(redemption: CouponRedemption, limit: int | None, *, code: str) -> int | None:
    """The lowest number that none of the customer's uses has; None without a limit."""
    if limit is None:
        return None
    live = CouponRedemption.objects.filter(
        LIVE, coupon=redemption.coupon_id, customer=redemption.customer
    )
    taken = list(live.values_list("use", flat=True))  # uncounted ones from before the limit too
    if len(taken) >= limit:
        raise CouponGone(
            _("You have used %(code)s before, or an order of yours waits for payment with it.")
            % {"code": code}
        )
    return next(number for number in range(1, len(taken) + 2) if number not in taken)


def _has_ordered_before(order: Order) -> bool:
    others = Order.objects.filter(customer=order.customer).exclude(pk=order.pk)
    return others.exclude(status__in=GIVEN_UP).exists()


def breaches() -> Iterator[Breach]:
    """What does not add up. One query each."""
    live = Count("redemptions", filter=Q(redemptions__released_at=None))
    for coupon in Coupon.objects.annotate(live=live).exclude(used=F("live")):
        detail = f"{coupon.used} counted, {coupon.live} orders"
        yield Breach("uses of a coupon = its orders", f"coupon {coupon.pk}", detail)
    for code in CouponCode.objects.annotate(live=live).exclude(used=F("live")):
        detail = f"{code.used} counted, {code.live} orders"
        yield Breach("uses of a code = its orders", f"code {code.pk}", detail)
    yield from _over_the_limit()
    yield from _wrong_orders()


def _over_the_limit() -> Iterator[Breach]:
    for coupon in Coupon.objects.filter(used__gt=F("total_limit")):
        detail = f"{coupon.used} of {coupon.total_limit}"
        yield Breach("a coupon is not used too often", f"coupon {coupon.pk}", detail)
    for code in CouponCode.objects.filter(is_single_use=True, used__gt=1):
        yield Breach("a single-use code is used once", f"code {code.pk}", f"{code.used} times")
    by_customer = (
        CouponRedemption.objects.filter(LIVE)
        .values("coupon", "customer", limit=F("coupon__per_customer_limit"))
        .annotate(uses=Count("pk"), one_of_them=Min("order__number"))
        .filter(uses__gt=F("limit"))
    )
    for row in by_customer:
        subject = f"coupon {row['coupon']}, customer of order {row['one_of_them']}"
        yield Breach(
            "a customer's uses stay below the limit", subject, f"{row['uses']} of {row['limit']}"
        )


def _wrong_orders() -> Iterator[Breach]:
    live = CouponRedemption.objects.filter(LIVE).select_related("order", "code")
    for redemption in live.filter(order__status__in=GIVEN_UP):
        order = redemption.order
        yield Breach("an order given up holds no coupon", f"order {order.number}", order.status)
    same = Q(order__customer=F("customer"), order__coupon_code=F("code__code"))
    for redemption in live.exclude(same & Q(code__coupon=F("coupon"))):
        detail = f"{redemption.code.code}, on the order {redemption.order.coupon_code or 'none'}"
        yield Breach("an order names its coupon", f"order {redemption.order.number}", detail)
