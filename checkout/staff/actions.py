"""What staff do to an order: forms on its page post here. Nothing is changed by a GET."""

from collections.abc import Callable
from functools import wraps
from typing import cast

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from mailing.plain import plain

from ..models import Order, OrderEvent
from ..models.orders import WrongTurn
from ..orders import fulfilment
from .forms import NoteForm, ShipForm
from .permissions import CHANGE, VIEW

Action = Callable[[HttpRequest, Order, User], HttpResponseBase]
View = Callable[[HttpRequest, int], HttpResponseBase]
LONGEST_ID = 19  # digits of the largest there can be
NOTHING_LEFT = gettext_lazy("All goods of this order were given back. Nothing was changed.")


def open_to(*permissions: str) -> Callable[[Action], View]:
    """A view of one order for those who have all of these permissions."""

    def guard(action: Action) -> View:
        @wraps(action)
        def checked(request: HttpRequest, order_id: int) -> HttpResponseBase:
            if not request.user.has_perms(permissions):
                raise PermissionDenied
            order = get_object_or_404(Order, pk=order_id)
            return action(request, order, cast(User, request.user))

        return checked

    return guard


def staff_action(action: Action) -> View:
    """A form's target, for those who may see and change orders."""
    return require_POST(open_to(VIEW, CHANGE)(action))


@staff_action
def add_note(request: HttpRequest, order: Order, user: User) -> HttpResponse:
    """Write a colleague's words on the timeline."""
    form = NoteForm(request.POST)
    if form.is_valid():
        text = form.cleaned_data["text"]
        order.note(OrderEvent.Kind.NOTE, at=timezone.now(), by=user, text=text)
        messages.success(request, _("The note is on the timeline."))
    else:
        messages.error(request, first_error(form))
    return back(order)


@staff_action
def pack(request: HttpRequest, order: Order, user: User) -> HttpResponse:
    """It is packed: its delivery note is to be printed."""
    try:
        note = fulfilment.pack(order.pk, at=timezone.now())
    except fulfilment.OnHold:
        messages.error(
            request, _("This order is on hold: it cannot be packed. Nothing was changed.")
        )
    except WrongTurn:
        messages.error(request, _("Only a paid order can be packed. Nothing was changed."))
    except fulfilment.NothingLeft:
        messages.error(request, NOTHING_LEFT)
    else:
        words = _("Delivery note %(number)s is being printed.")
        messages.success(request, words % {"number": note.number})
    return back(order)


@staff_action
def mark_as_sent(request: HttpRequest, order: Order, user: User) -> HttpResponse:
    """The parcel has left."""
    form = ShipForm(request.POST)
    if not form.is_valid():
        messages.error(request, first_error(form))
        return back(order)
    tracking = form.cleaned_data["tracking"]
    try:
        fulfilment.ship(order.pk, tracking=tracking, by=user, at=timezone.now())
    except fulfilment.OnHold:
        messages.error(request, _("This order is on hold: it cannot be sent. Nothing was changed."))
    except WrongTurn:
        messages.error(request, _("Only a paid order can be sent. Nothing was changed."))
    except fulfilment.NothingLeft:
        messages.error(request, NOTHING_LEFT)
    else:
        messages.success(request, _("Order %(number)s is sent.") % {"number": order.number})
    return back(order)


def back(order: Order) -> HttpResponseRedirect:
    """To the order's page."""
    return redirect("orders_modeladmin_inspect", order.pk)


def form_key(order: Order, key: str) -> str:
    """Of one form of one order, sent once or twice: as the column can hold it, whatever was sent.

    It is looked up before the form is judged.
    """
    return plain(f"{order.pk}:{key}")[:64]


def first_error(form: forms.Form) -> str:
    """What is wrong, in one sentence."""
    field, errors = next(iter(form.errors.items()))
    return f"{form[field].label}: {errors[0]}"


def row_id(request: HttpRequest, name: str) -> str:
    """A row's id as a form sends it; empty for what can be none."""
    sent = request.POST.get(name, "")
    return sent if sent.isdecimal() and len(sent) < LONGEST_ID else ""
