"""What must hold of the country the shop sells from, whoever filled in the tables."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings

from invoices.models import Seller
from mailing.breaches import Breach

from ..tax import taxation, vat_ids


def breaches(*, at: datetime) -> Iterator[Breach]:
    """What staff entered, or did not, that SHOP_COUNTRY does not go with."""
    home = settings.SHOP_COUNTRY
    if not taxation.has_standard_rate(home, at=at):
        yield Breach("the shop's country has a standard rate", home, "no VAT rate in force")
    seller = Seller.load()
    # Who has a VAT id of the country that goods leave may well have a seat elsewhere.
    if home not in (seller.country, vat_ids.state(seller.vat_id.upper())):
        detail = f"the seller's details say {seller.country}, SHOP_COUNTRY {home}"
        yield Breach("the seller is at home where goods leave", home, detail)
