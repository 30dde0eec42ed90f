"""The rates of a shipping method as rows on its screen."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.panels import InlinePanel

BAND = ("zone", "currency", "up_to_grams", "from_subtotal")
SAME_BAND = _("Another rate has the same zone, currency and limits.")


class RateRows(BaseChildFormSet):
    """No two rows for the same parcels: which of them a shopper pays would be an accident."""

    def clean(self) -> None:
        # The rows are judged against each other here, because none of them need be saved yet.
        super().clean()
        bands: set[tuple[Any, ...]] = set()
        for row in self.forms:
            if row in self.deleted_forms or not row.is_valid():
                continue
            band = tuple(row.cleaned_data.get(name) for name in BAND)
            if band in bands:
                row.add_error(None, SAME_BAND)
            bands.add(band)

    def save_existing_objects(self, commit: bool = True) -> list[Any]:
        """Write a changed row anew, because what goes is deleted before anything is saved.

        Changed one by one, rows that exchange their limits would be in each other's way.
        """
        changed: list[Any] = super().save_existing_objects(commit)
        for row in changed:
            self.deleted_objects.append(self.model(pk=row.pk))
            row.pk = None
        return changed


class RatesPanel(InlinePanel):
    """The rows, added and taken out by script."""

    def get_form_options(self) -> dict[str, Any]:
        options: dict[str, Any] = super().get_form_options()
        options["formsets"][self.relation_name]["formset"] = RateRows
        return options
