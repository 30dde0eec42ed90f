"""What staff note about an order's goods when no money goes with them."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from ..models import Order
from ..money_back import goods_back as noting
from ..money_back import returns
from .actions import back, form_key, open_to
from .lines_form import LinesForm
from .permissions import REFUND, VIEW


class GoodsBackForm(LinesForm):
    """Which goods came back, and why, in words for colleagues."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Your colleagues read it on the timeline, the customer does not."),
        max_length=200,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not self.parts():
            raise forms.ValidationError(_("Nothing is chosen yet."))
        return data


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(VIEW, REFUND)
@never_cache
def goods_back(request: HttpRequest, order: Order, user: User) -> HttpResponse:
    """Note what came back although no money goes with it: given elsewhere, or there was none."""
    key = form_key(order, request.POST.get("key", ""))
    if order.goods_back.filter(key=key).exists():
        return back(order)  # the same form once more: a double click
    form = GoodsBackForm(request.POST or None, order=order, whole="all" in request.GET)
    if not _may_come_back(order):
        messages.error(request, _("No goods of this order can come back."))
        return back(order)
    if request.method == "POST" and form.is_valid():
        try:
            noting.note(
                order,
                lines=form.wanted,
                reason=form.cleaned_data["reason"],
                by=user,
                at=timezone.now(),
                key=key,
            )
        except (returns.TooMuch, noting.NothingCameBack):
            form.add_error(None, _("Less is left by now. Nothing was noted."))
        else:
            messages.success(request, _("It is noted which goods came back."))
            return back(order)
    context = {"order": order, "form": form}
    return render(request, "modeladmin/checkout/order/goods_back.html", context)


def _may_come_back(order: Order) -> bool:
    """Was it sold, and is anything left of it?"""
    return order.status in noting.SOLD and any(one.quantity for one in returns.lines_left(order))
