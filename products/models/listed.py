"""What lists and search know of the live product pages: copies, made to be found quickly.

`products.finding.documents` writes these rows, and can write all of them again from the truth: the
pages, prices and stock. They say which pages are found and in what order; what is then shown of a
page is the truth.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .pages import ProductPage
from .products import Variant


class ListedProduct(models.Model):
    """One live product page, with what it is found by and what it can be sorted by.

    On PostgreSQL the table has two columns more, which the database itself keeps: the three texts
    as one document in the dictionary of `language`, `vector`, and the names alone, `name_vector`.
    """

    page = models.OneToOneField(
        ProductPage, models.CASCADE, primary_key=True, related_name="listed"
    )
    path = models.CharField(max_length=255)  # in the tree of pages: a category's begins its own
    language = models.CharField(max_length=10)
    title = models.CharField(max_length=60)  # in words like those below, as lists sort it
    published_at = models.DateTimeField()
    # Of its active variants, in the shop's currency; null: none has a price.
    price = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    is_available = models.BooleanField()
    # Words in lower case, without accents and punctuation: what it is called, with SKUs and GTINs;
    # what it is, in a few words; and the rest.
    names = models.TextField()
    facts = models.TextField()
    prose = models.TextField()

    class Meta:
        verbose_name = _("listed product")
        verbose_name_plural = _("listed products")
        # Every order that a list may have. They end in the path, so that no two are equal.
        indexes = [
            models.Index(fields=["path"], name="listed_by_path"),
            models.Index(fields=["price", "path"], name="listed_by_price"),
            models.Index(fields=["-published_at", "path"], name="listed_by_date"),
            models.Index(fields=["title", "path"], name="listed_by_title"),
            # However many in a row are sold out, those that are not are met at once.
            models.Index(fields=["path"], condition=Q(is_available=True), name="available_by_path"),
        ]

    def __str__(self) -> str:
        return self.title


class ListedOption(models.Model):
    """One value of an option that a listed product comes in: Size, 100 g."""

    listed = models.ForeignKey(ListedProduct, models.CASCADE, related_name="options")
    name = models.CharField(max_length=40)
    value = models.CharField(max_length=60)
    is_available = models.BooleanField()  # some variant with this value is

    class Meta:
        verbose_name = _("option of a listed product")
        verbose_name_plural = _("options of listed products")
        constraints = [
            models.UniqueConstraint(
                fields=["listed", "name", "value"], name="an_option_is_listed_once"
            )
        ]
        indexes = [models.Index(fields=["name", "value", "listed"], name="listed_by_option")]

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"


class StaleListing(models.Model):
    """A variant that sold out or came back, until lists know: what is owed is a row.

    Rows are only added and removed, so that buyers never wait for one another here.
    """

    variant = models.ForeignKey(Variant, models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        verbose_name = _("stale listing")
        verbose_name_plural = _("stale listings")

    def __str__(self) -> str:
        return str(self.variant)


class SearchWord(models.Model):
    """A word that product pages use: what a mistyped one may have meant."""

    text = models.CharField(max_length=40, primary_key=True)

    class Meta:
        verbose_name = _("search word")
        verbose_name_plural = _("search words")

    def __str__(self) -> str:
        return self.text
