"""`python -m bench.shop.catalogue 10000`: so many products, two variants each, on four shelves."""

import sys
from collections.abc import Mapping
from decimal import Decimal

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402

from products import pricing, stocking  # noqa: E402
from products.finding import keeping  # noqa: E402
from products.models import (  # noqa: E402
    CategoryPage,
    Price,
    Product,
    ProductPage,
    StockItem,
    StockMovement,
    Variant,
)

SHELVES = 4
KINDS = ["Assam", "Bancha", "Ceylon", "Darjeeling", "Genmaicha", "Gyokuro", "Hojicha", "Kukicha",
         "Matcha", "Oolong", "Puerh", "Rooibos", "Sencha", "Tamaryokucha", "Yunnan"]  # fmt: skip
MANNERS = ["Amber", "Autumn", "Bright", "Cloud", "Early", "Golden", "Hidden", "Misty", "Mountain",
           "Quiet", "River", "Silver", "Spring", "Stone", "Summer", "Velvet", "Winter"]  # fmt: skip
# Real names have many words. With fewer than a hundred frequent ones PostgreSQL only guesses how
# many rows have a word that begins so.
GARDENS = [first + last for first in ("Ambo", "Bada", "Chira", "Dooma", "Giri", "Hela", "Kuri",
                                      "Lamo", "Mira", "Nandi", "Oro", "Pana", "Rishi", "Selim")
           for last in ("bari", "dhar", "ghat", "jhora", "khola", "mukh", "nagar", "pahar", "pur",
                        "tar")]  # fmt: skip
SIZES = ["50 g", "100 g", "250 g", "500 g", "1 kg"]
COLOURS = ["clay", "ink", "moss", "sand", "snow", "rust", "sky"]
ALPHABET = Page.alphabet  # of places in the tree
FIRST = 1_000_000  # keys of what is made begin here, far from all others


def fill(count: int) -> None:
    """Put `count` products on the shelves of a shop that has none."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")  # more than any request may ask for
    shelves = _shelves()
    page, variants = _pattern(shelves[0])
    with transaction.atomic():
        _multiply_products(page, count)
        _multiply_pages(page, shelves, count)
        for number, variant in enumerate(variants):
            _multiply_variants(variant, number, count)
        # As in a tree that grew: one more than needed on some shelves does no harm.
        Page.objects.filter(pk__in=[shelf.pk for shelf in shelves]).update(
            numchild=count // len(shelves) + 1
        )
    page.delete()
    keeping.repair()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _shelves() -> list[CategoryPage]:
    home = Site.objects.get(is_default_site=True).root_page
    house = home.add_child(instance=CategoryPage(title="House", slug="house", show_in_menus=True))
    return [
        house.add_child(instance=CategoryPage(title=f"Shelf {number}", slug=f"shelf-{number}"))
        for number in range(SHELVES)
    ]


def _pattern(shelf: CategoryPage) -> tuple[ProductPage, list[Variant]]:
    """One product as the shop makes it, to be copied."""
    product = Product.objects.create(
        name="Pattern", maker="Bench", first_option="Size", second_option="Colour"
    )
    page = shelf.add_child(
        instance=ProductPage(
            title="Pattern",
            product=product,
            summary="Leaves from a garden in the hills, picked by hand.",
            body=[("text", "<p>Pour on water of eighty degrees and wait a minute.</p>")],
        )
    )
    variants = [Variant.objects.create(product=product, sku=f"PATTERN-{n}", first_value=str(n))
                for n in range(2)]  # fmt: skip
    for variant in variants:
        now, currency = timezone.now(), settings.SHOP_CURRENCY
        pricing.set_price(variant, Decimal(10), currency=currency, by=None, at=now)
        opening = StockMovement.Reason.OPENING
        stocking.adjust(variant.pk, 5, reason=opening, by=None, at=now)
    return page, variants


def _multiply_products(page: ProductPage, count: int) -> None:
    _multiply(Product, page.product_id, count, {"id": f"{FIRST} + n", "name": "'Product ' || n"})


def _multiply_pages(page: ProductPage, shelves: list[CategoryPage], count: int) -> None:
    title = f"{_pick(MANNERS, 'n')} || ' ' || {_pick(KINDS, 'n / 7')}"
    title += f" || ' ' || {_pick(GARDENS, 'n / 11')} || ' ' || n"
    shelf = f"n % {len(shelves)}"
    paths = [shelf.path for shelf in shelves]
    addresses = [shelf.url_path for shelf in shelves]
    # The pattern's own place on the first shelf stays free.
    place = _place(f"n / {len(shelves)} + 2")
    words = {"title": title, "draft_title": title, "slug": "'product-' || n",
             "url_path": f"{_pick(addresses, shelf)} || 'product-' || n || '/'",
             "path": f"{_pick(paths, shelf)} || {place}",
             "translation_key": "gen_random_uuid()",
             "first_published_at": "now() - n * interval '1 minute'"}  # fmt: skip
    _multiply(Page, page.pk, count, {"id": f"{FIRST} + n", **words})
    keys = {"page_ptr_id": f"{FIRST} + n", "product_id": f"{FIRST} + n"}
    _multiply(ProductPage, page.pk, count, keys)


def _multiply_variants(variant: Variant, number: int, count: int) -> None:
    key = f"{FIRST} + 2 * n + {number}"
    options = {
        "first_value": _pick(SIZES, f"n + {number}"),
        "second_value": _pick(COLOURS, "n / 3"),
    }
    owned = {"product_id": f"{FIRST} + n", "sku": f"'B-' || n || '-{number}'"}
    _multiply(Variant, variant.pk, count, {"id": key, **owned, **options})
    price = Price.objects.get(variant=variant)
    amount = f"2 + (n * 7919 + {number} * 31) % 9000 / 100.0"
    _multiply(Price, price.pk, count, {"id": key, "variant_id": key, "amount": amount})
    _multiply(StockItem, variant.pk, count, {"variant_id": key, "on_hand": "n % 4"})


def _multiply(model: type[models.Model], pk: int, count: int, changed: Mapping[str, str]) -> None:
    """Copy one row `count` times. `changed`: SQL of the columns that differ, with a number `n`."""
    table, own = model._meta.db_table, model._meta.local_concrete_fields
    columns = [field.column for field in own]
    values = [changed.get(name, f"pattern.{name}").replace("%", "%%") for name in columns]
    key = model._meta.pk.column  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)}"
            f" FROM {table} AS pattern, generate_series(0, %s - 1) AS n WHERE pattern.{key} = %s",
            [count, pk],
        )


def _place(number: str) -> str:
    """SQL of a step in the tree."""
    base = len(ALPHABET)
    powers = (base**power for power in reversed(range(Page.steplen)))
    return " || ".join(
        f"substr('{ALPHABET}', (({number}) / {power}) % {base} + 1, 1)" for power in powers
    )


def _pick(choices: list[str], number: str) -> str:
    """SQL of one of the choices."""
    quoted = ", ".join(f"'{choice}'" for choice in choices)
    return f"(ARRAY[{quoted}])[({number}) % {len(choices)} + 1]"


if __name__ == "__main__":
    fill(int(sys.argv[1]))
