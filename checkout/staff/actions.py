"""What staff do to an order: forms on its page post here. Nothing is changed by a GET."""

from collections.abc import Callable
from functools import wraps

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages

from invoices.downloads import pdf_response
from invoices.models import Invoice

from .. import fulfilment
from ..models import Order, OrderEvent
from ..models.orders import WrongTurn
from .order_page import NoteForm, ShipForm
from .permissions import CHANGE, VIEW, VIEW_INVOICE

View = Callable[..., HttpResponse]


def needs(*permissions: str) -> Callable[[View], View]:
    """Refuses whoever lacks one of `permissions`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not request.user.has_perms(permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return checked

    return decorate


@needs(VIEW, CHANGE)
@require_POST
def add_note(request: HttpRequest, order_id: int) -> HttpResponse:
    """Write a colleague's words on the timeline."""
    order = get_object_or_404(Order, pk=order_id)
    form = NoteForm(request.POST)
    if form.is_valid():
        text = form.cleaned_data["text"]
        order.note(OrderEvent.Kind.NOTE, at=timezone.now(), by=request.user, text=text)
        messages.success(request, _("The note is on the timeline."))
    else:
        messages.error(request, _first_error(form))
    return _back(order)


@needs(VIEW, CHANGE)
@require_POST
def mark_as_sent(request: HttpRequest, order_id: int) -> HttpResponse:
    """The parcel has left."""
    order = get_object_or_404(Order, pk=order_id)
    form = ShipForm(request.POST)
    if not form.is_valid():
        messages.error(request, _first_error(form))
        return _back(order)
    tracking = form.cleaned_data["tracking"]
    try:
        fulfilment.ship(order.pk, tracking=tracking, by=request.user, at=timezone.now())
    except fulfilment.OnHold:
        messages.error(request, _("This order is on hold: it cannot be sent. Nothing was changed."))
    except WrongTurn:
        messages.error(request, _("Only a paid order can be sent. Nothing was changed."))
    else:
        messages.success(request, _("Order %(number)s is sent.") % {"number": order.number})
    return _back(order)


@needs(VIEW, VIEW_INVOICE)
@require_GET
def document(request: HttpRequest, order_id: int, invoice_id: int) -> FileResponse:
    """The PDF of an invoice or credit note of this order."""
    order = get_object_or_404(Order, pk=order_id)
    return pdf_response(get_object_or_404(Invoice, pk=invoice_id, order_number=order.number))


def _back(order: Order) -> HttpResponseRedirect:
    return redirect("orders_modeladmin_inspect", order.pk)


def _first_error(form: forms.Form) -> str:
    field, errors = next(iter(form.errors.items()))
    return f"{form[field].label}: {errors[0]}"
