"""The search desk: what is searched for is counted and mended."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.contrib.search_promotions.models import Query, SearchPromotion

from products.finding.recording import forget_old, record
from products.models import SearchOutcome, Synonym

pytestmark = pytest.mark.django_db


def test_spelling_a_search_differently_counts_as_one():
    for term in ("Green Tea", "  green   tea", "GREEN TEA"):
        record(term, results=4, at=timezone.now())

    query = Query.objects.get()
    assert (query.query_string, query.hits) == ("green tea", 3)


def test_what_a_search_finds_now_is_what_counts():
    now = timezone.now()
    record("matcha", results=0, at=now)
    record("matcha", results=2, at=now + timedelta(minutes=1), hits=5)

    outcome = SearchOutcome.objects.get()
    assert outcome.results == 2
    assert outcome.query.hits == 6


@pytest.mark.parametrize("term", ["", "   ", "\t\n"])
def test_a_blank_search_is_not_counted(term):
    record(term, results=0, at=timezone.now())

    assert not Query.objects.exists()


def test_an_endless_search_is_counted_by_its_beginning():
    record("x" * 100_000, results=0, at=timezone.now())

    assert len(Query.objects.get().query_string) == 200


def test_after_a_season_searches_are_forgotten_but_promotions_stay():
    now = timezone.now()
    record("old", results=0, at=now - timedelta(days=100))
    record("promoted", results=1, at=now - timedelta(days=100))
    record("new", results=1, at=now)
    SearchPromotion.objects.create(
        query=Query.get("promoted"), external_link_url="https://example.com/"
    )

    forget_old(at=now)

    assert set(Query.objects.values_list("query_string", flat=True)) == {"promoted", "new"}


def test_a_synonym_is_compared_as_searches_are():
    synonym = Synonym(term="  Green  TEA ", means="Sencha")
    synonym.full_clean()

    assert (synonym.term, synonym.means) == ("green tea", "sencha")
