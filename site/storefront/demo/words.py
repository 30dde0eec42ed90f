"""The landing page and the pages that sell nothing."""

from typing import Any

from wagtail.models import Page
from wagtail.rich_text import RichText

from home.models import ContentPage, HomePage
from products.models import CategoryPage, ProductPage

from . import read
from .images import image
from .shelves import publish


def load() -> None:
    """Fill the landing page if it is empty, and write the content pages that are missing."""
    words = read("pages")
    home = HomePage.objects.get()
    if not home.body:
        _open(home, words["home"])
    for entry in words["page"]:
        if not ContentPage.objects.child_of(home).filter(slug=entry["slug"]).exists():
            publish(_content_page(entry), below=home)


def _open(home: HomePage, entry: dict[str, Any]) -> None:
    home.title = home.draft_title = entry["title"]
    home.seo_title = entry["seo_title"]
    home.search_description = entry["description"]
    home.body = [
        ("hero", _hero(entry["hero"])),
        ("notice", {**entry["notice"], "text": RichText(entry["notice"]["text"])}),
        ("featured", _products(entry["featured"])),
        ("categories", _shelves(entry["shelves"])),
        ("picture_and_text", _picture_and_text(entry["words"])),
        ("carousel", _products(entry["carousel"])),
        ("quote", entry["quote"]),
        ("questions", _questions(entry["questions"])),
    ]
    home.save_revision().publish()


def _hero(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": entry["title"],
        "text": entry["text"],
        "image": image(*entry["picture"]),
        "page": CategoryPage.objects.get(slug=entry["page"]),
        "button": entry["button"],
    }


def _products(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "heading": entry["heading"],
        "products": [ProductPage.objects.get(slug=slug) for slug in entry["products"]],
    }


def _questions(entry: dict[str, Any]) -> dict[str, Any]:
    asked = [{**one, "answer": RichText(one["answer"])} for one in entry["questions"]]
    return {"heading": entry["heading"], "questions": asked}


def _shelves(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "heading": entry["heading"],
        "categories": [CategoryPage.objects.get(slug=slug) for slug in entry["categories"]],
    }


def _picture_and_text(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "image": image(*entry["picture"]),
        "heading": entry["heading"],
        "text": RichText(entry["text"]),
    }


def _content_page(entry: dict[str, Any]) -> Page:
    blocks: list[tuple[str, Any]] = [("text", entry["text"])]
    if "picture" in entry:
        blocks.insert(0, ("picture", image(*entry["picture"])))
    if "quote" in entry:
        blocks.append(("quote", entry["quote"]))
    if "featured" in entry:
        blocks.append(("featured", _products(entry["featured"])))
    return ContentPage(
        title=entry["title"],
        slug=entry["slug"],
        intro=entry["intro"],
        search_description=entry["intro"],
        body=blocks,
        show_in_menus=True,
    )
