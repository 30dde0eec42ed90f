"""What staff do about an order's invoice: cancel it and bill the order again."""

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from invoices import issuing

from ..models import Order
from ..orders import rebilling
from ..tax import vat_checks
from .actions import back, open_to
from .billing_form import BillAgainForm
from .permissions import CHANGE, VIEW


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(VIEW, CHANGE)
@never_cache
def bill_again(request: HttpRequest, order: Order, user: User) -> HttpResponse:
    """Correct what the invoice says about its buyer: it is cancelled, another takes its place."""
    try:
        invoice = rebilling.replaceable(order, issuing.documents_of(order.number))
        form = BillAgainForm(request.POST or None, order=order, invoice=invoice)
        if request.method == "POST" and form.is_valid() and _done(form, order, user):
            messages.success(request, _("The invoice is cancelled, and the order billed again."))
            return back(order)
    except rebilling.NothingBilled:
        messages.error(request, _("No invoice of this order stands. Nothing was changed."))
        return back(order)
    except rebilling.AlreadyCredited:
        complaint = _("Money was given back on this invoice, so it stays. Nothing was changed.")
        messages.error(request, complaint)
        return back(order)
    except rebilling.Overtaken as overtaken:
        complaint = _("%(number)s was written meanwhile. Look at it first. Nothing was changed.")
        messages.error(request, complaint % {"number": overtaken})
        return back(order)
    context = {"order": order, "form": form, "invoice": invoice}
    return render(request, "modeladmin/checkout/order/bill_again.html", context)


def _done(form: BillAgainForm, order: Order, user: User) -> bool:
    """Was it billed again? If not, the form says why."""
    entered = form.cleaned_data
    try:
        rebilling.bill_again(
            order,
            instead_of=entered["instead_of"],
            details=form.address,
            vat_id=entered["vat_id"],
            reason=entered["reason"],
            by=user,
            at=timezone.now(),
            key=entered["key"],
        )
    except rebilling.TaxWouldChange:
        complaint = _(
            "With this VAT id the order would bear another VAT than was paid. Give the money back "
            "and have it ordered again."
        )
        form.add_error("vat_id", complaint)
        return False
    except vat_checks.BeingAsked:
        complaint = _("The register is being asked about the old VAT id. Try again in two minutes.")
        form.add_error("vat_id", complaint)
        return False
    return True
