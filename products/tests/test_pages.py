"""What a shopper sees of the catalogue."""

import re
from io import BytesIO

import pytest
import zeal
from django.core.cache import cache
from django.core.files.base import ContentFile
from PIL import Image as Drawing
from wagtail.images import get_image_model
from wagtail.models import Site

from products import kept
from products.models import ProductPage, ProductPicture, RelatedProduct

from .factories import (
    add_stock,
    make_category,
    make_product_page,
    make_variant,
    set_price,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files_in_a_temporary_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def picture(name: str):
    drawn = BytesIO()
    Drawing.new("RGB", (40, 40), "green").save(drawn, "PNG")
    return get_image_model().objects.create(
        title=name, file=ContentFile(drawn.getvalue(), f"{name}.png")
    )


def show(page: ProductPage, *names: str) -> None:
    for number, name in enumerate(names):
        page.gallery.add(
            ProductPicture(image=picture(name), alt_text=f"A cup of {name}", sort_order=number)
        )
    page.save()


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def names_in(response) -> list[str]:
    return [card.title for card in response.context["cards"]]


# --- The product page ------------------------------------------------------------------------


def test_a_product_page_sells_each_variant_without_script(client):
    small = make_variant("TEA-100", price="12.50", stock=3, title="Sencha", first_value="100 g")
    make_variant("TEA-250", price="29.00", stock=0, product=small.product, first_value="250 g")
    make_variant("TEA-500", price="55.00", stock=50, product=small.product, first_value="500 g")

    page = client.get("/green-tea/sencha-1/").content.decode()

    assert '<form class="form" action="/cart/add/" method="post"' in page
    assert 'value="TEA-100" required checked>' in page
    assert 'value="TEA-250" required disabled>' in page
    assert 'value="TEA-500" required>' in page
    assert "Only 3 left" in page
    assert "Sold out" in page
    assert "In stock" in page
    assert "€55.00" in page
    assert "csrf" not in page


def test_a_product_without_options_needs_no_choice(client):
    make_variant("TEA-100", price="12.50", title="Sencha")

    page = client.get("/green-tea/sencha-1/").content.decode()

    assert '<input type="hidden" name="sku" value="TEA-100">' in page
    assert 'type="radio"' not in page
    assert "€12.50" in page


def test_a_sold_out_product_cannot_be_added(client):
    make_variant("TEA-100", stock=0, title="Sencha")

    response = client.get("/green-tea/sencha-1/")

    assert "Sold out" in text_of(response)
    assert b"/cart/add/" not in response.content


@pytest.mark.parametrize("product", [None, "without price"])
def test_a_page_without_anything_to_sell_says_so(client, product):
    category = make_category()
    if product:
        make_variant("TEA-100", price=None, title="Sencha", category=category)
    else:
        make_product_page(None, title="Sencha", category=category, live=False)
        ProductPage.objects.update(live=True)

    response = client.get("/green-tea/sencha-1/")

    assert response.status_code == 200
    assert "Not available at the moment" in text_of(response)
    assert b"/cart/add/" not in response.content


def test_a_reduced_price_shows_what_it_was(client):
    set_price(make_variant("TEA-100", price="12.50", title="Sencha"), "9.50", compare_at="12.50")

    page = client.get("/green-tea/sencha-1/")

    assert "€9.50 instead of €12.50" in text_of(page)
    assert "<s>€12.50</s>" in page.content.decode()


@pytest.mark.parametrize(
    ("gross", "note", "sentence"),
    [
        (True, "incl. VAT, plus shipping", "All prices include VAT and exclude shipping."),
        (False, "plus VAT and shipping", "All prices exclude VAT and shipping."),
    ],
)
def test_every_price_says_whether_vat_is_in_it(client, settings, gross, note, sentence):
    settings.PRICES_INCLUDE_TAX = gross
    make_variant("TEA-100", title="Sencha")
    make_variant("TEA-200", title="Sold out", stock=0)

    for address in ("/green-tea/", "/green-tea/sencha-1/", "/green-tea/sold-out-2/"):
        words = text_of(client.get(address))

        assert note in words
        assert sentence in words


def test_a_draft_is_not_shown(client):
    make_variant("TEA-100", live=False, title="Sencha")

    assert client.get("/green-tea/sencha-1/").status_code == 404


def test_a_draft_can_be_previewed_before_it_is_saved(client):
    product = make_variant("TEA-100", title="Sencha", first_value="100 g").product
    category = make_category()
    draft = ProductPage(title="Not yet", slug="not-yet", product=product, live=False)
    draft.gallery.add(ProductPicture(image=picture("spring"), alt_text="A cup of spring"))
    category.add_child(instance=draft)
    draft.title = "Not even saved"

    for page in (draft, category):
        shown = page.make_preview_request().render().content.decode()

        assert page.title in shown
        assert '<a href="/">Home</a>' in shown


def test_markup_in_words_is_printed_as_text(client):
    evil = "<script>alert(1)</script>"
    variant = make_variant("TEA-100", title=evil, first_value=evil)
    make_variant("TEA-200", product=variant.product, first_value="other")
    variant.product.maker = evil
    variant.product.save()
    page = ProductPage.objects.get()
    page.summary = evil
    page.body = [("heading", evil)]
    page.save()
    category = page.get_parent().specific
    category.title = evil
    category.save()

    for address in (page.url, category.url):
        shown = client.get(address).content.decode()

        assert "<script>" not in shown
        assert "&lt;script&gt;" in shown


def test_catalogue_pages_know_nothing_of_the_visitor(client):
    make_variant("TEA-100", title="Sencha")

    for address in ("/", "/green-tea/", "/green-tea/sencha-1/"):
        response = client.get(address)

        assert response.status_code == 200
        assert not response.cookies
        assert "Cookie" not in response.headers.get("Vary", "")


def test_the_first_picture_is_eager_and_the_others_are_lazy(client):
    make_variant("TEA-100", title="Sencha")
    show(ProductPage.objects.get(), "spring", "summer")

    page = client.get("/green-tea/sencha-1/").content.decode()
    gallery = page[page.index('<ul class="gallery__strip"') : page.index("gallery__thumbs")]
    first, second = re.findall(r"<img [^>]*>", gallery)

    assert 'fetchpriority="high"' in first
    assert 'loading="lazy"' in second
    assert 'alt="A cup of spring"' in first
    assert re.search(r'width="\d+"', first)
    assert "image/avif" in gallery


def test_each_variants_own_picture_follows_those_of_the_page_once(client):
    clay = make_variant("POT-1", title="Teapot", first_value="clay")
    moss = make_variant("POT-2", product=clay.product, first_value="moss")
    large = make_variant("POT-3", product=clay.product, first_value="moss, large")
    page = ProductPage.objects.get()
    show(page, "front")
    give_picture(clay, page.gallery.get().image)
    give_picture(moss, picture("moss"))
    give_picture(large, moss.image)

    shown = client.get(page.url).content.decode()

    slides = re.findall(r'id="(picture-\d)" data-image="(\d+)"', shown)
    assert slides == [("picture-1", str(clay.image_id)), ("picture-2", str(moss.image_id))]
    assert 'alt="Teapot, moss"' in shown
    assert re.findall(r'data-picture="(\d+)"', shown) == [
        str(variant.image_id) for variant in (clay, moss, large)
    ]


def test_one_picture_twice_in_the_gallery_has_two_places(client):
    make_variant("POT-1", title="Teapot")
    page = ProductPage.objects.get()
    front = picture("front")
    page.gallery = [ProductPicture(image=front, alt_text=words) for words in ("Front", "Again")]
    page.save()

    shown = client.get(page.url).content.decode()

    assert re.findall(r'id="(picture-\d+)"', shown) == ["picture-1", "picture-2"]


def give_picture(variant, image) -> None:
    variant.image = image
    variant.save()


@pytest.fixture
def menus_are_kept(monkeypatch):
    """As in a process that has answered a moment ago."""
    monkeypatch.setattr(kept, "MOMENT", 3600.0)
    kept.over()
    yield
    kept.over()


@pytest.mark.usefixtures("menus_are_kept")
def test_a_product_page_takes_eight_queries_at_most(client, django_assert_max_num_queries):
    variant = make_variant("TEA-100", title="Sencha", first_value="100 g", category=deep_category())
    for grams in range(200, 600, 100):
        other = make_variant(f"TEA-{grams}", product=variant.product, first_value=f"{grams} g")
        give_picture(other, picture(f"{grams}"))
    page = ProductPage.objects.get()
    show(page, "spring", "summer", "autumn")
    for title in ("Assam", "Oolong"):
        beside = make_variant(title.upper(), title=title).product.pages.get()
        page.related.add(RelatedProduct(other=beside))
    page.save()
    rendered_before(client, page.url)

    with django_assert_max_num_queries(8), zeal.zeal_context():
        assert client.get(page.url).status_code == 200


def rendered_before(client, address: str) -> None:
    """Pictures have their sizes in the database, but a cache that forgot does not know them."""
    client.get(address)
    cache.clear()
    Site.get_site_root_paths()


def deep_category():
    return make_category("Sencha", parent=make_category("Green", parent=make_category("Tea")))


# --- The category page -----------------------------------------------------------------------


def test_a_category_lists_what_is_below_it_however_deep(client):
    tea = make_category("Tea")
    make_variant("TEA-100", title="Sencha", category=make_category("Green", parent=tea))
    make_variant("TEA-200", title="Assam", category=tea)
    make_variant("POT-1", title="Pot", category=make_category("Pots"))
    make_variant("TEA-300", title="Draft", category=tea, live=False)

    response = client.get("/tea/")

    assert set(names_in(response)) == {"Sencha", "Assam"}
    assert [tile.title for tile in response.context["tiles"]] == ["Green"]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("", ["Beta", "Alpha", "Gamma", "Unpriced"]),
        ("position", ["Beta", "Alpha", "Gamma", "Unpriced"]),
        ("price", ["Alpha", "Beta", "Gamma", "Unpriced"]),
        ("-price", ["Gamma", "Beta", "Alpha", "Unpriced"]),
        ("name", ["Alpha", "Beta", "Gamma", "Unpriced"]),
        ("password", ["Beta", "Alpha", "Gamma", "Unpriced"]),
    ],
)
def test_a_category_is_sorted_by_its_lowest_prices(client, sort, expected):
    beta = make_variant("B-1", title="Beta", price="20.00", first_value="small")
    make_variant("B-2", product=beta.product, price="90.00", first_value="large")
    alpha = make_variant("A-1", title="Alpha", price="30.00", first_value="large")
    make_variant("A-2", product=alpha.product, price="10.00", first_value="small")
    make_variant("G-1", title="Gamma", price="40.00")
    make_variant("U-1", title="Unpriced", price=None)

    response = client.get("/green-tea/", {"sort": sort})

    assert names_in(response) == expected


