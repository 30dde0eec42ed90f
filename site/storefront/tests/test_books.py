"""The books are looked over while the shop goes on."""

from django.utils import timezone

from mailing.breaches import Breach
from storefront import books


def test_what_is_gone_at_the_second_look_is_no_breach(monkeypatch):
    stays = Breach("numbers have no gap", "INV-2026", "one is missing")
    passes = Breach("numbers have no gap", "CRN-2026", "the counter is ahead")
    looks = iter([[stays, passes], [stays]])
    monkeypatch.setattr(books, "_look", lambda at: next(looks))

    assert books.breaches(timezone.now()) == [stays]
