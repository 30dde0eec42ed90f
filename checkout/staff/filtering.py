"""Which orders the staff asked for. List and export ask here, so they always agree."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from ..models import Order, OrderLine

LONGEST_QUERY = 200
MOST_WORDS = 8  # each word is five comparisons; nobody types more
# Days outside of these overflow when they are turned into moments.
DAYS = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2200, 1, 1))]


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, validators=DAYS)


class OrderFilter(forms.Form):
    """The filters above the list. What is not valid is shown to the staff and filters nothing."""

    status = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("Any state")), *Order.Status.choices]
    )
    hold = forms.ChoiceField(
        label=_("On hold"),
        required=False,
        choices=[
            ("", _("Held or not")),
            ("none", _("Not on hold")),
            ("any", _("On hold")),
            *Order.Hold.choices,
        ],
    )
    placed_from = _day(_("Placed from"))
    placed_to = _day(_("Placed to"))
    country = forms.ChoiceField(
        label=_("Country"), required=False, choices=lambda: [("", _("Any country")), *countries]
    )

    def clean(self) -> dict[str, Any]:
        """Refuses a range that ends before it begins."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("placed_from"), cleaned.get("placed_to")
        if first and last and last < first:
            self.add_error("placed_to", _("This day is before the first one."))
        return cleaned

    def apply(self, orders: QuerySet[Order]) -> QuerySet[Order]:
        """`orders` that match every valid field. Days are days of the shop's time zone."""
        self.full_clean()
        wanted = self.cleaned_data
        if status := wanted.get("status"):
            orders = orders.filter(status=status)
        if country := wanted.get("country"):
            orders = orders.filter(shipping_address__country=country)
        if first := wanted.get("placed_from"):
            orders = orders.filter(placed_at__gte=_midnight(first))
        if last := wanted.get("placed_to"):
            orders = orders.filter(placed_at__lt=_midnight(last + timedelta(days=1)))
        return _held(orders, wanted.get("hold", ""))

    def is_used(self) -> bool:
        """Whether any field filters, or tried to."""
        return any(self.data.get(name) for name in self.fields)


def search(orders: QuerySet[Order], query: str) -> QuerySet[Order]:
    """`orders` in which every word of `query` is part of number, e-mail, name, company or SKU."""
    for word in cleaned(query).split()[:MOST_WORDS]:
        has_sku = Exists(OrderLine.objects.filter(order=OuterRef("pk"), sku__icontains=word))
        orders = orders.filter(
            Q(number__icontains=_as_number(word))
            | Q(email__icontains=word)
            | Q(shipping_address__name__icontains=word)
            | Q(shipping_address__company__icontains=word)
            | has_sku
        )
    return orders


def cleaned(query: str) -> str:
    """`query` without what a database cannot compare, and no longer than anybody types."""
    query = query[:LONGEST_QUERY]
    return "".join(char if char.isprintable() else " " for char in query).strip()


def _as_number(word: str) -> str:
    """7k3q9xmf is read to us on the telephone; 7K3Q-9XMF is what is stored."""
    compact = word.replace("-", "")
    return f"{compact[:4]}-{compact[4:]}" if len(compact) > 4 else compact


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _held(orders: QuerySet[Order], hold: str) -> QuerySet[Order]:
    if hold == "none":
        return orders.filter(hold="")
    if hold == "any":
        return orders.exclude(hold="")
    return orders.filter(hold=hold) if hold else orders
