"""Keeping the rows that lists and search look at equal to what the pages say.

Whoever changes a page, a product, a price or whether something is available calls `refresh`;
moving a page moves others in the tree, and so `follow_moves`.
What was missed all the same, a worker repairs every night; availability within a minute.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, Subquery

from ..models import ListedOption, ListedProduct, ProductPage, SearchWord, StaleListing
from . import documents
from .documents import Document

BATCH = 500  # pages at a time

Options = dict[tuple[str, str], bool]


def refresh_products(product_ids: Iterable[int]) -> None:
    """Write anew what is kept of every page that shows one of these products."""
    pages = ProductPage.objects.filter(product__in=list(product_ids))
    refresh(pages.values_list("pk", flat=True))


def owe(variant_ids: Iterable[int], *, at: datetime) -> None:
    """These variants sold out or came back: have lists told, in the transaction that moves stock.

    After its commit, or whoever waited for a list's row would keep all buyers waiting. Who dies in
    between leaves a row that the next sweep finds.
    """
    rows = StaleListing.objects.bulk_create(
        StaleListing(variant_id=variant_id, since=at) for variant_id in variant_ids
    )
    owed = [row.pk for row in rows]
    transaction.on_commit(partial(settle, owed), robust=True)


@transaction.atomic
def settle(owed: Iterable[int]) -> None:
    """Write anew what is kept of every page that shows one of these `StaleListing`s' variants."""
    rows = StaleListing.objects.filter(pk__in=list(owed))
    refresh_products(rows.values_list("variant__product", flat=True))
    rows.delete()


@transaction.atomic
def refresh(page_ids: Iterable[int]) -> None:
    """Write anew what is kept of these pages; of those that are not live, nothing."""
    _write(sorted(page_ids))


def follow_moves() -> None:
    """Copy the places in the tree of all pages that have moved. One statement."""
    truth = ProductPage.objects.filter(pk=OuterRef("pk")).values("path")
    ListedProduct.objects.exclude(path=F("page__path")).update(path=Subquery(truth))


def repair() -> None:
    """Write everything anew, some pages at a time, and forget the words that no page uses."""
    before = set(SearchWord.objects.values_list("text", flat=True))
    used: set[str] = set()
    for page_ids in _batches():
        with transaction.atomic():
            found = _write(page_ids)
        used.update(*(document.vocabulary for document in found.values()))
    unused = sorted(before - used)
    for start in range(0, len(unused), BATCH):
        SearchWord.objects.filter(text__in=unused[start : start + BATCH]).delete()


def fill_if_empty() -> None:
    """Begin, in a shop that has pages already."""
    if not ListedProduct.objects.exists():
        repair()


def differing() -> Iterator[int]:
    """The pages whose row is not what it must be."""
    for page_ids in _batches():
        # Twice: the first time, a row may just have been about to be written.
        if suspects := _differing(page_ids):
            yield from _differing(suspects)


def _batches() -> Iterator[list[int]]:
    """The keys of all product pages, live or not, so many at a time."""
    last = 0
    keys = ProductPage.objects.order_by("pk").values_list("pk", flat=True)
    while batch := list(keys.filter(pk__gt=last)[:BATCH]):
        yield batch
        last = batch[-1]


def _write(page_ids: list[int]) -> Mapping[int, Document]:
    # Locked before the truth is read: whoever changes it meanwhile writes the row after us.
    list(ListedProduct.objects.select_for_update().filter(pk__in=page_ids).order_by("pk"))
    found = documents.read(page_ids)
    ListedProduct.objects.filter(pk__in=[pk for pk in page_ids if pk not in found]).delete()
    _write_products(found)
    _write_options(found)
    _write_words(found)
    return found


def _write_products(found: Mapping[int, Document]) -> None:
    rows = [ListedProduct(page_id=pk, **document.fields) for pk, document in found.items()]
    fields = [each.name for each in ListedProduct._meta.fields if not each.primary_key]
    ListedProduct.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["page"], update_fields=fields
    )


def _write_options(found: Mapping[int, Document]) -> None:
    """Options change seldom, prices and stock often: only those that differ are written."""
    kept = _kept_options(found)
    changed = {pk: each.options for pk, each in found.items() if each.options != kept.get(pk, {})}
    ListedOption.objects.filter(listed__in=changed).delete()
    ListedOption.objects.bulk_create(
        ListedOption(listed_id=pk, name=name, value=value, is_available=is_available)
        for pk, options in changed.items()
        for (name, value), is_available in options.items()
    )


def _write_words(found: Mapping[int, Document]) -> None:
    # In one order everywhere: two writers of the same new words would wait for each other.
    used = sorted(frozenset().union(*(document.vocabulary for document in found.values())))
    known = set(SearchWord.objects.filter(text__in=used).values_list("text", flat=True))
    SearchWord.objects.bulk_create(
        (SearchWord(text=word) for word in used if word not in known), ignore_conflicts=True
    )


def _kept_options(page_ids: Iterable[int]) -> dict[int, Options]:
    rows = ListedOption.objects.filter(listed__in=list(page_ids))
    kept: dict[int, Options] = {}
    for pk, name, value, available in rows.values_list("listed", "name", "value", "is_available"):
        kept.setdefault(pk, {})[name, value] = available
    return kept


def _differing(page_ids: list[int]) -> list[int]:
    truth = documents.read(page_ids)
    must = {pk: (document.fields, document.options) for pk, document in truth.items()}
    kept = _kept(page_ids)
    return [pk for pk in page_ids if kept.get(pk) != must.get(pk)]


def _kept(page_ids: list[int]) -> dict[int, tuple[dict[str, Any], Options]]:
    options = _kept_options(page_ids)
    rows: Any = ListedProduct.objects.filter(pk__in=page_ids).values()
    return {(pk := row.pop("page_id")): (row, options.get(pk, {})) for row in rows}
