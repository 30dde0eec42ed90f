"""What landing and content pages are made of, and how editors see it before they choose."""

import pytest
import zeal
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from home.blocks import CONTENT_BLOCKS, LANDING_BLOCKS
from home.models import ContentPage
from products.models import CategoryPage, ProductPage
from products.tests.factories import make_category, make_home, make_variant

pytestmark = pytest.mark.django_db

# What tells that the preview shows something.
WORDS = {
    "text": "How we buy",
    "picture": "<picture",
    "quote": "outside Uji",
    "questions": "How long does tea keep?",
    "notice": "Closed until Monday",
    "featured": "Sencha",
    "carousel": "Sencha",
    "categories": "Teaware",
    "hero": "Tea that takes its time",
    "picture_and_text": "Small harvests",
}
PREVIEWED = dict([*CONTENT_BLOCKS, *LANDING_BLOCKS])


def publish(*blocks) -> None:
    home = make_home()
    home.body = list(blocks)
    home.save_revision().publish()


def chosen(*titles: str, heading: str = "") -> dict:
    pages = [ProductPage.objects.get(title=title) for title in titles]
    return {"heading": heading, "products": pages}


def queries_of(client, address: str) -> int:
    """How many a page takes once its caches are warm."""
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_five_blocks_of_products_cost_no_more_queries_than_one_of_each(client):
    for number in range(6):
        make_variant(f"TEA-{number}", title=f"Tea {number}")
    shelf = {"heading": "", "categories": [CategoryPage.objects.get()]}
    goods = [
        ("featured", chosen("Tea 0")),
        ("carousel", chosen("Tea 1", "Tea 2")),
        ("categories", shelf),
    ]
    more = [("featured", chosen("Tea 3", "Tea 4")), ("carousel", chosen("Tea 5")), *goods]

    publish(*goods)
    few = queries_of(client, "/")
    publish(*goods, *more)

    with zeal.zeal_context():
        assert queries_of(client, "/") == few


def test_what_is_not_published_drops_out_and_takes_an_empty_block_along(client):
    make_variant("TEA-1", title="Sencha")
    make_variant("TEA-2", title="Draft", live=False)
    publish(
        ("carousel", chosen("Draft", "Sencha", heading="On one line")),
        ("featured", chosen("Draft", heading="Nobody sees this")),
    )

    shown = client.get("/").content.decode().partition("<main")[2]

    assert "On one line" in shown
    assert "Sencha" in shown
    assert "Draft" not in shown
    assert "Nobody sees this" not in shown


def test_words_are_shown_as_text_and_answers_unfold_without_script(client):
    publish(
        ("quote", {"words": "<b>Good</b>", "who": "Ada", "source": "a customer"}),
        ("questions", {"heading": "", "questions": [{"question": "Why?", "answer": "<p>So.</p>"}]}),
        ("notice", {"tone": "warn", "title": "Late", "text": "<p>Parcels wait.</p>"}),
    )

    shown = client.get("/").content.decode()

    assert "<blockquote" in shown
    assert "&lt;b&gt;Good" in shown
    assert "<details" in shown
    assert "<h3>Why?</h3>" in shown
    assert 'class="notice notice--warn"' in shown


def test_a_page_of_words_may_show_products_too(client):
    make_variant("TEA-1", title="Sencha", price="8.75")
    words = ContentPage(title="Brewing", body=[("featured", chosen("Sencha"))])
    make_home().add_child(instance=words)

    assert "€8.75" in client.get("/brewing/").content.decode()


@pytest.mark.parametrize("name", PREVIEWED)
def test_every_block_is_described_and_previewed_to_editors(admin_client, picture, name):
    make_variant("TEA-1", title="Sencha")
    make_category("Teaware", image=picture)
    block = PREVIEWED[name]
    address = reverse("wagtailadmin_block_preview")

    shown = admin_client.get(address, {"id": block.definition_prefix})

    assert block.is_previewable
    assert block.get_description()
    assert shown.status_code == 200
    assert WORDS[name] in shown.content.decode()
