"""What the category page and the product page show beside their words."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from wagtail.models import Page

from . import catalogue, freshness, kept, listing, pictures
from .finding import presenting
from .models import CategoryPage, ProductPage, ProductPicture, RelatedProduct, Variant
from .showing import shown
from .unit_prices import measured


@dataclass(frozen=True)
class Placed:
    """What an editor put beside the words of a product page, in its order."""

    pictures: tuple[tuple[int, str], ...] = ()  # image id, alternative text
    related: tuple[int, ...] = ()  # page ids


def category_context(category: CategoryPage, request: HttpRequest) -> dict[str, Any]:
    """Narrower categories, and one page of the products below. Http404 past the last page."""
    shelves = listing.shelves(CategoryPage.objects.child_of(category))
    shown_list = presenting.of_category(category, shelves, request.GET)
    return {
        "list": shown_list,
        "cards": shown_list.cards,
        "paginated": shown_list.page,
        "tiles": listing.tiles(shelves),
        "currency": settings.SHOP_CURRENCY,
        "breadcrumbs": pages_above(category, request),
    }


def product_context(
    page: ProductPage, request: HttpRequest, variants: list[Variant] | None = None
) -> dict[str, Any]:
    """The variants with price and stock, and the gallery.

    `chosen`: the variant that `?sku=` names if it is in stock, else the first that is. A preview
    hands in the variants of another moment, and a page that may be a draft.
    """
    currency = settings.SHOP_CURRENCY
    if variants is None:
        variants = catalogue.choices(page.product_id, currency=currency)
        placed = _published([page.pk]).get(page.pk, Placed())
    else:
        placed = _drafted(page)
    return {
        "product": variants[0].product if variants else page.product,
        "variants": variants,
        "chosen": _chosen(variants, request.GET.get("sku", "")),
        "lowest": min(variants, key=lambda variant: variant.price, default=None),
        "is_from": len({variant.price for variant in variants}) > 1,
        "contents": _contents(variants),
        "weights": _weights(variants),
        "currency": currency,
        "gallery": _gallery(page, placed, variants),
        "related": _related(page, placed),
        "breadcrumbs": pages_above(page, request),
    }


def _chosen(variants: list[Variant], sku: str) -> Variant | None:
    in_stock = [variant for variant in variants if variant.available > 0]
    named = [variant for variant in in_stock if variant.sku == sku]
    return next(iter(named or in_stock), None)


def pages_above(page: Page, request: HttpRequest) -> list[Page]:
    """From the home page down. Those the home page met on the way here cost no query."""
    if hasattr(request, "pages_above"):
        return request.pages_above
    return list(shown(page.get_ancestors().filter(depth__gt=1)))


@kept.each_while(freshness.generation)
def _published(page_ids: Collection[int]) -> dict[int, Placed]:
    """By page, as it was published last. Kept while it is fresh; two queries for all that are not.

    A page beside which there is nothing is left out.
    """
    gallery, related = defaultdict(list), defaultdict(list)
    placed = ProductPicture.objects.filter(page__in=page_ids).order_by("sort_order", "pk")
    for page_id, *picture in placed.values_list("page", "image", "alt_text"):
        gallery[page_id].append(tuple(picture))
    beside = RelatedProduct.objects.filter(page__in=page_ids).order_by("sort_order", "pk")
    for page_id, other_id in beside.values_list("page", "other"):
        related[page_id].append(other_id)
    return {
        page_id: Placed(tuple(gallery[page_id]), tuple(related[page_id]))
        for page_id in {*gallery, *related}
    }


def _drafted(page: ProductPage) -> Placed:
    """As the page at hand says, which need not be saved."""
    return Placed(
        tuple((each.image_id, each.alt_text) for each in page.gallery.all()),
        tuple(each.other_id for each in page.related.all()),
    )


def _gallery(page: ProductPage, placed: Placed, variants: list[Variant]) -> list[ProductPicture]:
    """The page's pictures, then those that only a variant has. One query at most."""
    gallery = [ProductPicture(image_id=image, alt_text=words) for image, words in placed.pictures]
    shown_already = {picture.image_id for picture in gallery}
    for variant in variants:
        if variant.image_id and variant.image_id not in shown_already:
            shown_already.add(variant.image_id)
            words = ", ".join(filter(None, (page.title, variant.label)))
            gallery.append(ProductPicture(image_id=variant.image_id, alt_text=words))
    images = pictures.with_renditions(shown_already, pictures.SLIDE, pictures.THUMBNAIL)
    for picture in gallery:
        picture.image = images.get(picture.image_id)
    return [picture for picture in gallery if picture.image]  # a draft may name one that has gone


def _related(page: ProductPage, placed: Placed) -> list[listing.Card]:
    """What an editor put beside this page and can be bought now."""
    chosen = [other_id for other_id in placed.related if other_id != page.pk]
    return [card for card in listing.cards_of(chosen) if not card.is_sold_out]


def _contents(variants: list[Variant]) -> str:
    """What is in the pack, if the choice of options does not say it."""
    if len(variants) != 1 or variants[0].content is None:
        return ""
    return measured(variants[0].content, variants[0].content_unit)


def _weights(variants: list[Variant]) -> list[tuple[str, int]]:
    """Grams with the options they belong to; once and without options if all weigh the same."""
    grams = {variant.weight_grams for variant in variants}
    if len(grams) == 1:
        return [("", weight) for weight in grams if weight]
    return [(each.label, each.weight_grams) for each in variants if each.weight_grams]
