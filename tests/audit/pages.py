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
    """A page of the demo shop.

    `{paid}` and `{unpaid}` are the links of two orders, other names those of `records.py`.
    """

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
EDITORS = [
    Visit("editor's home", "/admin/", Visitor.EDITOR),
    Visit("explorer", "/admin/pages/{category_page}/", Visitor.EDITOR),
    Visit("home page form", "/admin/pages/{home_page}/edit/", Visitor.EDITOR),
    Visit("category form", "/admin/pages/{category_page}/edit/", Visitor.EDITOR),
    Visit("product form", "/admin/pages/{product_page}/edit/", Visitor.EDITOR),
    Visit(
        "new product form",
        "/admin/pages/add/products/productpage/{category_page}/",
        Visitor.EDITOR,
    ),
    Visit("products", "/admin/products/", Visitor.EDITOR),
    Visit("product and variants", "/admin/products/edit/{priced}/", Visitor.EDITOR),
    Visit("prices and stock", "/admin/products/prices-and-stock/{priced}/", Visitor.EDITOR),
    Visit("content health", "/admin/reports/content-health/", Visitor.EDITOR),
    Visit("searches", "/admin/reports/searches/", Visitor.EDITOR),
    Visit("synonyms", "/admin/synonyms/", Visitor.EDITOR),
    Visit("new synonym", "/admin/synonyms/new/", Visitor.EDITOR),
    Visit("search redirects", "/admin/search-redirects/", Visitor.EDITOR),
    Visit("new search redirect", "/admin/search-redirects/new/", Visitor.EDITOR),
]
STAFFS = [
    Visit("orders", "/admin/orders/", Visitor.STAFF),
    Visit("order to send", "/admin/orders/inspect/{to_send}/", Visitor.STAFF),
    Visit("order sent", "/admin/orders/inspect/{sent}/", Visitor.STAFF),
    Visit("order returned", "/admin/orders/inspect/{returned}/", Visitor.STAFF),
    Visit("order disputed", "/admin/orders/inspect/{disputed}/", Visitor.STAFF),
    Visit("refund form", "/admin/orders/refund/{to_send}/", Visitor.STAFF),
    Visit("goods back", "/admin/orders/goods-back/{to_send}/", Visitor.STAFF),
    Visit("bill again", "/admin/orders/bill-again/{to_send}/", Visitor.STAFF),
    Visit("payments", "/admin/payments/attempts/", Visitor.STAFF),
    Visit("payment", "/admin/payments/attempts/inspect/{attempt}/", Visitor.STAFF),
    Visit("events", "/admin/payments/events/", Visitor.STAFF),
    Visit("event", "/admin/payments/events/inspect/{event}/", Visitor.STAFF),
    Visit("refunds", "/admin/payments/refunds/", Visitor.STAFF),
    Visit("refund", "/admin/payments/refunds/inspect/{refund}/", Visitor.STAFF),
    Visit("disputes", "/admin/payments/disputes/", Visitor.STAFF),
    Visit("dispute", "/admin/payments/disputes/inspect/{dispute}/", Visitor.STAFF),
    Visit("findings", "/admin/payments/findings/", Visitor.STAFF),
    Visit("coupons", "/admin/coupons/", Visitor.STAFF),
    Visit("new coupon", "/admin/coupons/create/", Visitor.STAFF),
    Visit("coupon", "/admin/coupons/inspect/{coupon}/", Visitor.STAFF),
    Visit("coupon form", "/admin/coupons/edit/{coupon}/", Visitor.STAFF),
    Visit("invoices", "/admin/invoices/", Visitor.STAFF),
    Visit("invoice", "/admin/invoices/inspect/{invoice}/", Visitor.STAFF),
    Visit("messages", "/admin/messages/", Visitor.STAFF),
    Visit("message", "/admin/messages/inspect/{message}/", Visitor.STAFF),
    Visit("shipping methods", "/admin/shippingmethod/", Visitor.STAFF),
    Visit("shipping method", "/admin/shippingmethod/edit/{method}/", Visitor.STAFF),
    Visit("shipping zones", "/admin/shippingzone/", Visitor.STAFF),
    Visit("shipping zone", "/admin/shippingzone/edit/{zone}/", Visitor.STAFF),
    Visit("VAT rates", "/admin/taxrate/", Visitor.STAFF),
    Visit("VAT rate", "/admin/taxrate/edit/{rate}/", Visitor.STAFF),
]
ADMIN = [
    *EDITORS,
    *STAFFS,
    Visit("seller", "/admin/settings/invoices/seller/", Visitor.OWNER),
]
