"""Currencies as Stripe counts them: amounts are whole numbers of the smallest unit."""

from decimal import Decimal

from babel.numbers import format_currency

ZERO_DECIMAL = {
    "bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf",
    "xof", "xpf",
}  # fmt: skip
THREE_DECIMAL = {"bhd", "jod", "kwd", "omr", "tnd"}
# The smallest charge that Stripe documents, for the currencies it names.
MINIMUM = {
    "usd": 50, "aud": 50, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250, "eur": 50,
    "gbp": 30, "hkd": 400, "huf": 17500, "inr": 50, "jpy": 50, "mxn": 1000, "myr": 200,
    "nok": 300, "nzd": 50, "pln": 200, "ron": 200, "sek": 300, "sgd": 50, "thb": 1000,
}  # fmt: skip


def decimals(currency: str) -> int:
    """How many digits follow the point: 0, 2 or 3."""
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def shown(amount: int, currency: str) -> str:
    """`1250, "eur"` as a person reads it: €12.50."""
    places = decimals(currency)
    pattern = "¤#,##0" + ("." + "0" * places if places else "")
    value = Decimal(amount).scaleb(-places)
    return format_currency(
        value, currency.upper(), format=pattern, locale="en", currency_digits=False
    )
