"""Which rows answer a query, and which of them first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.translation import get_language

from ..models import Synonym
from . import words
from .matching import MOST, Match, Rows, Sample, sample

# As the migrations that made the columns of PostgreSQL have them.
DICTIONARIES = {
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "it": "italian",
    "nb": "norwegian",
    "nl": "dutch",
    "pt": "portuguese",
    "sv": "swedish",
}
SHORTEST_BEGINNING = 3  # letters; a shorter word must be there as it is
LONGEST_TERM = 3  # words of a synonym
MOST_ALTERNATIVES = 5


@dataclass(frozen=True)
class Asked:
    """What is searched for: the words that must all be there, or those of an alternative."""

    alternatives: tuple[tuple[str, ...], ...]
    code: str  # the query as one word: perhaps a SKU
    shortest_beginning: int = SHORTEST_BEGINNING

    def __bool__(self) -> bool:
        return bool(self.alternatives)


def understood(query: str, **options: Any) -> Asked:
    """A query with its synonyms. One query, for these."""
    asked = words.asked_for(query)
    if not asked:
        return Asked((), "")
    others = _with_synonyms(asked)
    alternatives = list(dict.fromkeys([tuple(asked), *others]))[:MOST_ALTERNATIVES]
    return Asked(tuple(alternatives), words.code(query), **options)


def answering(rows: Rows, asked: Asked) -> Rows:
    """The rows with every word of one alternative, whole or as its beginning, wherever it is."""
    return _with_words(rows, asked, "vector", ("names", "facts", "prose"))


def called(rows: Rows, asked: Asked) -> Rows:
    """The rows with every word in the name, or in a SKU or GTIN."""
    return _with_words(rows, asked, "name_vector", ("names",))


def by_relevance(rows: Rows, asked: Asked, found: Sample) -> list[int]:
    """The keys of what answers, best first, `MOST` of them.

    `found` is a sample of it. If that is not all, those among `rows` are preferred that are called
    what is asked for.
    """
    matches = found.matches if found.is_complete else [*_preferred(rows, asked), *found.matches]
    best = sorted(dict.fromkeys(matches), key=relevance(asked))
    return [each.page_id for each in best[:MOST]]


def _preferred(rows: Rows, asked: Asked) -> Iterator[Match]:
    exact = Asked(((asked.code,),), asked.code, shortest_beginning=words.LONGEST_WORD + 1)
    yield from sample(called(rows, exact)).matches
    yield from sample(called(rows, asked)).matches


def _with_synonyms(asked: list[str]) -> list[tuple[str, ...]]:
    """The query with one of its terms replaced by what else the term means."""
    spans = [
        (start, end)
        for start in range(len(asked))
        for end in range(start + 1, min(start + LONGEST_TERM, len(asked)) + 1)
    ]
    terms = {" ".join(asked[start:end]): (start, end) for start, end in spans}
    means = Synonym.objects.filter(term__in=terms).values_list("term", "means")
    return [_replaced(asked, terms[term], words.asked_for(other)) for term, other in means]


def _replaced(asked: list[str], span: tuple[int, int], others: list[str]) -> tuple[str, ...]:
    return (*asked[: span[0]], *others, *asked[span[1] :])


def _with_words(rows: Rows, asked: Asked, vector: str, columns: tuple[str, ...]) -> Rows:
    if connection.vendor != "postgresql":
        return rows.filter(_contained(asked, columns))
    query = " | ".join(
        f"({' & '.join(_lexeme(word, asked) for word in alternative)})"
        for alternative in asked.alternatives
    )
    dictionary = DICTIONARIES.get((get_language() or "")[:2], "simple")
    column = RawSQL(  # noqa: S611  # one of two names; the model does not know these columns
        f'"products_listedproduct"."{vector}"', [], output_field=SearchVectorField()
    )
    return rows.alias(**{vector: column}).filter(
        **{vector: SearchQuery(query, config=dictionary, search_type="raw")}
    )


def _lexeme(word: str, asked: Asked) -> str:
    """A word for to_tsquery. It is letters and digits only, so there is nothing to escape."""
    return f"'{word}':*" if len(word) >= asked.shortest_beginning else f"'{word}'"


def _contained(asked: Asked, columns: tuple[str, ...]) -> Q:
    found = Q()
    for alternative in asked.alternatives:
        words_there = Q()
        for word in alternative:
            somewhere = [(f"{column}__contains", word) for column in columns]
            words_there &= Q(*somewhere, _connector=Q.OR)
        found |= words_there
    return found


def relevance(asked: Asked) -> Callable[[Match], tuple[Any, ...]]:
    """The SKU itself, the name itself, names that begin so, contain it, have all words; the rest.

    Among equals the editor's order decides.
    """
    phrases = [" ".join(alternative) for alternative in asked.alternatives]
    # Two letters less: the dictionary found "teapot" for "teapots".
    beginnings = [
        [f" {word[: max(SHORTEST_BEGINNING, len(word) - 2)]}" for word in alternative]
        for alternative in asked.alternatives
    ]

    def key(match: Match) -> tuple[Any, ...]:
        names = f" {match.names}"
        return (
            f" {asked.code} " not in f"{names} ",
            match.title not in phrases,
            not any(names.startswith(f" {phrase}") for phrase in phrases),
            not any(f" {phrase}" in names for phrase in phrases),
            not any(all(word in names for word in all_words) for all_words in beginnings),
            match.path,
        )

    return key
