"""How Stripe counts money: https://docs.stripe.com/currencies#zero-decimal"""

from decimal import Decimal

from .protocol import GatewayRefused, TooLittle

ZERO_DECIMAL = frozenset(
    "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split()  # noqa: SIM905
)
THREE_DECIMAL = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])
# Counted in hundredths though their smallest coin is a whole one.
WHOLE_IN_HUNDREDTHS = frozenset({"ISK", "UGX"})
# https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts, in major units. For other
# currencies Stripe converts its minimum at the rate of the day, which only Stripe knows.
MINIMUM = {
    code: Decimal(amount)
    for code, amount in {
        "AED": "2", "AUD": "0.50", "BRL": "0.50", "CAD": "0.50", "CHF": "0.50", "CZK": "15",
        "DKK": "2.50", "EUR": "0.50", "GBP": "0.30", "HKD": "4", "HUF": "175", "INR": "0.50",
        "JPY": "50", "MXN": "10", "MYR": "2", "NOK": "3", "NZD": "0.50", "PLN": "2", "RON": "2",
        "SEK": "3", "SGD": "0.50", "THB": "10", "USD": "0.50",
    }.items()
}  # fmt: skip
MOST_UNITS = 99_999_999  # eight digits


def minor_units(amount: Decimal, currency: str) -> int:
    """`amount` as Stripe's integer. Raises GatewayRefused for what Stripe could not charge."""
    code = currency.upper()
    digits = _digits(code)
    scaled = amount.scaleb(digits)
    step = 10 if code in THREE_DECIMAL else 100 if code in WHOLE_IN_HUNDREDTHS else 1
    if scaled != int(scaled) or int(scaled) % step:
        raise GatewayRefused(f"{amount} {code} is not an amount Stripe can charge")
    return int(scaled)


def check_payable(amount: Decimal, currency: str) -> None:
    """Raises GatewayRefused (TooLittle, below its minimum) for a charge Stripe would not make."""
    if amount < (minimum := MINIMUM.get(currency.upper(), Decimal(0))):
        raise TooLittle(minimum, currency)
    if minor_units(amount, currency) > MOST_UNITS:
        raise GatewayRefused(f"{amount} {currency} is more than Stripe charges at once")


def major_units(amount_minor: int, currency: str) -> Decimal:
    """What Stripe's integer is worth."""
    return Decimal(amount_minor).scaleb(-_digits(currency.upper()))


def _digits(code: str) -> int:
    return 0 if code in ZERO_DECIMAL else 3 if code in THREE_DECIMAL else 2
