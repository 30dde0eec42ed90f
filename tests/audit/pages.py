"""The pages that are judged, and whose window shows them."""

from dataclasses import dataclass
from enum import Enum


class Visitor(Enum):
    """Whose cookies a page is opened with."""

    STRANGER = "a stranger"
    SHOPPER = "somebody with a full cart"
    BUYER = "somebody who has paid"
    EDITOR = "editor"
    STAFF = "staff"
    OWNER = "owner"


@dataclass(frozen=True)
class Visit:
    """A page of the demo shop. `{paid}` and `{unpaid}` in a path are the links of two orders."""

    name: str
    path: str
    visitor: Visitor = Visitor.STRANGER
    status: int = 200

    def __str__(self) -> str:
        return self.name


HOME = Visit("home", "/")
CATEGORY = Visit("category", "/tea/green/")
PRODUCT = Visit("product", "/tea/green/sencha/")
SEARCH = Visit("search", "/search/?q=sencha")
CART = Visit("cart", "/cart/", Visitor.SHOPPER)
CHECKOUT = Visit("checkout", "/checkout/", Visitor.SHOPPER)

# What a shopper passes on the way to a paid order: the pages that Lighthouse judges.
WAY = [HOME, CATEGORY, PRODUCT, SEARCH, CART, CHECKOUT]

SHOP = [
    *WAY,
    Visit("shelf of shelves", "/tea/"),
    Visit("sorted", "/tea/?sort=price"),
    Visit("narrowed", "/tea/?available=1&category=green"),
    Visit("nothing fits", "/tea/?price_from=9999"),
    Visit("mistyped search", "/search/?q=shencha"),
    Visit("nothing found", "/search/?q=bicycle"),
    Visit("content page", "/delivery-and-returns/"),
    Visit("empty cart", "/cart/"),
    Visit("not found", "/nothing-here/", status=404),
    Visit("paid order", "{paid}", Visitor.BUYER),
    Visit("unpaid order", "{unpaid}", Visitor.BUYER),
]
ADMIN = [
    Visit("content health", "/admin/reports/content-health/", Visitor.EDITOR),
    Visit("searches", "/admin/reports/searches/", Visitor.EDITOR),
    Visit("synonyms", "/admin/synonyms/", Visitor.EDITOR),
    Visit("orders", "/admin/orders/", Visitor.STAFF),
]
