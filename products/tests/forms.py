"""What the admin's forms post, and the rights they ask for."""

from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from products.models import Product, Variant

EDITING = ["add_product", "change_product"]
PRICING = ["change_price"]
STOCKING = ["change_stockitem"]


def a_row(sku: str = "TEA-100", **changes: str) -> dict[str, str]:
    row = {
        "sku": sku,
        "first_value": "",
        "second_value": "",
        "price": "12.50",
        "weight_grams": "120",
        "opening_stock": "7",
    }
    return row | changes


def a_product(*rows: dict[str, str], **changes: str) -> dict[str, str]:
    """What the dialog posts: its rows, of which the last ones stay empty."""
    empty = a_row("", price="", weight_grams="0", opening_stock="0")
    forms = inline_formset([*rows, *[empty] * (6 - len(rows))], min=1)
    product = {"name": "Sencha", "maker": "", "tax_class": "reduced", "variants": forms}
    return nested_form_data(product | {"first_option": "Size", "second_option": ""} | changes)


def a_page(product: Product | str, **changes) -> dict[str, str]:
    words = {
        "title": "Sencha of spring",
        "slug": "sencha",
        "product": getattr(product, "pk", product),
        "summary": "Fresh and grassy.",
        "gallery": inline_formset([]),
        "related": inline_formset([]),
        "body": streamfield([("text", rich_text("<p>Picked in May.</p>"))]),
        "comments": inline_formset([]),
    }
    return nested_form_data(words | changes)


def the_product_form(product: Product, rows: list[dict[str, str]]) -> dict[str, str]:
    own = {"name": product.name, "maker": "", "tax_class": "standard"}
    options = {"first_option": "", "second_option": ""}
    initial = sum(1 for row in rows if row["id"])
    return nested_form_data(own | options | {"variants": inline_formset(rows, initial=initial)})


def the_row(variant: Variant | None = None, **changes: str) -> dict[str, str]:
    row = {
        "id": variant.pk if variant else "",
        "sku": variant.sku if variant else "TEA-900",
        "first_value": variant.first_value if variant else "",
        "second_value": "",
        "weight_grams": "100",
        "gtin": "",
        "image": "",
        "is_active": "on",
        "ORDER": "1",
        "DELETE": "",
    }
    return row | changes
