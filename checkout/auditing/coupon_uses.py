"""What must always hold between coupons and the orders that use them."""

from collections.abc import Iterator

from django.db.models import Count, F, Min, Q

from cart.models import Coupon, CouponCode
from mailing.breaches import Breach

from ..models import CouponRedemption, Order
from ..orders.redeeming import GIVEN_UP
from .sums import each


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
    yield from _uncounted_orders()


def _over_the_limit() -> Iterator[Breach]:
    for coupon in Coupon.objects.filter(used__gt=F("total_limit")):
        detail = f"{coupon.used} of {coupon.total_limit}"
        yield Breach("a coupon is not used too often", f"coupon {coupon.pk}", detail)
    for code in CouponCode.objects.filter(is_single_use=True, used__gt=1):
        yield Breach("a single-use code is used once", f"code {code.pk}", f"{code.used} times")
    by_customer = CouponRedemption.objects.by_customer()
    by_customer = by_customer.annotate(one_of_them=Min("order__number"))
    for row in by_customer.filter(uses__gt=F("coupon__per_customer_limit")):
        subject = f"coupon {row['coupon']}, customer of order {row['one_of_them']}"
        detail = f"{row['uses']} of {row['coupon__per_customer_limit']}"
        yield Breach("a customer's uses stay below the limit", subject, detail)


def _wrong_orders() -> Iterator[Breach]:
    live = CouponRedemption.objects.live().select_related("order", "code")
    for redemption in live.filter(order__status__in=GIVEN_UP):
        order = redemption.order
        yield Breach("an order given up holds no coupon", f"order {order.number}", order.status)
    same = Q(order__customer=F("customer"), order__coupon_code=F("code__code"))
    for redemption in live.exclude(same & Q(code__coupon=F("coupon"))):
        detail = f"{redemption.code.code}, on the order {redemption.order.coupon_code or 'none'}"
        yield Breach("an order names its coupon", f"order {redemption.order.number}", detail)


def _uncounted_orders() -> Iterator[Breach]:
    """A use that was given back keeps its row, also where it could not be claimed again."""
    reduced = Order.objects.exclude(coupon_code="").filter(redemption=None)
    for order in each(reduced.only("number", "coupon_code")):
        yield Breach("a coupon's order is a use of it", f"order {order.number}", order.coupon_code)
