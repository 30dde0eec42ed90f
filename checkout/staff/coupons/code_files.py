"""The codes of a coupon: made by the thousand, and downloaded."""

import csv
from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages

from cart import codes
from cart.models import Coupon, CouponCode
from products.spreadsheets import harmless

from ..permissions import EXPORT_CODES, MAKE_CODES, VIEW_COUPON
from .forms import MakeCodesForm

ROWS_AT_ONCE = 2000


@require_POST
def make_codes(request: HttpRequest, coupon_id: int) -> HttpResponse:
    """New codes that work once each."""
    if not request.user.has_perms((VIEW_COUPON, MAKE_CODES)):
        raise PermissionDenied
    coupon = get_object_or_404(Coupon, pk=coupon_id)
    form = MakeCodesForm(request.POST)
    if not form.is_valid():
        field, errors = next(iter(form.errors.items()))
        messages.error(request, f"{form[field].label}: {errors[0]}")
        return _back(coupon)
    try:
        made = codes.make(coupon, **form.cleaned_data)
    except IntegrityError:
        messages.error(request, _("Chance made a code twice. Nothing was made; please try again."))
        return _back(coupon)
    text = ngettext("%(count)s code is made.", "%(count)s codes are made.", len(made))
    messages.success(request, text % {"count": len(made)})
    return _back(coupon)


@require_GET
def download_codes(request: HttpRequest, coupon_id: int) -> StreamingHttpResponse:
    """Every code of the coupon as CSV: the code, whether it works once, how often it was used."""
    if not request.user.has_perms((VIEW_COUPON, EXPORT_CODES)):
        raise PermissionDenied
    coupon = get_object_or_404(Coupon, pk=coupon_id)
    response = StreamingHttpResponse(_rows(coupon), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="coupon-{coupon.pk}-codes.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


class _Line:
    """Where csv writes: hands the line straight back."""

    def write(self, line: str) -> bytes:
        return line.encode()


def _rows(coupon: Coupon) -> Iterator[bytes]:
    writer = csv.writer(_Line())
    yield writer.writerow([_("Code"), _("Works once"), _("Used")])
    rows = CouponCode.objects.filter(coupon=coupon).values_list("code", "is_single_use", "used")
    once, often = _("yes"), _("no")
    for code, is_single_use, used in rows.iterator(chunk_size=ROWS_AT_ONCE):
        yield writer.writerow([harmless(code), once if is_single_use else often, used])


def _back(coupon: Coupon) -> HttpResponse:
    return redirect("coupons_modeladmin_inspect", coupon.pk)
