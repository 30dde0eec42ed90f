"""Coupon codes as people type them, and as the shop makes them."""

import re
import secrets
import unicodedata
from collections.abc import Iterator

from .models import CODE_PATTERN, Coupon, CouponCode

# No 0/O, 1/I/L, 2/Z, 5/S, 8/B, U/V: a code is read off paper and out on the telephone.
SPEAKABLE = "34679ACDEFGHJKMNPQRTWXY"
LONGEST_INPUT = 100  # what anybody may type; a code has 32 characters at most
MOST_AT_ONCE = 10_000
# 23 letters to the power of 8 are 78 thousand million: of 10,000 codes, one in 8 million guesses.
SHORTEST, LONGEST = 8, 20


class NotACode(ValueError):
    """No coupon could have this code."""


def tidied(typed: str) -> str:
    """`typed` as codes are stored: " spring‑10" and "ＳＰＲＩＮＧ-10" are SPRING-10.

    Raises NotACode.
    """
    if len(typed) > LONGEST_INPUT:
        raise NotACode
    plain = unicodedata.normalize("NFKC", typed)
    code = "".join(map(_plain, plain)).upper()
    if not re.fullmatch(CODE_PATTERN, code):
        raise NotACode
    return code


def make(coupon: Coupon, *, count: int, start: str = "", length: int) -> list[CouponCode]:
    """So many new codes of `length` random letters after `start-`, each good for one order.

    One insert. Raises IntegrityError if chance made a code that there is already; then none is
    kept, and another try will do.
    """
    return CouponCode.objects.bulk_create(
        [
            CouponCode(coupon=coupon, code=code, is_single_use=True)
            for code in _random(count, f"{start}-" if start else "", length)
        ],
        batch_size=2000,
    )


def _random(count: int, start: str, length: int) -> Iterator[str]:
    made: set[str] = set()
    while len(made) < count:
        made.add(start + "".join(secrets.choice(SPEAKABLE) for _ in range(length)))
    return iter(made)


def _plain(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Pd":  # every dash there is
        return "-"
    # Blanks, and what cannot be seen: copied from a mail or a chat.
    return "" if char.isspace() or category == "Cf" else char
