"""What staff do about an order's money: give it back, look into it, take an order up again."""

import tempfile
from decimal import Decimal

from django.contrib.auth.models import User
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin import messages

from products.money import formatted

from ..models import Order
from ..money_back import evidence, refunding
from ..money_back.refunding import NothingToRefund, NotPayable
from ..money_back.returns import TooMuch
from ..orders import holding
from ..orders.placing import SoldOut
from ..payments import reinstating
from .actions import back, first_error, form_key, open_to, row_id, staff_action
from .forms import ReasonForm
from .permissions import CHANGE, REFUND, VIEW, VIEW_INVOICE, VIEW_MESSAGE
from .refund_form import RefundForm

IN_MEMORY = 4 * 1024 * 1024


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(VIEW, REFUND)
@never_cache
def refund(request: HttpRequest, order: Order, user: User) -> HttpResponse:
    """Choose what goes back, see what it comes to, then give it back."""
    if order.refunds.filter(key=form_key(order, request.POST.get("key", ""))).exists():
        return back(order)  # the same form once more: a double click
    payment = order.attempts.filter(pays_order=True).first()
    left = refunding.money_left(payment) if payment else Decimal(0)
    if not left:
        messages.error(request, _("No money of this order is left to give back."))
        return back(order)
    form = RefundForm(request.POST or None, order=order, left=left, whole="all" in request.GET)
    if request.method == "POST" and form.is_valid() and _is_confirmed(form):
        try:
            _give_back(form, user)
        except (TooMuch, NothingToRefund):
            form.add_error(None, _("Less is left by now. Nothing was given back."))
        except NotPayable:
            amount = formatted(form.amount, order.currency)
            complaint = _("The payment provider cannot pay exactly %(amount)s. Round it.")
            form.add_error("other", complaint % {"amount": amount})
        else:
            amount = formatted(form.amount, order.currency)
            messages.success(request, _("%(amount)s go back to the customer.") % {"amount": amount})
            return back(order)
    return render(request, "modeladmin/checkout/order/refund.html", {"order": order, "form": form})


@require_POST
@open_to(VIEW, REFUND)
def return_payment(request: HttpRequest, order: Order, user: User) -> HttpResponse:
    """Give back the whole of a payment that sold nothing."""
    form = ReasonForm(request.POST)
    number = row_id(request, "payment")
    payment = get_object_or_404(order.attempts, pk=number) if number else None
    if payment is None or not form.is_valid():
        messages.error(request, first_error(form) if form.errors else _("Which payment?"))
        return back(order)
    try:
        refunding.return_payment(
            payment, reason=form.cleaned_data["reason"], by=user, at=timezone.now()
        )
    except NothingToRefund:
        messages.error(request, _("Nothing of this payment is left to give back."))
    else:
        messages.success(request, _("The payment goes back to the customer."))
    return back(order)


@staff_action
def reinstate(request: HttpRequest, order: Order, user: User) -> HttpResponse:
    """Take a closed order up again whose money came after all."""
    try:
        reinstating.reinstate(order, by=user, at=timezone.now())
    except SoldOut as sold_out:
        short = _("Not enough left of: %(names)s.") % {"names": sold_out}
        messages.error(request, _("%(short)s Give the money back instead.") % {"short": short})
    except reinstating.NotReinstatable:
        messages.error(request, _("No payment of just this total waits for this order."))
    else:
        messages.success(request, _("Order %(number)s is paid.") % {"number": order.number})
    return back(order)


@staff_action
def review(request: HttpRequest, order: Order, user: User) -> HttpResponse:
    """Somebody has looked into what the order was held for."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, first_error(form))
        return back(order)
    reason = form.cleaned_data["reason"]
    try:
        order = holding.review(order, reason=reason, by=user, at=timezone.now())
    except holding.NothingToReview:
        messages.error(request, _("There is nothing to look into. Nothing was changed."))
    else:
        if order.hold:
            why = order.get_hold_display()
            messages.warning(request, _("Noted. Still on hold: %(why)s.") % {"why": why})
        else:
            messages.success(request, _("Noted. The order is no longer on hold."))
    return back(order)


@require_safe
@open_to(VIEW, CHANGE, VIEW_INVOICE, VIEW_MESSAGE)
@never_cache
def evidence_pack(request: HttpRequest, order: Order, user: User) -> HttpResponseBase:
    """All that the shop knows about the order, as one ZIP."""
    file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the response closes it
    evidence.pack(order, file)
    file.seek(0)
    return FileResponse(
        file,
        as_attachment=True,
        filename=evidence.file_name(order),
        content_type="application/zip",
    )


def _is_confirmed(form: RefundForm) -> bool:
    """Was just this amount on the button that was pressed?"""
    return "confirm" in form.data and form.cleaned_data["seen"] == form.amount


def _give_back(form: RefundForm, user: User) -> None:
    refunding.order_refund(
        form.order,
        lines=form.wanted,
        shipping=form.shipping,
        amount=form.amount,
        reason=form.cleaned_data["reason"],
        by=user,
        at=timezone.now(),
        key=form_key(form.order, form.cleaned_data["key"]),
    )
