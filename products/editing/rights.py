"""Who may change what things cost and how many there are."""

from typing import Any


def may_change_price(user: Any) -> bool:
    return user.has_perm("products.change_price")


def may_change_stock(user: Any) -> bool:
    return user.has_perm("products.change_stockitem")


def may_change_price_or_stock(user: Any) -> bool:
    return may_change_price(user) or may_change_stock(user)
