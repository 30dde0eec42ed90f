"""Sample data for every file in `templates/components/`: the states that are worth a look."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.core.paginator import Paginator

from products.listing import Card, Tile
from products.unit_prices import UnitPrice

from ..discovery.heads import Head
from .stand_ins import Form, Picture, categories, content, icons, messages, variant

States = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Sample:
    """A component's states by name. `around`: the parent it needs; `as_source`: not to be seen."""

    states: Callable[[], States]
    around: str = "{}"
    as_source: bool = False


EUR = "EUR"
GRID = '<ul class="grid product-grid" role="list">{}</ul>'
TOTALS = '<dl class="totals">{}</dl>'
REDUCED: dict[str, Any] = {"compare_at": Decimal("9.90"), "lowest_before": Decimal("9.20")}


def _card(**changes: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "page_id": 1,
        "title": "Sencha",
        "url": "#",
        "summary": "Fresh and grassy with a clean sweetness.",
        "price": Decimal("8.90"),
        "compare_at": None,
        "lowest_before": None,
        "unit_price": UnitPrice(Decimal("178.00"), "kg"),
        "is_from": True,
        "is_sold_out": False,
        "image": Picture(),
        "alt_text": "A bowl of tea",
    }
    return {"card": Card(**{**facts, **changes}), "currency": EUR}


def _buying(*variants: Any) -> dict[str, Any]:
    product = SimpleNamespace(first_option="Weight", second_option="")
    return {"product": product, "variants": variants, "chosen": variants[0], "currency": EUR}


def _taxes(**changes: Any) -> dict[str, Any]:
    rates = (("19", "20.44"), ("7", "2.94"))
    shares = [SimpleNamespace(rate=Decimal(rate), tax=Decimal(tax)) for rate, tax in rates]
    facts = {"taxes": shares, "total": Decimal("172.90"), "currency": EUR, "note": ""}
    return {**facts, "prices_include_tax": True, **changes}


def _list_bar(**changes: Any) -> dict[str, Any]:
    sorts = [("name", "Name"), ("price", "Price, low to high")]
    return {"count": 24, "is_complete": True, "sort": "name", "sorts": sorts, **changes}


def _pages_of_a_list(number: int) -> dict[str, Any]:
    shown = Paginator(range(480), 24).page(number)
    numbers = shown.paginator.get_elided_page_range(number)
    return {"page": shown, "numbers": numbers, "query": ""}


def _price(amount: str, **more: Any) -> dict[str, Any]:
    return {"amount": Decimal(amount), "currency": EUR, **more}


def _pictures(count: int) -> dict[str, Any]:
    picture = SimpleNamespace(image=Picture(), image_id=1, alt_text="A bowl of tea")
    return {"pictures": [picture] * count}


