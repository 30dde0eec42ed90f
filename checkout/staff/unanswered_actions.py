"""What staff do about a refund that the provider never answered."""

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from ..gateways.protocol import GatewayRefused, GatewayUnavailable
from ..models import Order, Refund
from ..money_back import unanswered
from .actions import back, first_error, open_to, row_id
from .forms import DecisionForm
from .permissions import REFUND, VIEW

DECIDED = gettext_lazy("This refund does not wait for a decision any more.")


@require_POST
@open_to(VIEW, REFUND)
def refund_again(request: HttpRequest, order: Order, user: User) -> HttpResponse:
    """Ask the provider again for a refund it never answered."""
    if number := row_id(request, "refund"):
        owed: Refund = get_object_or_404(order.refunds, pk=number)
        try:
            unanswered.ask_again(owed, at=timezone.now())
        except unanswered.NotUnanswered:
            messages.warning(request, DECIDED)
        else:
            messages.success(request, _("The payment provider is asked again."))
    return back(order)


@require_POST
@open_to(VIEW, REFUND)
def refund_decide(request: HttpRequest, order: Order, user: User) -> HttpResponse:
    """Say what became of a refund that was never answered: given another way, or not at all."""
    form = DecisionForm(request.POST)
    number = row_id(request, "refund")
    if not number or not form.is_valid():
        messages.error(request, first_error(form) if form.errors else _("Which refund?"))
        return back(order)
    owed: Refund = get_object_or_404(order.refunds.select_related("attempt"), pk=number)
    reason, now = form.cleaned_data["reason"], timezone.now()
    try:
        if "given" in request.POST:
            unanswered.book_as_given(owed, how=reason, by=user, at=now)
            done = _("Booked as given back. The provider is not asked for it any more.")
        else:
            unanswered.withdraw(owed, why=reason, by=user, at=now)
            done = _("Withdrawn. The provider is not asked for it any more.")
    except unanswered.NotUnanswered:
        messages.warning(request, DECIDED)
    except (GatewayUnavailable, GatewayRefused):
        messages.error(
            request, _("The payment provider cannot be asked just now. Nothing was decided.")
        )
    else:
        messages.success(request, done)
    return back(order)
