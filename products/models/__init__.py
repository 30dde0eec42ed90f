"""The catalogue: pages are words, records are money."""

from .pages import CategoryPage, ProductPage, ProductPicture
from .prices import Price, PriceChange
from .products import Product, TaxClass, Variant
from .stock import StockItem, StockMovement

__all__ = [
    "CategoryPage",
    "Price",
    "PriceChange",
    "Product",
    "ProductPage",
    "ProductPicture",
    "StockItem",
    "StockMovement",
    "TaxClass",
    "Variant",
]
