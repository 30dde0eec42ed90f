"""The test cards the hosted page knows, and what each of them does."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Card:
    """A test card number and its fate."""

    number: str
    title: str
    decline_code: str = ""
    code: str = ""
    message: str = ""
    asks_3ds: bool = False
    is_disputed: bool = False
    refund: str = "succeeds"  # or "fails" or "waits"

    @property
    def grouped(self) -> str:
        """The number as it is printed on a card."""
        return " ".join(self.number[i : i + 4] for i in range(0, len(self.number), 4))

    @property
    def last4(self) -> str:
        """The digits that may be shown."""
        return self.number[-4:]


CARDS = (
    Card("4242424242424242", "Pays"),
    Card(
        "4000000000000002",
        "Is declined",
        decline_code="generic_decline",
        code="card_declined",
        message="Your card was declined.",
    ),
    Card(
        "4000000000009995",
        "Has insufficient funds",
        decline_code="insufficient_funds",
        code="card_declined",
        message="Your card has insufficient funds.",
    ),
    Card("4000002500003155", "Asks for 3-D Secure", asks_3ds=True),
    Card("4000000000000259", "Pays, then is disputed", is_disputed=True),
    Card("4000000000005126", "Pays; a refund fails later", refund="fails"),
    Card("4000000000007726", "Pays; a refund waits first", refund="waits"),
)
BY_NUMBER = {card.number: card for card in CARDS}


class Rejected(Exception):
    """The number is no test card; the message tells the buyer why."""


def read(text: str) -> Card:
    """The card of a typed number, spaces and dashes allowed."""
    number = text.replace(" ", "").replace("-", "")
    if card := BY_NUMBER.get(number):
        return card
    if not number.isascii() or not number.isdigit() or not 13 <= len(number) <= 19:
        raise Rejected("Your card number is incomplete.")
    if not _passes_luhn(number):
        raise Rejected("Your card number is invalid.")
    raise Rejected("This is a sandbox: only its test cards work here. Never type a real one.")


def _passes_luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
