"""Things to sell, made the way the shop makes them."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.text import slugify
from wagtail.models import Locale, Page, Site

from home.models import ContentPage, HomePage
from products import pricing, stocking
from products.finding import keeping
from products.models import CategoryPage, Product, ProductPage, StaleListing, StockMovement, Variant


def make_home() -> HomePage:
    """The shop's front door, whether the migration's is still there or a flush took it away."""
    if home := HomePage.objects.first():
        return home
    Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root")
    home = root.add_child(instance=HomePage(title="Home", slug="home"))
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "root_page": home}
    )
    return home


def make_words(title: str = "About us", **fields: Any) -> ContentPage:
    """A live page that sells nothing, below the home page."""
    return make_home().add_child(instance=ContentPage(title=title, **fields))


def make_category(
    title: str = "Green tea", *, parent: Page | None = None, **fields: Any
) -> CategoryPage:
    """A live category, below the home page unless told otherwise; the one that is there, if any."""
    parent = parent or make_home()
    slug = fields.pop("slug", slugify(title))
    if there := CategoryPage.objects.child_of(parent).filter(slug=slug).first():
        return there
    return parent.add_child(instance=CategoryPage(title=title, slug=slug, **fields))


def make_product_page(
    product: Product | None,
    *,
    title: str = "Sencha",
    category: CategoryPage | None = None,
    live: bool = True,
    **fields: Any,
) -> ProductPage:
    """A page that shows `product`, with a slug of its own, so that titles may repeat."""
    category = category or make_category()
    slug = f"{slugify(title) or 'product'}-{ProductPage.objects.count() + 1}"
    page = ProductPage(title=title, slug=slug, product=product, live=live, **fields)
    return category.add_child(instance=page)


def make_variant(
    sku: str = "TEA-100",
    *,
    price: str | None = "10.00",
    stock: int = 10,
    title: str = "Sencha",
    category: CategoryPage | None = None,
    weight: int = 100,
    tax_class: str = "standard",
    product: Product | None = None,
    first_value: str = "",
    live: bool = True,
) -> Variant:
    """A variant with price and stock, and the page that sells it.

    `product` given: one more variant of it, on the page it has. `price=None`: not priced yet.
    """
    if product is None:
        product = Product.objects.create(name=title, tax_class=tax_class)
        make_product_page(product, title=title, category=category, live=live)
    variant = Variant.objects.create(
        product=product,
        sku=sku,
        first_value=first_value,
        weight_grams=weight,
        sort_order=product.variants.count(),
    )
    if price is not None:
        set_price(variant, price)
    add_stock(variant, stock)
    return variant


def set_price(variant: Variant, amount: str, *, compare_at: str | None = None) -> None:
    pricing.set_price(
        variant,
        Decimal(amount),
        currency=settings.SHOP_CURRENCY,
        compare_at=Decimal(compare_at) if compare_at else None,
        by=None,
        at=timezone.now(),
    )


def add_stock(variant: Variant, change: int) -> None:
    stocking.adjust(
        variant.pk, change, reason=StockMovement.Reason.OPENING, by=None, at=timezone.now()
    )
    # As stocking has it done after the commit, which most tests never come to.
    keeping.settle(list(StaleListing.objects.values_list("pk", flat=True)))
