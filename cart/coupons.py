"""What a coupon code takes off a basket, and why it does not.

Who may learn what. A code that could be used now, or later, tells its holder plainly why it does
not apply to this basket: whoever knows such a code could as well put the right goods in. A code
that is over, used up or switched off is worth nothing to anybody, so to whoever types it in it is
the same as one that never existed (`NotValid`); only a basket that held it before it died is told
what happened. Rules about the customer, who is not known here, are the checkout's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from products.models import ProductPage, Variant
from products.money import formatted, rounded, share_out, smallest_unit
from products.showing import shown

from .lines import CartLine
from .models import Coupon, CouponCode

State = Coupon.State


class DoesNotApply(Exception):
    """The code takes nothing off this basket; the message tells the shopper why."""


class NotValid(DoesNotApply):
    """No basket could use the code: there is none, or it is over, used up or switched off."""


@dataclass(frozen=True)
class Discount:
    """What a code takes off: major units, on the same basis (gross or net) as the prices."""

    coupon_id: int
    code_id: int
    code: str
    amounts: Mapping[str, Decimal]  # by SKU; what is not named is not reduced
    free_shipping: bool
    # What the coupon says of customers, as it was judged: `Coupon.customer_terms`.
    customer_terms: Mapping[str, Any]

    @property
    def total(self) -> Decimal:
        """What comes off the goods. Free shipping is not in it: shipping then costs nothing."""
        return sum(self.amounts.values(), Decimal(0))


def judge(
    code: str, lines: Sequence[CartLine], *, currency: str, at: datetime, claimed: bool = False
) -> Discount:
    """What `code`, in capitals, takes off these lines. `claimed`: one of its uses is the shopper's.

    Raises DoesNotApply or NotValid, with the true reason in words.
    """
    found = _usable(code, at=at, claimed=claimed)
    coupon = found.coupon
    if coupon.currency and coupon.currency != currency:
        raise DoesNotApply(
            _("%(code)s is for orders in %(currency)s.")
            % {"code": code, "currency": coupon.currency}
        )
    eligible = _eligible(coupon, lines) if coupon.for_some_goods else list(lines)
    goods = sum((line.total for line in eligible), Decimal(0))
    _check_minimum(found, goods, currency)
    amounts = _amounts(coupon, eligible, goods, currency)
    free_shipping = coupon.kind == Coupon.Kind.FREE_SHIPPING
    if not eligible or not (free_shipping or any(amounts.values())):
        raise DoesNotApply(_("%(code)s does not apply to anything in your cart.") % {"code": code})
    return Discount(coupon.pk, found.pk, code, amounts, free_shipping, coupon.customer_terms)


def unknown(code: str) -> str:
    """What is said of a code that never was, and of one that is no more."""
    return _("%(code)s is not a valid code. Please check the spelling.") % {"code": code}


def why_not(coupon: Coupon, code: str, *, state: Coupon.State) -> str:
    """Why a coupon in this state cannot be used, in words for whoever holds its code."""
    match state:
        case State.OVER:
            text = _("%(code)s has ended.")
        case State.USED_UP:
            text = _("%(code)s has been used up.")
        case State.SCHEDULED:
            text = _("%(code)s can be used from %(start)s on.")
        case _other:
            text = _("%(code)s can no longer be used.")
    return text % {"code": code, "start": _moment(coupon.starts_at)}


@cache
def _codes() -> QuerySet[CouponCode]:
    """Put together once, narrowed to one code by each cart."""
    return CouponCode.objects.order_by().select_related("coupon")


def _usable(code: str, *, at: datetime, claimed: bool) -> CouponCode:
    """A code that can be used. One query, found or not."""
    own = int(claimed)
    found = next(iter(_codes().filter(code=code)), None)
    if found is None:
        raise NotValid(unknown(code))
    state = found.coupon.state_at(at, uses_aside=own)
    if state == State.SCHEDULED:
        raise DoesNotApply(why_not(found.coupon, code, state=state))
    if state != State.ACTIVE:
        raise NotValid(why_not(found.coupon, code, state=state))
    if found.is_single_use and found.used > own:
        raise NotValid(_("%(code)s has been used already.") % {"code": code})
    return found


def _eligible(coupon: Coupon, lines: Sequence[CartLine]) -> list[CartLine]:
    """The lines a limited coupon is for. A category means what is on the pages below it, too."""
    pages = ProductPage.objects.none()
    for path in coupon.categories.values_list("path", flat=True):
        pages |= ProductPage.objects.filter(path__startswith=path)
    eligible = set(
        Variant.objects.filter(pk__in=[line.offer.variant_id for line in lines])
        .filter(
            Q(product__in=coupon.products.all()) | Q(product__in=shown(pages).values("product"))
        )
        .values_list("pk", flat=True)
    )
    return [line for line in lines if line.offer.variant_id in eligible]


def _check_minimum(found: CouponCode, goods: Decimal, currency: str) -> None:
    missing = found.coupon.minimum_spend - goods
    if missing <= 0:
        return
    text = (
        _("%(code)s: add %(amount)s more of what it applies to.")
        if found.coupon.for_some_goods
        else _("%(code)s: add %(amount)s more to your cart to use it.")
    )
    raise DoesNotApply(text % {"code": found.code, "amount": formatted(missing, currency)})


def _amounts(
    coupon: Coupon, lines: Sequence[CartLine], goods: Decimal, currency: str
) -> dict[str, Decimal]:
    """By SKU. Rounded once, on the sum; never more than the goods cost."""
    if coupon.kind == Coupon.Kind.FREE_SHIPPING:
        return {}
    if coupon.kind == Coupon.Kind.PERCENT:
        whole = rounded(goods * (coupon.percent or 0) / 100, currency)
    else:
        whole = min(rounded(coupon.amount or Decimal(0), currency), goods)
    shares = share_out(whole, [line.total for line in lines], smallest_unit(currency))
    return {line.offer.sku: share for line, share in zip(lines, shares, strict=True) if share}


def _moment(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT") if at else ""
