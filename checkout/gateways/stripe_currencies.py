"""How Stripe counts money: https://docs.stripe.com/currencies#zero-decimal"""

from decimal import Decimal

from .protocol import GatewayRefused

ZERO_DECIMAL = frozenset(
    "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split()  # noqa: SIM905
)
THREE_DECIMAL = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])
# Counted in hundredths though their smallest coin is a whole one.
WHOLE_IN_HUNDREDTHS = frozenset({"ISK", "UGX"})


def minor_units(amount: Decimal, currency: str) -> int:
    """`amount` as Stripe's integer. Raises GatewayRefused for what Stripe could not charge."""
    code = currency.upper()
    digits = _digits(code)
    scaled = amount.scaleb(digits)
    step = 10 if code in THREE_DECIMAL else 100 if code in WHOLE_IN_HUNDREDTHS else 1
    if scaled != int(scaled) or int(scaled) % step:
        raise GatewayRefused(f"{amount} {code} is not an amount Stripe can charge")
    return int(scaled)


def major_units(amount_minor: int, currency: str) -> Decimal:
    """What Stripe's integer is worth."""
    return Decimal(amount_minor).scaleb(-_digits(currency.upper()))


def _digits(code: str) -> int:
    return 0 if code in ZERO_DECIMAL else 3 if code in THREE_DECIMAL else 2
