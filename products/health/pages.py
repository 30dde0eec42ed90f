"""What is wrong with pages."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db.models import Count, Exists, F, OuterRef
from django.db.models.functions import Trim
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page

from ..models import ProductPage, ProductPicture, Variant
from .findings import Finding, Kind
from .walking import Contents

TELEPHONE = re.compile(r"tel:\+?[\d().\s/-]{3,30}")


def sold_out(pages: Sequence[Contents]) -> Iterator[Finding]:
    """Products that a page shows by choice and nobody can buy."""
    free = Variant.objects.filter(
        product=OuterRef("product"), is_active=True, stock__on_hand__gt=F("stock__reserved")
    )
    gone = ProductPage.objects.live().filter(pk__in=_chosen(pages)).exclude(Exists(free))
    titles = dict(gone.values_list("pk", "title"))
    for found, title in _chosen_among(pages, titles):
        yield _on(found, Kind.SOLD_OUT, _("%(product)s is sold out.") % {"product": title})


def unpublished(pages: Sequence[Contents]) -> Iterator[Finding]:
    """Products that a page would show if they were published."""
    hidden = ProductPage.objects.filter(pk__in=_chosen(pages), live=False)
    titles = dict(hidden.values_list("pk", "title"))
    for found, title in _chosen_among(pages, titles):
        yield _on(found, Kind.UNPUBLISHED, _("%(product)s is not published.") % {"product": title})


def dead_links(pages: Sequence[Contents]) -> Iterator[Finding]:
    """Links to pages that are gone or not published, and addresses that cannot be right.

    Nobody's server is asked: a well-formed address may still lead nowhere.
    """
    wanted = {key for found in pages for key in (*found.chosen, *found.linked)}
    known = {page.pk: page for page in Page.objects.filter(pk__in=wanted)}
    hidden_products = set(
        ProductPage.objects.filter(pk__in=wanted, live=False).values_list("pk", flat=True)
    )
    for found in pages:
        for key in found.linked:
            if why := _why_dead(known.get(key)):
                yield _on(found, Kind.DEAD_LINK, why)
        for key in found.chosen:
            # A product that is not published is a finding of its own.
            if key not in hidden_products and (why := _why_dead(known.get(key))):
                yield _on(found, Kind.DEAD_LINK, why)
        for address in found.addresses:
            if not is_well_formed(address):
                said = _("“%(address)s” is no address.") % {"address": address[:200]}
                yield _on(found, Kind.DEAD_LINK, said)


def bare_pictures(pages: Sequence[Contents]) -> Iterator[Finding]:
    """Pictures that say nothing to those who cannot see them, in texts and in galleries."""
    for found in pages:
        if number := found.bare_pictures:
            yield _on(found, Kind.ALT_TEXT, _("In the text: %(number)s") % {"number": number})
    nameless = ProductPicture.objects.alias(words=Trim("alt_text")).filter(words="")
    galleries = ProductPage.objects.live().filter(gallery__in=nameless)
    for page in galleries.annotate(number=Count("gallery")).order_by("path").iterator():
        said = _("In the gallery: %(number)s") % {"number": page.number}
        yield _on(page, Kind.ALT_TEXT, said)


def undescribed() -> Iterator[Finding]:
    """Live pages of which search engines must guess what they are about."""
    silent = Page.objects.live().alias(words=Trim("search_description")).filter(words="")
    for page in silent.filter(depth__gt=1).order_by("path").iterator():
        yield _on(page, Kind.DESCRIPTION, _("Search engines pick words of their own."))


def without_product() -> Iterator[Finding]:
    """Product pages that sell nothing."""
    for page in ProductPage.objects.filter(product=None).order_by("path").iterator():
        said = _("It is published and sells nothing.") if page.live else _("A draft so far.")
        yield _on(page, Kind.NO_PRODUCT, said)


def is_well_formed(address: str) -> bool:
    """Whether a link can lead anywhere: http(s), mail, telephone, or a place in this shop."""
    try:
        parts = urlsplit(address)
        if parts.scheme in ("http", "https"):
            URLValidator(("http", "https"))(address)
        elif parts.scheme == "mailto":
            validate_email(parts.path)
        elif parts.scheme == "tel":
            return bool(TELEPHONE.fullmatch(address))
        else:
            return not parts.scheme and address.startswith(("/", "#", "?"))
    except (ValidationError, ValueError):
        return False
    return True


def _chosen(pages: Sequence[Contents]) -> set[int]:
    return {key for found in pages for key in found.chosen}


def _chosen_among(
    pages: Sequence[Contents], titles: dict[int, str]
) -> Iterator[tuple[Contents, str]]:
    for found in pages:
        for key in dict.fromkeys(found.chosen):
            if key in titles:
                yield found, titles[key]


def _why_dead(page: Page | None) -> str:
    if page is None:
        return _("It leads to a page that was deleted.")
    if not page.live:
        return _("It leads to “%(title)s”, which is not published.") % {"title": page.title}
    return ""


def _on(page: Page | Contents, kind: Kind, detail: str) -> Finding:
    return Finding(kind, page.title, detail, reverse("wagtailadmin_pages:edit", args=[page.pk]))
