"""The report that finds what editors should mend."""

import csv
from io import BytesIO

import pytest
from django.contrib.auth.models import Group
from openpyxl import load_workbook
from wagtail.models import Page

from products.health import examining
from products.health.findings import Kind
from products.health.pages import is_well_formed
from products.models import Product, ProductPage, ProductPicture, Variant

from .factories import make_category, make_home, make_product_page, make_variant, make_words

pytestmark = pytest.mark.django_db

REPORT = "/admin/reports/content-health/"


def found(*kinds: Kind) -> list[tuple[str, str]]:
    return [(each.subject, each.detail) for each in examining.examine(kinds)]


def page_of(variant: Variant) -> ProductPage:
    return ProductPage.objects.get(product=variant.product)


def feature(*variants: Variant) -> Page:
    home = make_home()
    pages = [page_of(variant) for variant in variants]
    home.body = [("featured", {"heading": "", "products": pages})]
    home.save_revision().publish()
    return home


def write(html: str, title: str = "About us") -> Page:
    return make_words(title, body=[("text", html)])


def test_a_sold_out_product_on_a_landing_page_is_found_where_it_is_mended():
    home = feature(make_variant("A", title="Sencha", stock=0), make_variant("B", title="Assam"))

    (finding,) = examining.examine([Kind.SOLD_OUT])

    assert finding.subject == home.title
    assert finding.detail == "Sencha is sold out."
    assert finding.url == f"/admin/pages/{home.pk}/edit/"


def test_one_variant_in_stock_is_enough():
    sencha = make_variant("A", title="Sencha", stock=0)
    make_variant("B", product=sencha.product, first_value="200 g", stock=1)
    feature(sencha)

    assert found(Kind.SOLD_OUT) == []


def test_what_is_promised_or_switched_off_is_not_in_stock():
    sencha = make_variant("A", title="Sencha", stock=1)
    off = make_variant("B", product=sencha.product, first_value="200 g", stock=5)
    Variant.objects.filter(pk=off.pk).update(is_active=False)
    sencha.stock.reserved = 1
    sencha.stock.save()
    feature(sencha)

    assert [detail for _, detail in found(Kind.SOLD_OUT)] == ["Sencha is sold out."]


def test_an_unpublished_product_on_a_landing_page_is_found_once():
    feature(make_variant("A", title="Sencha", live=False))

    assert found(*Kind)[0] == ("Home", "Sencha is not published.")
    assert found(Kind.DEAD_LINK) == []


def test_links_to_pages_that_are_gone_or_hidden_are_dead():
    hidden, gone, there = (make_category(title) for title in ("Hidden", "Gone", "There"))
    links = "".join(
        f'<a linktype="page" id="{page.pk}">{page.title}</a>' for page in (hidden, gone, there)
    )
    write(f"<p>{links}</p>")
    hidden.unpublish()
    gone.delete()

    assert [detail for _, detail in found(Kind.DEAD_LINK)] == [
        "It leads to “Hidden”, which is not published.",
        "It leads to a page that was deleted.",
    ]


def test_a_hero_that_leads_nowhere_is_a_dead_link():
    tea = make_category("Tea")
    home = make_home()
    home.body = [
        ("hero", {"title": "Tea", "text": "", "image": None, "page": tea, "button": "In"}),
    ]
    home.save_revision().publish()
    tea.delete()

    assert found(Kind.DEAD_LINK) == [("Home", "It leads to a page that was deleted.")]


