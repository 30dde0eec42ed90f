"""Why nothing was ordered, in words for the shopper."""

from django.db import OperationalError
from django.utils.translation import gettext as _

from products.money import formatted

from ..gateways.protocol import GatewayRefused, GatewayUnavailable, TooLittle
from ..orders import placing, redeeming
from . import ordering

REFUSALS = (
    placing.NoVatRate,
    placing.SoldOut,
    placing.TooManyUnpaid,
    placing.TotalChanged,
    ordering.FormUsedUp,
    ordering.OrderedElsewhere,
    ordering.TooManyOrders,
    redeeming.CouponGone,
    GatewayRefused,
    GatewayUnavailable,
    OperationalError,  # somebody else held a lock for too long
)


def why(refusal: Exception) -> str:
    """The refusal in words for the shopper. Nothing was ordered, as far as we know."""
    match refusal:
        case placing.NoVatRate():
            return _(
                "Nothing can be ordered at the moment: a VAT rate is missing in the shop. Please "
                "write to us."
            )
        case placing.SoldOut():
            return _("Not enough left of: %(names)s.") % {"names": refusal}
        case placing.TotalChanged():
            return _("The total has changed. Please check it and order again.")
        case redeeming.CouponGone():
            return _("%(why)s Please check the total without it and order again.") % {
                "why": refusal
            }
        case placing.TooManyUnpaid():
            return _(
                "You have several orders waiting for payment. Please pay or cancel one of them "
                "first: the links are in your mails. What is not paid is cancelled after some "
                "hours."
            )
        case ordering.TooManyOrders():
            return _("Many orders have come from your network. Please try again in an hour.")
        case ordering.FormUsedUp():
            return _("This order was closed meanwhile. Please check it and order again.")
        case ordering.OrderedElsewhere():
            return _("You have just ordered in another window. Order again to replace that order.")
        case TooLittle(minimum=minimum, currency=currency):
            return _("An order that is paid online must come to %(least)s at least.") % {
                "least": formatted(minimum, currency)
            }
        case GatewayRefused():
            return _("The payment provider cannot take exactly this total. Please change the cart.")
        case GatewayUnavailable():
            return _("We cannot reach the payment provider. Nothing was ordered; please try again.")
        case _:
            # The answer to a commit may have been lost: sent again, the form is the same order.
            return _("The shop is very busy. Please try again; you will not order twice.")