SAMPLES: dict[str, Sample] = {
    "breadcrumbs": Sample(lambda: {"": {"pages": categories()[:2], "title": "Sencha"}}),
    "buy_form": Sample(
        lambda: {
            "One variant": _buying(variant()),
            "Several, one nearly gone, one sold out": _buying(
                variant(), variant("100 g", "15.90", 3), variant("250 g", "35.00", 0)
            ),
        }
    ),
    "category_tile": Sample(
        lambda: {"": {"tile": Tile(page_id=1, title="Green", url="#", image=Picture())}},
        around='<ul class="grid category-grid" role="list">{}</ul>',
    ),
    "check": Sample(
        lambda: {"": {"field": Form()["terms"]}, "Refused": {"field": Form({})["terms"]}}
    ),
    "discount_row": Sample(
        lambda: {
            "": {"code": "TEA10", "amount": Decimal("2.40"), "currency": EUR},
            "Free shipping": {"code": "POST", "free_shipping": True},
        },
        around=TOTALS,
    ),
    "field": Sample(
        lambda: {
            "": {"field": Form()["name"]},
            "With a hint": {"field": Form()["email"]},
            "Optional": {"field": Form()["company"]},
            "A choice": {"field": Form()["country"]},
            "Refused": {"field": Form({"email": "ada"})["email"]},
        }
    ),
    "figure": Sample(lambda: {"": {"value": Picture()}}),
    "form_errors": Sample(lambda: {"": {"form": Form({})}}),
    "gallery": Sample(lambda: {"One picture": _pictures(1), "Several": _pictures(3)}),
    "head": Sample(
        lambda: {"": {"head": Head(robots="index", title="Sencha", canonical="/sencha/")}},
        as_source=True,
    ),
    "icon": Sample(lambda: {name: {"name": name} for name in icons()}),
    "legal_links": Sample(lambda: {"": {"pages": content()}}),
    "list_bar": Sample(
        lambda: {"": _list_bar(), "More than are counted": _list_bar(count=1000, is_complete=False)}
    ),
    "logo": Sample(lambda: {"": {}}),
    "messages": Sample(lambda: {"": {"messages": list(messages())}}),
    "not_for_sale": Sample(
        lambda: {
            "Sold out": {"lowest": variant(), "currency": EUR, "shelf": categories()[0]},
            "Not on sale": {"shelf": categories()[0]},
        }
    ),
    "offer": Sample(
        lambda: {
            "": {"variant": variant(), "currency": EUR},
            "Reduced": {"variant": variant(**REDUCED), "currency": EUR},
        }
    ),
    "page_links": Sample(
        lambda: {"": {"pages": categories(), "current": "tea"}},
        around='<nav class="site-nav">{}</nav>',
    ),
    "pagination": Sample(lambda: {"First": _pages_of_a_list(1), "Between": _pages_of_a_list(9)}),
    "price": Sample(
        lambda: {
            "": _price("8.90"),
            "By measure": _price("8.90", unit_price=UnitPrice(Decimal("178.00"), "kg")),
            "Reduced, from": _price("7.90", is_from=True, **REDUCED),
            "Large": _price("64.00", **{"class": "price--large"}),
        }
    ),
    "product_card": Sample(
        lambda: {
            "": _card(),
            "Reduced": _card(**REDUCED),
            "Sold out": _card(is_sold_out=True),
            "A long name": _card(title="Frühjahrspflückung aus Nordostindien, Erstlingsernte"),
        },
        around=GRID,
    ),
    "product_facts": Sample(
        lambda: {
            "": {
                "product": SimpleNamespace(maker="Two Kilns"),
                "contents": "350 ml",
                "weights": [("Clay", 620), ("Ink", 640)],
            }
        }
    ),
    "promises": Sample(lambda: {"": {"pages": content()}}),
    "quantity": Sample(
        lambda: {"": {"id": "sample", "value": 2, "least": 1, "words": "Quantity of Sencha"}}
    ),
    "rich_text": Sample(
        lambda: {"": {"value": "<h2>How we brew it</h2><p>70 °C, <b>one minute</b>.</p>"}}
    ),
    "search_form": Sample(lambda: {"": {"id": "sample-search", "query": "sencha"}}),
    "site_footer": Sample(lambda: {"": {"categories": categories(), "pages": content()}}),
    "site_header": Sample(lambda: {"": {"categories": categories(), "current": "tea"}}),
    "site_header_plain": Sample(lambda: {"": {}}),
    "step": Sample(
        lambda: {
            "Done": {"number": 1, "at": 2, "words": "Cart"},
            "Now": {"number": 2, "at": 2, "words": "Details"},
            "To come": {"number": 3, "at": 2, "words": "Payment"},
        },
        around='<ol class="steps" role="list">{}</ol>',
    ),
    "steps": Sample(lambda: {"": {"at": 2}}),
    "stock_state": Sample(
        lambda: {
            "There": {"available": 24},
            "Nearly gone": {"available": 2},
            "Gone": {"available": 0},
        }
    ),
    "taxes_and_total": Sample(
        lambda: {
            "Gross": _taxes(),
            "Net": _taxes(prices_include_tax=False),
            "No VAT": _taxes(taxes=[], note="Reverse charge"),
        },
        around=TOTALS,
    ),
    "unit_price": Sample(
        lambda: {"": {"unit_price": UnitPrice(Decimal("178.00"), "kg"), "currency": EUR}}
    ),
    "variant_choice": Sample(
        lambda: {
            "": {"variant": variant(), "currency": EUR},
            "Sold out": {"variant": variant("250 g", "35.00", 0), "currency": EUR},
        },
        around='<div class="choices choices--tiles"><div class="choices__list">{}</div></div>',
    ),
}
