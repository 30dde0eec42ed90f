"""A page with a text."""

from django.db import models
from wagtail.models import Page


class MinimalPage(Page):
    """Its title, its text, and links to the pages below."""

    text = models.TextField()

    template = "minimal/page.html"
