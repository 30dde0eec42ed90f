"""The catalogue: pages are words, records are money."""

from .append_only import WrittenForGood
from .contents import ContentUnit
from .generations import Generation
from .listed import ListedOption, ListedProduct, SearchWord, StaleListing
from .pages import CategoryPage, ProductPage, ProductPicture, RelatedProduct
from .planned_prices import PlannedPrice
from .prices import Price, PriceChange
from .products import Product, TaxClass, Variant
from .searches import SearchOutcome, SearchRedirect, Synonym
from .stock import StockItem, StockMovement

__all__ = [
    "CategoryPage",
    "ContentUnit",
    "Generation",
    "ListedOption",
    "ListedProduct",
    "PlannedPrice",
    "Price",
    "PriceChange",
    "Product",
    "ProductPage",
    "ProductPicture",
    "RelatedProduct",
    "SearchOutcome",
    "SearchRedirect",
    "SearchWord",
    "StaleListing",
    "StockItem",
    "StockMovement",
    "Synonym",
    "TaxClass",
    "Variant",
    "WrittenForGood",
]
