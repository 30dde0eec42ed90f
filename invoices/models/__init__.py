"""What the books keep: the seller, the counters, the documents and their lines."""

from .documents import Invoice, InvoiceLine, TaxCategory, private_storage
from .numbers import NumberSeries
from .seller import Seller

__all__ = ["Invoice", "InvoiceLine", "NumberSeries", "Seller", "TaxCategory", "private_storage"]
