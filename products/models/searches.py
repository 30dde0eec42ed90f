"""What the search desk knows: words that mean others, ways past the search, and what was found."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, PageChooserPanel
from wagtail.contrib.search_promotions.models import Query
from wagtail.models import Page
from wagtail.search.utils import normalise_query_string

LONGEST = 200  # characters of a search that anybody reads


class SearchedFor(models.Model):
    """A term as it is compared: in small letters, without blanks around it."""

    term = models.CharField(
        _("search term"), max_length=LONGEST, unique=True, help_text=_("What shoppers type.")
    )

    class Meta:
        abstract = True

    def clean(self) -> None:
        self.term = normalise_query_string(self.term)


class Synonym(SearchedFor):
    """Who searches for one also finds the other."""

    means = models.CharField(
        _("also find"), max_length=LONGEST, help_text=_("What the shop calls it.")
    )

    panels = [FieldPanel("term"), FieldPanel("means")]

    class Meta:
        ordering = ["term"]
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")

    def __str__(self) -> str:
        return f"{self.term} → {self.means}"

    def clean(self) -> None:
        super().clean()
        self.means = normalise_query_string(self.means)
        if self.term == self.means:
            raise ValidationError({"means": _("Both are the same: name another word.")})


class SearchRedirect(SearchedFor):
    """Who searches for exactly this is taken to a page, past all results."""

    page = models.ForeignKey(Page, models.CASCADE, related_name="+", verbose_name=_("page"))

    panels = [FieldPanel("term"), PageChooserPanel("page")]

    class Meta:
        ordering = ["term"]
        verbose_name = _("search redirect")
        verbose_name_plural = _("search redirects")

    def __str__(self) -> str:
        return f"{self.term} → {self.page}"


class SearchOutcome(models.Model):
    """How much a search found the last time. How often it is made are Wagtail's daily hits."""

    query: Any = models.OneToOneField(
        Query, models.CASCADE, primary_key=True, related_name="outcome"
    )
    results = models.PositiveIntegerField(_("results"), db_index=True)
    searched_at = models.DateTimeField(_("last searched at"))

    class Meta:
        verbose_name = _("search outcome")
        verbose_name_plural = _("search outcomes")

    def __str__(self) -> str:
        return f"{self.query}: {self.results}"
