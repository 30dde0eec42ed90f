"""What shoppers search for and how much they find. Knows terms and days, never who searched."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from wagtail.contrib.search_promotions.models import Query, QueryDailyHits
from wagtail.search.utils import normalise_query_string

from ..models import SearchOutcome
from ..models.searches import LONGEST

KEPT_DAYS = 90  # a season; after that nobody mends what was searched for


@transaction.atomic
def record(term: str, *, results: int, at: datetime, hits: int = 1) -> None:
    """Count `hits` searches for `term`, and note how many pages the last of them found.

    A blank term is not counted; one that is too long is cut.
    """
    if not (words := normalise_query_string(term)[:LONGEST]):
        return
    query, _new = Query.objects.get_or_create(query_string=words)
    day, _new = QueryDailyHits.objects.get_or_create(query=query, date=timezone.localdate(at))
    # Counted by the database: searches at the same moment are all counted.
    QueryDailyHits.objects.filter(pk=day.pk).update(hits=F("hits") + hits)
    SearchOutcome.objects.update_or_create(
        query=query, defaults={"results": results, "searched_at": at}
    )


def forget_old(*, at: datetime) -> None:
    """Delete counts older than a season, then the terms that nothing is known of any more."""
    first = timezone.localdate(at) - timedelta(days=KEPT_DAYS)
    QueryDailyHits.objects.filter(date__lt=first).delete()
    Query.garbage_collect()
