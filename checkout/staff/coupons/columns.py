"""What the list of coupons shows, filters and searches."""

from decimal import Decimal
from typing import Any

from django.contrib.admin import display
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cart.models import Coupon, CouponCode, CouponQuerySet
from mailing.records import Tabs, short_moment
from products.money import formatted

LIST = ("title", "gives", "uses", "period", "pill")
LOOKS = {"title": "number", "gives": "customer", "uses": "placed", "pill": "state"}
SEARCH = ("name", "codes__code")


def for_list(coupons: CouponQuerySet) -> QuerySet[Coupon]:
    """`coupons` with all that `LIST` shows: one query, however many rows."""
    codes = CouponCode.objects.filter(coupon=OuterRef("pk"))
    counted = codes.order_by().values("coupon").annotate(count=Count("pk")).values("count")
    return coupons.with_state(timezone.now()).annotate(
        first_code=Subquery(codes.order_by("is_single_use", "pk").values("code")[:1]),
        code_count=Subquery(counted),
    )


def what_it_gives(coupon: Coupon) -> str:
    """The reduction and from when it is given: "10 %, from €20.00"."""
    if coupon.kind == Coupon.Kind.PERCENT:
        gives = f"{(coupon.percent or Decimal(0)).normalize():f} %"
    elif coupon.kind == Coupon.Kind.AMOUNT:
        gives = formatted(coupon.amount or Decimal(0), coupon.currency)
    else:
        gives = coupon.get_kind_display()
    if not coupon.minimum_spend:
        return gives
    least = formatted(coupon.minimum_spend, coupon.currency)
    return _now("%(gives)s, from %(least)s") % {"gives": gives, "least": least}


def use_count(coupon: Coupon) -> str:
    """Live uses, and of how many: "3 of 20 used"."""
    if coupon.total_limit is None:
        return _now("%(used)s used") % {"used": coupon.used}
    return _now("%(used)s of %(limit)s used") % {"used": coupon.used, "limit": coupon.total_limit}


def state_pill(coupon: Coupon) -> SafeString:
    """The state of a coupon `with_state`, as a coloured word."""
    state = Coupon.State(coupon.state)
    return format_html('<span class="pill pill--coupon-{}">{}</span>', state.value, state.label)


class ListColumns:
    """The cells of the list. Mixed into the admin class, which is where they are looked up."""

    @display(description=_("coupon"), ordering="name")
    def title(self, coupon: Coupon) -> str:
        return coupon.name

    @display(description=_("gives"))
    def gives(self, coupon: Coupon) -> SafeString:
        return format_html(
            '{}<br><span class="quiet">{}</span>', what_it_gives(coupon), _codes(coupon)
        )

    @display(description=_("uses"), ordering="used")
    def uses(self, coupon: Coupon) -> str:
        return use_count(coupon)

    @display(description=_("time"), ordering="starts_at")
    def period(self, coupon: Coupon) -> str:
        start = short_moment(coupon.starts_at) if coupon.starts_at else ""
        end = short_moment(coupon.ends_at) if coupon.ends_at else ""
        if start and end:
            return f"{start} – {end}"
        if start:
            return _now("from %(start)s") % {"start": start}
        return _now("until %(end)s") % {"end": end} if end else _now("any time")

    @display(description=_("state"))
    def pill(self, coupon: Coupon) -> SafeString:
        return state_pill(coupon)


def _codes(coupon: Coupon) -> str:
    count = coupon.code_count or 0
    if count == 0:
        return _now("no code yet")
    if count == 1:
        return coupon.first_code
    return ngettext("%(count)s code", "%(count)s codes", count) % {"count": count}


class StateTabs(Tabs):
    """What can be used now, later, or no more."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Coupon.State.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Coupon]) -> QuerySet[Coupon]:
        return queryset.filter(state=self.value()) if self.value() else queryset


class KindTabs(Tabs):
    """Percent, amount or free shipping."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Coupon.Kind.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Coupon]) -> QuerySet[Coupon]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


FILTERS = (StateTabs, KindTabs)
