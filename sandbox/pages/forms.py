"""What the buyer types, checked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox import cards
from sandbox.cards import Card
from sandbox.objects.buying import Buyer

DEFAULTS = {
    "card_number": cards.CARDS[0].grouped,
    "expiry": "12 / 34",
    "cvc": "123",
    "name": "Test Buyer",
    "email": "buyer@example.com",
}

FIELDS = ("email", "card_number", "expiry", "cvc", "name")  # as the page shows them


@dataclass
class PaymentForm:
    """Values and errors by field name; `read` fills the errors in."""

    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def prefilled(cls, email: str | None, card: str | None) -> "PaymentForm":
        """A form that can be sent as it is."""
        chosen = cards.BY_NUMBER.get(card or "", cards.CARDS[0])
        values = DEFAULTS | {"card_number": chosen.grouped}
        return cls(values | ({"email": email} if email else {}))

    @classmethod
    def sent(cls, data: Mapping[str, str]) -> "PaymentForm":
        """A form as the browser sent it."""
        return cls({name: data.get(name, "").strip() for name in DEFAULTS})

    @property
    def problems(self) -> list[tuple[str, str]]:
        """The errors in the order of the fields."""
        return [(name, self.errors[name]) for name in FIELDS if name in self.errors]

    def buyer(self) -> Buyer:
        """Who pays; notes what is wrong with it."""
        if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", self.values["email"]):
            self.errors["email"] = "Enter an email address such as name@example.com."
        if not self.values["name"]:
            self.errors["name"] = "Enter the name on the account."
        return Buyer(self.values["email"], self.values["name"])

    def card(self) -> Card | None:
        """The card, unless something is wrong with it."""
        if not re.fullmatch(r"(0[1-9]|1[0-2])\s*/\s*\d\d", self.values["expiry"]):
            self.errors["expiry"] = "Write the expiry as 12 / 34."
        if not re.fullmatch(r"\d{3,4}", self.values["cvc"]):
            self.errors["cvc"] = "Enter the 3 or 4 digits of the CVC."
        try:
            return cards.read(self.values["card_number"])
        except cards.Rejected as reason:
            self.errors["card_number"] = str(reason)
            return None