@pytest.mark.parametrize(
    ("address", "right"),
    [
        ("https://example.com/tea?x=1#y", True),
        ("http://example.com", True),
        ("mailto:tea@example.com", True),
        ("mailto:tea@example.com?subject=Hello", True),
        ("tel:+49 30 1234567", True),
        ("/delivery/", True),
        ("#prices", True),
        ("https://", False),
        ("https://exa mple.com/", False),
        ("http://[::1", False),
        ("www.example.com", False),
        ("htp://example.com", False),
        ("mailto:nobody", False),
        ("tel:call us", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_an_address_is_judged_by_its_form(address, right):
    assert is_well_formed(address) is right


def test_an_address_that_cannot_be_right_is_a_dead_link():
    write('<p><a href="htp://example.com">Tea</a> <a href="https://example.com/">Tea</a></p>')

    assert found(Kind.DEAD_LINK) == [("About us", "“htp://example.com” is no address.")]


def test_drafts_are_nobodys_dead_links():
    write('<p><a linktype="page" id="9999">Gone</a></p>').unpublish()

    assert found(Kind.DEAD_LINK) == []


def test_pages_without_product_and_products_without_page():
    make_product_page(Product.objects.create(name="Gone"), title="Empty")
    Product.objects.get().delete()
    make_product_page(None, title="Unfinished", live=False)
    make_variant("A", title="Hidden", live=False)
    make_variant("B", title="Shown")
    Product.objects.create(name="Nothing to sell yet")

    assert found(Kind.NO_PRODUCT) == [
        ("Empty", "It is published and sells nothing."),
        ("Unfinished", "A draft so far."),
    ]
    assert found(Kind.NO_PAGE) == [("Hidden", "No published page shows it.")]


def test_goods_without_gtin_or_weight_lead_to_their_product():
    bare = make_variant("A", title="Sencha", weight=0)
    whole = make_variant("B", title="Assam")
    Variant.objects.filter(pk=whole.pk).update(gtin="4006381333931")

    findings = examining.examine([Kind.GTIN, Kind.WEIGHT])

    assert [(each.kind, each.subject) for each in findings] == [
        (Kind.GTIN, "A"),
        (Kind.WEIGHT, "A"),
    ]
    assert {each.url for each in findings} == {f"/admin/products/edit/{bare.product_id}/"}


def test_pictures_without_words_are_found_in_text_and_gallery(picture):
    sencha = page_of(make_variant("A", title="Sencha"))
    ProductPicture.objects.create(page=sencha, image=picture, alt_text=" ")
    ProductPicture.objects.create(page=sencha, image=picture, alt_text="A leaf")
    stored = [{"image": picture.pk, "decorative": False, "alt_text": ""}]
    stored += [{"image": picture.pk, "decorative": True, "alt_text": ""}]
    stored += [{"image": picture.pk, "decorative": False, "alt_text": "A leaf"}]
    about = write("", title="About us")
    about.body = [{"type": "picture", "value": value} for value in stored]
    about.save()

    assert found(Kind.ALT_TEXT) == [("About us", "In the text: 1"), ("Sencha", "In the gallery: 1")]


def test_pages_without_a_description_are_found():
    make_category("Told", search_description="All our teas.")
    make_category("Silent")

    assert [subject for subject, _ in found(Kind.DESCRIPTION)] == ["Home", "Silent"]


def test_examining_forty_products_costs_no_more_queries_than_one(django_assert_max_num_queries):
    feature(*[make_variant(f"A{n}", title=f"Tea {n}", stock=0) for n in range(12)])
    for n in range(12, 40):
        make_variant(f"A{n}", title=f"Tea {n}", weight=0)

    # Four types of pages are read; each other kind of finding is a query or two.
    with django_assert_max_num_queries(14):
        findings = examining.examine(list(Kind))

    assert len(findings) > 100


def test_the_report_is_filtered_by_what_is_wrong(client, sign_in):
    feature(make_variant("A", title="Sencha", stock=0))
    sign_in()

    shown = client.get(REPORT, {"kind": "sold_out"}).content.decode()

    assert "Sencha is sold out." in shown
    assert "Search engines pick words of their own." not in shown


@pytest.mark.parametrize("kind", ["", "nonsense", "\x00", "sold_out' OR 1=1"])
def test_an_unknown_kind_is_no_error(client, sign_in, kind):
    sign_in()

    assert client.get(REPORT, {"kind": kind}).status_code in (200, 400)


def test_only_who_writes_pages_sees_the_report(client, django_user_model):
    packer = django_user_model.objects.create_user("packer")
    packer.groups.add(Group.objects.get(name="Shop staff"))
    client.force_login(packer)

    assert client.get(REPORT).url == "/admin/"
    assert client.get(f"{REPORT}?export=csv").url == "/admin/"
    assert "Content health" not in client.get("/admin/").content.decode()


def test_a_title_never_becomes_a_formula(client, sign_in):
    make_product_page(None, title="=1+1\x01", live=False)
    sign_in()

    told = client.get(REPORT, {"kind": "no_product", "export": "csv"})
    (_heading, row) = csv.reader(b"".join(told.streaming_content).decode().splitlines())
    sheet = client.get(REPORT, {"kind": "no_product", "export": "xlsx"})
    cell = load_workbook(BytesIO(b"".join(sheet.streaming_content))).active["A2"]

    assert row[0] == "'=1+1\x01"
    assert (cell.value, cell.data_type) == ("=1+1", "s")
