"""The previews of product and category pages."""

from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from wagtail.models import Revision

from .. import foreseeing, listing
from ..browsing import category_context, product_context
from ..editing.advice import advice_on
from ..listing import Card
from ..models import CategoryPage, ProductPage, Variant
from . import modes, states
from .modes import Preview


def product_preview(
    page: ProductPage, request: HttpRequest, mode: str, *, at: datetime
) -> dict[str, Any]:
    """What the page shows in this mode, `preview`, which says so, and `advice` to its editor."""
    currency = settings.SHOP_CURRENCY
    preview = _read(mode, [page.product_id], at=at)
    preview.notes = modes.notes_on(page, preview)
    variants = states.variants_as(preview, [page.product_id], currency=currency, at=at)
    shown = product_context(page, request, variants)
    return {**shown, "preview": preview, "advice": advice_on(page)}


def category_preview(
    category: CategoryPage, request: HttpRequest, mode: str, *, at: datetime
) -> dict[str, Any]:
    """The shelf with its cards in this mode; on a date also with the pages scheduled by then."""
    context = category_context(category, request)
    shown = context["list"]
    below = ProductPage.objects.descendant_of(category)
    preview = _read(mode, list(below.values_list("product", flat=True)), at=at)
    preview.notes = modes.notes_on(category, preview)
    cards = shown.cards
    if preview.moment:
        cards = _scheduled(cards, below, preview.moment)
    total = shown.total + len(cards) - len(shown.cards)
    shown = replace(shown, cards=_cards_as(preview, cards, at=at), total=total)
    return {**context, "list": shown, "preview": preview}


def _read(mode: str, product_ids: list[int | None], *, at: datetime) -> Preview:
    currency = settings.SHOP_CURRENCY
    changes = foreseeing.next_changes(product_ids, currency=currency, at=at)
    return modes.read(mode, changes=changes, at=at)


def _scheduled(cards: list[Card], below: Any, moment: datetime) -> list[Card]:
    """Less the pages that have ended by then, and at the end those that have begun."""
    ended = set(below.filter(expire_at__lte=moment).values_list("pk", flat=True))
    due = Revision.page_revisions.filter(approved_go_live_at__lte=moment)
    begun = below.filter(
        live=False, pk__in=[int(pk) for pk in due.values_list("object_id", flat=True)]
    )
    new = listing.cards(listing.with_offer(begun))
    return [card for card in (*cards, *new) if card.page_id not in ended]


def _cards_as(preview: Preview, cards: list[Card], *, at: datetime) -> list[Card]:
    pages = ProductPage.objects.filter(pk__in=[card.page_id for card in cards])
    products = dict(pages.values_list("pk", "product"))
    by_product: dict[int, list[Variant]] = defaultdict(list)
    currency = settings.SHOP_CURRENCY
    for variant in states.variants_as(preview, products.values(), currency=currency, at=at):
        by_product[variant.product_id].append(variant)
    return [_card_as(card, by_product[products[card.page_id]]) for card in cards]


def _card_as(card: Card, variants: list[Variant]) -> Card:
    if not variants:
        return card
    lowest = min(variants, key=lambda variant: (variant.price, variant.pk))
    return replace(
        card,
        price=lowest.price,
        compare_at=lowest.compare_at,
        lowest_before=lowest.lowest_before,
        unit_price=lowest.unit_price,
        is_from=len({variant.price for variant in variants}) > 1,
        is_sold_out=all(variant.available <= 0 for variant in variants),
    )
