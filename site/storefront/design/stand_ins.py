"""What samples show in place of things from the database."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django import forms
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.images.models import Filter

from home.models import ContentPage
from products.unit_prices import UnitPrice


def categories() -> list[ContentPage]:
    """What the header leads to."""
    return [page("Tea", "tea"), page("Teaware", "teaware"), page("Gifts", "gifts")]


def content() -> list[ContentPage]:
    """What the footer leads to."""
    return [
        page("Delivery & returns", "delivery-and-returns"),
        page("Terms", "terms"),
        page("Privacy", "privacy"),
    ]


def icons() -> list[str]:
    """Every drawing of the sprite."""
    sprite = Path(settings.BASE_DIR, "static/img/icons.svg").read_text()
    return re.findall(r'id="icon-([a-z-]+)"', sprite)


def page(title: str, slug: str) -> ContentPage:
    """A page that nobody saved."""
    return ContentPage(title=title, slug=slug, path=slug, url_path=f"/home/{slug}/")


def variant(label: str = "50 g", price: str = "8.90", available: int = 24, **more: Any) -> Any:
    """What templates ask of a variant with its price and stock."""
    facts = {
        "sku": f"SAMPLE-{label.replace(' ', '-').upper()}",
        "label": label,
        "price": Decimal(price),
        "available": available,
        "unit_price": UnitPrice(Decimal("178.00"), "kg"),
        "compare_at": None,
        "lowest_before": None,
        "image_id": None,
    }
    return SimpleNamespace(**{**facts, **more})


@dataclass(frozen=True)
class Rendition:
    """One drawing, whatever size it was asked for in."""

    url: str
    width: int = 480
    height: int = 480

    def img_tag(self, attributes: dict[str, Any]) -> SafeString:
        words = attributes.get("alt", "")
        return format_html('<img src="{}" width="480" height="480" alt="{}">', self.url, words)


class Picture:
    """Stands in for an image: nothing is stored, nothing is rendered."""

    default_alt_text = contextual_alt_text = "A bowl of tea"

    def get_rendition(self, spec: Filter | str) -> Rendition:
        return Rendition(static("img/sample.svg"))

    def find_existing_renditions(self, *filters: Filter) -> dict[Filter, Rendition]:
        return {each: self.get_rendition(each) for each in filters}


class Form(forms.Form):
    """One question of each kind."""

    name = forms.CharField(label="Name", widget=forms.TextInput({"class": "field__input"}))
    email = forms.EmailField(
        label="E-mail",
        help_text="For the confirmation and your invoice.",
        widget=forms.EmailInput({"class": "field__input"}),
    )
    company = forms.CharField(
        label="Company", required=False, widget=forms.TextInput({"class": "field__input"})
    )
    country = forms.ChoiceField(
        label="Country",
        choices=[("DE", "Germany"), ("FR", "France")],
        widget=forms.Select({"class": "field__input"}),
    )
    terms = forms.BooleanField(label="I have read and accept the terms of sale.")


def messages() -> Iterator[SimpleNamespace]:
    """One of each level."""
    for level, words in (
        ("success", "Added to your cart."),
        ("warning", "Only two are left."),
        ("error", "You can order 99 of one product at most."),
    ):
        yield Message(level_tag=level, words=words)


class Message(SimpleNamespace):
    """As Django's, which templates print."""

    def __str__(self) -> str:
        return str(self.words)
