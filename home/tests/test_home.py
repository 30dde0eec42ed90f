"""The front door and the pages of words."""

import re

import pytest
import zeal
from wagtail.models import Page, Site

from home.models import ContentPage, HomePage
from products import kept
from products.models import ProductPage
from products.tests.factories import make_category, make_home, make_variant, set_price

pytestmark = pytest.mark.django_db


def make_words(title: str, *, parent: Page | None = None, **fields) -> ContentPage:
    parent = parent or make_home()
    return parent.add_child(instance=ContentPage(title=title, **fields))


def test_a_fresh_shop_has_a_home_page_and_not_wagtails_welcome(client):
    site = Site.objects.get(is_default_site=True)

    assert isinstance(site.root_page.specific, HomePage)
    assert Page.objects.filter(depth=2).count() == 1
    assert client.get("/").status_code == 200


def test_featured_products_show_the_price_of_right_now_in_the_order_chosen(client):
    sencha, assam = make_variant("TEA-1", title="Sencha"), make_variant("TEA-2", title="Assam")
    make_variant("TEA-3", title="Draft", live=False)
    chosen = [ProductPage.objects.get(title=title) for title in ("Sencha", "Draft", "Assam")]
    home = make_home()
    home.body = [("featured", {"heading": "Our favourites", "products": chosen})]
    home.save_revision().publish()
    set_price(sencha, "8.75")

    shown = client.get("/").content.decode()

    assert "Our favourites" in shown
    assert "€8.75" in shown
    assert shown.index("Sencha") < shown.index("Assam")
    assert "Draft" not in shown
    assert assam.sku not in shown  # a card leads to the page; it sells nothing itself


def test_a_featured_product_that_was_deleted_leaves_no_hole(client):
    make_variant("TEA-1", title="Sencha")
    home = make_home()
    home.body = [("featured", {"heading": "", "products": [ProductPage.objects.get()]})]
    home.save_revision().publish()
    ProductPage.objects.get().delete()

    assert client.get("/").status_code == 200


def test_every_block_of_the_landing_page_is_shown(client, picture):
    tea = make_category("Tea")
    home = make_home()
    home.body = [
        ("hero", {"title": "A quiet cup", "text": "", "image": None, "page": tea, "button": "In"}),
        ("categories", {"heading": "Shelves", "categories": [tea]}),
        (
            "picture_and_text",
            {
                "image": picture,
                "heading": "By hand",
                "text": "<p>Picked.</p>",
                "picture_last": True,
            },
        ),
        ("text", "<p>Since 1998.</p>"),
    ]
    home.save_revision().publish()

    shown = client.get("/").content.decode()

    assert '<h1 class="hero__title">A quiet cup</h1>' in shown
    for words in ("In</a>", "Shelves", "By hand", "Picked.", "Since 1998.", 'href="/tea/"'):
        assert words in shown
    assert shown.count("<h1") == 1


def test_the_home_page_takes_few_queries(client, django_assert_max_num_queries):
    for number in range(8):
        make_variant(f"TEA-{number}", title=f"Tea {number}")
    home = make_home()
    home.body = [("featured", {"heading": "", "products": list(ProductPage.objects.all())})]
    home.save_revision().publish()
    client.get("/")

    with django_assert_max_num_queries(10), zeal.zeal_context():
        client.get("/")


def test_the_menu_leads_to_what_editors_put_there(client, django_assert_max_num_queries):
    make_category("Tea", show_in_menus=True)
    make_category("Hidden")
    make_category("Draft", show_in_menus=True, live=False)
    make_words("Delivery", show_in_menus=True)

    shown = client.get("/").content.decode()
    header, footer = shown[: shown.index("<main")], shown[shown.index("</main>") :]

    assert 'href="/tea/"' in header
    assert "Delivery" not in header
    assert 'href="/delivery/"' in footer
    assert "Hidden" not in shown
    assert "Draft" not in shown


def test_pages_share_a_header_that_marks_the_one_that_is_open(client, monkeypatch):
    monkeypatch.setattr(kept, "MOMENT", 3600.0)
    kept.over()
    for title in ("Tea", "Teaware"):
        make_category(title, show_in_menus=True)

    marked = {}
    for address in ("/", "/tea/", "/teaware/", "/"):
        header = client.get(address).content.decode().partition("<main")[0]
        marked[address] = set(re.findall(r'href="([^"]*)" aria-current="page"', header))
    kept.over()

    assert marked == {"/": set(), "/tea/": {"/tea/"}, "/teaware/": {"/teaware/"}}


def test_a_content_page_says_where_it_is(client):
    about = make_words("About us", intro="Who we are", body=[("text", "<p>Two people.</p>")])
    people = make_words("Our <b>people</b>", parent=about)

    page = client.get("/about-us/").content.decode()
    below = client.get(people.url).content.decode()

    assert "Who we are" in page
    assert "Two people." in page
    assert '<a href="/about-us/">About us</a>' in below
    assert "Our &lt;b&gt;people" in below