def test_the_newest_come_first_when_asked_for(client):
    for number, title in enumerate(("First", "Second")):
        make_variant(f"TEA-{number}", title=title, live=False)
        ProductPage.objects.get(title=title).save_revision().publish()

    assert names_in(client.get("/green-tea/?sort=newest")) == ["Second", "First"]


def test_a_card_says_from_sold_out_and_what_it_was(client):
    variant = make_variant("TEA-100", title="Sencha", price="12.50", stock=0, first_value="100 g")
    make_variant("TEA-250", product=variant.product, price="29", stock=0, first_value="250 g")
    switched_off = make_variant("TEA-1", product=variant.product, price="1", first_value="1 g")
    switched_off.is_active = False
    switched_off.save()
    set_price(variant, "10.00", compare_at="12.50")

    response = client.get("/green-tea/")

    (card,) = response.context["cards"]
    assert (card.is_from, card.is_sold_out) == (True, True)
    assert "Sold out" in text_of(response)
    assert "from €10.00 instead of €12.50" in text_of(response)

    add_stock(variant, 1)

    (card,) = client.get("/green-tea/").context["cards"]
    assert not card.is_sold_out


def test_long_lists_have_pages(client):
    for number in range(26):
        make_variant(f"TEA-{number}", title=f"Tea {number:02}", price=f"{number}.00")

    first = client.get("/green-tea/?sort=-price")
    second = client.get("/green-tea/?sort=-price&page=2")

    assert len(names_in(first)) == 24
    assert names_in(second) == ["Tea 01", "Tea 00"]
    assert b'href="?sort=-price&amp;page=2"' in first.content


