"""What a mistyped query may have meant: words that product pages use and that look like it."""

from difflib import get_close_matches

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Length

from ..models import SearchWord
from . import words

CLOSE = 0.7  # of difflib's ratio: "shencha" is to "sencha" 0.92
MOST_CANDIDATES = 50  # PostgreSQL has sorted them by likeness
MOST_READ = 2000  # SQLite has not


def corrected(query: str) -> str:
    """The query with every unknown word replaced by the known one most like it.

    Empty if no word is unknown, or nothing is like one of them.
    """
    asked = words.asked_for(query)
    meant = [_nearest(word) for word in asked]
    return " ".join(meant) if all(meant) and meant != asked else ""


def _nearest(word: str) -> str:
    if word.isdigit() or SearchWord.objects.filter(text__startswith=word).exists():
        return word
    candidates = _candidates(word).values_list("text", flat=True)
    return next(iter(get_close_matches(word, candidates, n=1, cutoff=CLOSE)), "")


def _candidates(word: str) -> QuerySet[SearchWord]:
    if connection.vendor == "postgresql":
        # Letters that changed places leave few trigrams, but are seldom at a word's beginning.
        alike = SearchWord.objects.filter(
            Q(text__trigram_similar=word) | Q(text__startswith=word[:2])
        )
        return alike.order_by(TrigramSimilarity("text", word).desc(), "text")[:MOST_CANDIDATES]
    # Words of about this length with the same first letter, which is seldom the mistyped one.
    near = SearchWord.objects.alias(length=Length("text")).filter(
        text__startswith=word[0], length__gte=len(word) - 2, length__lte=len(word) + 2
    )
    return near.order_by("text")[:MOST_READ]
