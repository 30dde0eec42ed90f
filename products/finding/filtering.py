"""What a list's address may ask for, read with care and written in one order."""

import re
from collections.abc import Container
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from . import words

MOST_VALUES = 20  # of one parameter: more are nobody's choice

_AMOUNT = re.compile(r"[0-9]{1,9}([.,][0-9]{1,3})?")


@dataclass(frozen=True)
class Filters:
    """What a shopper narrowed a list to. Values of one group are alternatives, groups all hold."""

    categories: tuple[str, ...] = ()  # slugs, of the categories right below
    options: tuple[tuple[str, str], ...] = ()  # Size, 100 g
    price_from: Decimal | None = None
    price_to: Decimal | None = None
    only_available: bool = False

    def __bool__(self) -> bool:
        return self != Filters()

    def among(self, categories: Container[str]) -> "Filters":
        """Without categories that are not there, as in an old bookmark."""
        return replace(
            self, categories=tuple(each for each in self.categories if each in categories)
        )

    def values_of(self, option: str) -> list[str]:
        return [value for name, value in self.options if name == option]

    @property
    def option_names(self) -> list[str]:
        return list(dict.fromkeys(name for name, _value in self.options))

    def without(self, **parts: Any) -> "Filters":
        """These filters less `category=` or `option=` one value, or all of `price`, `available`."""
        return replace(
            self,
            categories=tuple(each for each in self.categories if each != parts.get("category")),
            options=tuple(each for each in self.options if each != parts.get("option")),
            price_from=None if "price" in parts else self.price_from,
            price_to=None if "price" in parts else self.price_to,
            only_available=self.only_available and "available" not in parts,
        )

    def pairs(self) -> list[tuple[str, str]]:
        """As parameters of an address, always in the same order."""
        return [
            *(("category", slug) for slug in self.categories),
            *(("option", f"{name}:{value}") for name, value in self.options),
            *([("price_from", f"{self.price_from.normalize():f}")] if self.price_from else []),
            *([("price_to", f"{self.price_to.normalize():f}")] if self.price_to else []),
            *([("available", "1")] if self.only_available else []),
        ]


def read(parameters: QueryDict) -> Filters:
    """The filters that an address asks for. What cannot be read asks for nothing."""
    return Filters(
        categories=_values(parameters, "category"),
        options=tuple(
            (name, value)
            for name, colon, value in (
                each.partition(":") for each in _values(parameters, "option")
            )
            if name and value
        ),
        price_from=_amount(parameters.get("price_from", "")),
        price_to=_amount(parameters.get("price_to", "")),
        only_available=parameters.get("available") == "1",
    )


def query_string(query: str, filters: Filters, **others: str) -> str:
    """The part of an address behind the question mark; empty values are left out."""
    pairs = [("q", query), *filters.pairs(), *others.items()]
    return urlencode([(name, value) for name, value in pairs if value])


def _values(parameters: QueryDict, name: str) -> tuple[str, ...]:
    asked = (words.clean(each) for each in parameters.getlist(name)[:MOST_VALUES])
    return tuple(sorted({each for each in asked if each}))


def _amount(text: str) -> Decimal | None:
    """An amount in major units, with a comma or a point; None for anything else."""
    return Decimal(text.replace(",", ".")) if _AMOUNT.fullmatch(text.strip()[:20]) else None