@pytest.mark.parametrize("number", ["1" * 20, "0", "-1", "abc", "1.5", "9" * 5000, "%ED%A0%80"])
def test_a_page_that_does_not_exist_is_not_found(client, number):
    make_variant("TEA-100")

    assert client.get(f"/green-tea/?page={number}").status_code == 404


def test_a_zero_byte_in_an_address_is_refused(client):
    make_variant("TEA-100")

    assert client.get("/green-tea/?page=%00").status_code == 400
    assert client.get("/green-tea/?sort=a%00b").status_code == 400
    assert client.get("/green-tea/%00/").status_code == 400


def test_odd_addresses_are_not_found(client):
    make_variant("TEA-100", title="Sencha")

    for address in ("/green-tea/sencha-1/more/", "/sencha-1/", "/x" * 3000 + "/", "/green-tea//x/"):
        assert client.get(address).status_code == 404


@pytest.mark.usefixtures("menus_are_kept")
def test_a_category_of_24_takes_ten_queries_at_most(client, django_assert_max_num_queries):
    shelf = deep_category()
    for number in range(24):
        make_variant(f"TEA-{number}", title=f"Tea {number}", category=shelf)
    for page in ProductPage.objects.all():
        show(page, "spring", "summer")
    for number in range(3):
        make_category(f"Narrower {number}", parent=shelf, image=picture("tile"))
    rendered_before(client, shelf.url)

    with django_assert_max_num_queries(10), zeal.zeal_context():
        assert len(names_in(client.get(shelf.url))) == 24
