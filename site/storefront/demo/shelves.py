"""Categories, products, prices and opening stock."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from wagtail.models import Page

from home.models import HomePage
from products import planning, pricing, stocking
from products.models import (
    CategoryPage,
    ContentUnit,
    Price,
    Product,
    ProductPage,
    ProductPicture,
    RelatedProduct,
    StockMovement,
    Variant,
)

from . import read
from .images import image

GOODS = ("teas", "teaware", "gifts")  # files
OPENED = timedelta(days=400)  # before the demo is loaded; past orders are younger
SALE_BEGAN = OPENED - timedelta(days=7)  # after the opening


def load(*, at: datetime) -> None:
    """Build what is missing of the catalogue, as if the shop had opened long before `at`."""
    home = HomePage.objects.get()
    shelves: dict[str, CategoryPage] = {}
    for entry in read("categories")["category"]:
        parent = shelves.get(entry.get("parent", ""), home)
        shelves[entry["slug"]] = _category(entry, below=parent)
    goods = [entry for name in GOODS for entry in read(name)["product"]]
    new = [entry for entry in goods if not Product.objects.filter(name=entry["title"]).exists()]
    pages = {
        entry["slug"]: _page(entry, _product(entry, at=at - OPENED), on=shelves[entry["category"]])
        for entry in new
    }
    for entry in new:
        _relate(pages[entry["slug"]], entry["related"])


def publish(page: Page, *, below: Page) -> None:
    """Add a page and publish it the way an editor does."""
    below.add_child(instance=page)
    page.save_revision().publish()


def _category(entry: dict[str, Any], *, below: Page) -> CategoryPage:
    if there := CategoryPage.objects.child_of(below).filter(slug=entry["slug"]).first():
        return there
    page = CategoryPage(
        title=entry["title"],
        slug=entry["slug"],
        intro=entry["intro"],
        search_description=entry["description"],
        image=image(*entry["picture"]),
        show_in_menus="parent" not in entry,
    )
    publish(page, below=below)
    return page


def _product(entry: dict[str, Any], *, at: datetime) -> Product:
    product = Product.objects.create(
        name=entry["title"],
        maker=entry["maker"],
        tax_class=entry["tax_class"],
        first_option=entry.get("option", ""),
    )
    for order, choice in enumerate(entry["variants"]):
        variant = Variant.objects.create(
            product=product,
            sku=choice["sku"],
            gtin=choice.get("gtin", ""),
            first_value=choice["value"],
            content=choice.get("content"),
            content_unit=ContentUnit.GRAM if "content" in choice else "",
            weight_grams=choice["weight"],
            image=image(*choice["picture"]) if "picture" in choice else None,
            sort_order=order,
        )
        _price_and_stock(variant, choice, at=at)
        if "planned" in choice:
            _plan(variant, **choice["planned"], at=at + OPENED)
    return product


def _price_and_stock(variant: Variant, choice: dict[str, Any], *, at: datetime) -> None:
    for days, amount in choice.get("was", {}).items():
        _price(variant, amount, at=at + timedelta(days=int(days)))
    if before := choice.get("compare_at"):
        began = at + SALE_BEGAN
        _price(variant, choice["price"], compare_at=Decimal(before), reason="Sale", at=began)
    else:
        _price(variant, choice["price"], at=at)
    stocking.adjust(
        variant.pk, choice["stock"], reason=StockMovement.Reason.OPENING, by=None, at=at
    )


def _plan(variant: Variant, *, price: str, in_days: int, for_days: int, at: datetime) -> None:
    currency, starts = settings.SHOP_CURRENCY, at + timedelta(days=in_days)
    planning.plan_price(
        variant,
        Decimal(price),
        currency=currency,
        compare_at=Price.objects.get(variant=variant, currency=currency).amount,
        starts_at=starts,
        until=starts + timedelta(days=for_days),
        by=None,
        at=at,
        reason="Winter weeks",
    )


def _price(variant: Variant, amount: str, *, at: datetime, **facts: Any) -> None:
    currency = settings.SHOP_CURRENCY
    pricing.set_price(variant, Decimal(amount), currency=currency, by=None, at=at, **facts)


def _page(entry: dict[str, Any], product: Product, *, on: CategoryPage) -> ProductPage:
    page = ProductPage(
        title=entry["title"],
        slug=entry["slug"],
        product=product,
        summary=entry["summary"],
        search_description=entry["summary"],
        body=list(_body(entry)),
    )
    page.gallery.add(
        *(
            ProductPicture(image=image(name, shows), alt_text=shows, sort_order=order)
            for order, (name, shows) in enumerate(entry["pictures"])
        )
    )
    on.add_child(instance=page)
    return page


def _relate(page: ProductPage, slugs: list[str]) -> None:
    """Publish the page with what goes well with it: all pages are there by now."""
    others = {other.slug: other for other in ProductPage.objects.filter(slug__in=slugs)}
    page.related.add(
        *(
            RelatedProduct(other=others[slug], sort_order=order)
            for order, slug in enumerate(slugs)
            if slug in others
        )
    )
    page.save_revision().publish()


def _body(entry: dict[str, Any]) -> list[tuple[str, str]]:
    blocks = [("text", entry["about"])]
    if steps := entry.get("brewing"):
        listed = "".join(f"<li>{step}</li>" for step in steps)
        blocks += [("heading", "How we brew it"), ("text", f"<ul>{listed}</ul>")]
    return blocks
