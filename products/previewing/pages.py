"""The previews of product and category pages."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from .. import foreseeing
from ..browsing import product_context
from ..models import ProductPage
from . import modes, states


def product_preview(
    page: ProductPage, request: HttpRequest, mode: str, *, at: datetime
) -> dict[str, Any]:
    """What the page shows in this mode, and `preview`, which says so."""
    currency = settings.SHOP_CURRENCY
    changes = foreseeing.next_changes([page.product_id], currency=currency, at=at)
    preview = modes.read(mode, changes=changes, at=at)
    preview.notes = modes.schedule_notes(page, preview.moment)
    variants = states.variants_as(preview, page.product_id, currency=currency, at=at)
    return {**product_context(page, request, variants), "preview": preview}
