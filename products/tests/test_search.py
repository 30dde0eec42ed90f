"""The shop's search: what is found, what comes first, and what helps if nothing is."""

import time

import pytest
from django.db import connection
from wagtail.contrib.search_promotions.models import Query, SearchPromotion

from products.finding import matching, spelling
from products.models import ProductPage, SearchOutcome, SearchRedirect, Synonym

from .factories import make_category, make_product_page, make_variant
from .test_lists import titles

pytestmark = pytest.mark.django_db


@pytest.fixture
def teas():
    """A few products that share words."""
    green = make_category("Green tea")
    sencha = make_variant("TEA-SENCHA-100", title="Sencha Asamushi", first_value="100 g")
    sencha.gtin = "4006381333931"
    sencha.save()
    words(sencha, summary="From the slopes of Uji.", maker="Gärten & Söhne")
    words(make_variant("TEA-2", title="Kukicha"), body=[("text", "<p>Stems beside Sencha.</p>")])
    words(make_variant("POT-1", title="Teapots for two", category=make_category("Teaware")))
    make_variant("CUP-1", title="Draft Sencha", live=False)
    return green


def words(variant, *, maker: str = "", **fields) -> None:
    variant.product.maker = maker
    variant.product.first_option = "Size"
    variant.product.save()
    page = ProductPage.objects.get(product=variant.product)
    for name, value in fields.items():
        setattr(page, name, value)
    page.save()


def search(client, query: str, **parameters):
    response = client.get("/search/", {"q": query, **parameters})
    assert response.status_code == 200
    return response


def found(client, query: str, **parameters) -> list[str]:
    return titles(search(client, query, **parameters))


def test_words_are_found_wherever_they_are_written(client, teas):
    for query, expected in {
        "sencha": ["Sencha Asamushi", "Kukicha"],  # a name before a text
        "SENCHA  asamushi": ["Sencha Asamushi"],
        "senc": ["Sencha Asamushi", "Kukicha"],
        "TEA-SENCHA-100": ["Sencha Asamushi"],
        "tea sencha 100": ["Sencha Asamushi"],
        "4006381333931": ["Sencha Asamushi"],
        "uji": ["Sencha Asamushi"],
        "garten sohne": ["Sencha Asamushi"],
        "Gärten": ["Sencha Asamushi"],
        "sencha 100g": ["Sencha Asamushi"],
        "stems": ["Kukicha"],
        "“sencha” — uji!": ["Sencha Asamushi"],
        "draft": [],
        "sencha teapot": [],
    }.items():
        assert found(client, query) == expected, query


def test_a_sku_comes_first(client, teas):
    make_variant("X-9", title="TEA-2 is our favourite")

    assert found(client, "tea-2")[0] == "Kukicha"


def test_the_name_itself_comes_before_longer_ones(client, teas):
    make_variant("TEA-9", title="Sencha")

    assert found(client, "sencha") == ["Sencha", "Sencha Asamushi", "Kukicha"]


def test_other_forms_of_a_word_are_found_on_postgresql(client, teas):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite knows no grammar")

    assert found(client, "teapot") == found(client, "teapots") == ["Teapots for two"]
    assert found(client, "stem") == ["Kukicha"]
    assert found(client, "slope") == ["Sencha Asamushi"]


def test_a_change_is_found_at_once(client, teas):
    page = ProductPage.objects.get(title="Kukicha")
    page.title = "Hojicha"
    page.save_revision().publish()

    assert found(client, "hojicha") == ["Hojicha"]
    assert found(client, "kukicha") == []

    page.refresh_from_db()
    page.unpublish()
    assert found(client, "hojicha") == []


def test_results_can_be_narrowed_and_sorted(client, teas):
    make_variant("TEA-9", title="Sencha", price="5.00", category=make_category("Offers"))

    assert found(client, "sencha", category="offers") == ["Sencha"]
    assert found(client, "sencha", sort="name") == ["Kukicha", "Sencha", "Sencha Asamushi"]
    assert found(client, "sencha", option="Size:100 g") == ["Sencha Asamushi"]


def test_a_typing_error_is_understood(client, teas):
    for query in ("shencha", "sencah", "senhca"):
        response = search(client, query)

        assert titles(response) == ["Sencha Asamushi", "Kukicha"], query
        assert "These are results for <strong>sencha</strong>" in response.content.decode()


def test_a_word_that_is_known_is_not_corrected(client, teas):
    assert spelling.corrected("stems") == ""
    assert spelling.corrected("qqqqqqq") == ""
    assert spelling.corrected("sencha shencha") == "sencha sencha"


def test_nothing_found_shows_other_ways(client, teas):
    response = search(client, "bicycle")

    page = response.content.decode()
    assert "We found nothing for that" in page
    assert [tile.title for tile in response.context["answer"].tiles] == ["Green tea", "Teaware"]


def test_without_a_query_the_page_asks_for_one(client, teas):
    response = client.get("/search/")

    assert response.status_code == 200
    assert "What are you looking for?" in response.content.decode()
    assert not Query.objects.exists()


def test_synonyms_are_found_too(client, teas):
    Synonym.objects.create(term="brewing pot", means="teapot")

    assert found(client, "Brewing Pot") == ["Teapots for two"]
    assert found(client, "brewing pot two") == ["Teapots for two"]


def test_a_term_can_lead_straight_to_a_page(client, teas):
    SearchRedirect.objects.create(term="tea things", page=make_category("Teaware"))

    response = client.get("/search/?q=Tea++Things")

    assert (response.status_code, response.url) == (302, "/teaware/")


def test_picks_come_first_while_nothing_is_filtered(client, teas):
    pot = ProductPage.objects.get(title="Teapots for two")
    query = Query.get("sencha")
    SearchPromotion.objects.create(query=query, page=pot, sort_order=0)
    SearchPromotion.objects.create(query=query, page=make_category("Teaware"), description="Pots!")
    for hidden in (make_product_page(None, title="Hidden", live=False), make_category("Empty")):
        hidden.unpublish()
        SearchPromotion.objects.create(query=query, page=hidden)

    response = search(client, "Sencha")

    assert titles(response)[0] == "Teapots for two"
    assert [pick.title for pick in response.context["answer"].picks] == ["Teaware"]
    assert "Pots!" in response.content.decode()
    assert "Teapots for two" not in found(client, "sencha", available="1")


def test_a_search_is_counted_by_a_worker_and_looking_writes_nothing(client, teas, run_tasks):
    search(client, "sencha")
    search(client, "sencha", available="1")
    search(client, "bicycle")
    search(client, "shencha")
    assert not Query.objects.exists()

    run_tasks()

    results = dict(SearchOutcome.objects.values_list("query__query_string", "results"))
    assert results == {"sencha": 2, "bicycle": 0, "shencha": 0}
    assert Query.objects.get(query_string="sencha").hits == 1


def test_more_matches_than_are_read_prefer_names_and_skus(client, teas, monkeypatch):
    for number in range(4):
        words(make_variant(f"N-{number}", title=f"Tin {number}"), summary="For sencha.")
    monkeypatch.setattr(matching, "MOST", 2)
    monkeypatch.setattr("products.finding.searching.MOST", 2)

    response = search(client, "sencha")

    assert titles(response)[0] == "Sencha Asamushi"
    assert "More than 2 products" in response.content.decode()
    assert found(client, "tea-2")[0] == "Kukicha"


ODD_QUERIES = [
    "q=%00", "q=a%00b", "q=%ED%A0%80", "q=%FF%FE", 'q="', "q='", "q=%27%27%3A%2A", "q=%5C",
    "q=%26%7C%21%28", "q=a%3A%2A%26", "q=+++", "q=%E2%80%8B", "q=the+of", "q=%C2%BD%C2%B2",
    "q=%F0%9F%8D%B5", "q=%E8%8C%B6", "q=" + "x" * 100_000, "q=" + "a+" * 50_000, "q=%25", "q=_",
    "q=" + "%CC%81" * 300, "q=x&page=" + "9" * 20, "q=x&page=-1", "q=x&sort=password",
    "q=sencha&price_from=1e9", "q=x&option=" + "y" * 5000, "option=Size:x&" * 300,
]  # fmt: skip


@pytest.mark.parametrize("path", ["/search/", "/search/suggest/"])
def test_no_query_is_an_error_or_slow(client, teas, path):
    for query in ODD_QUERIES:
        began = time.thread_time()
        response = client.get(f"{path}?{query}")

        assert response.status_code in {200, 400, 404}, query
        # This thread's own work, generously: a fraction of it on a quiet machine.
        assert time.thread_time() - began < 2, query


def test_markup_in_a_query_is_text(client, teas):
    page = search(client, "<script>alert(1)</script>").content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_results_know_nothing_of_the_visitor(client, teas):
    for address in ("/search/?q=sencha", "/search/suggest/?q=sen"):
        response = client.get(address)

        assert not response.cookies
        assert "Cookie" not in response.headers.get("Vary", "")


def test_a_search_takes_few_queries(client, teas, django_assert_max_num_queries):
    search(client, "sencha")

    with django_assert_max_num_queries(12):
        search(client, "sencha")
    with django_assert_max_num_queries(6):
        client.get("/search/suggest/?q=sen")


def test_who_is_still_typing_is_shown_where_to_go(client, teas):
    page = client.get("/search/suggest/?q=sen").content.decode()

    assert page.count('role="option"') == 1
    assert 'data-address="/green-tea/sencha-asamushi-1/"' in page
    assert 'data-address="/green-tea/"' in client.get("/search/suggest/?q=gree").content.decode()
    for query in ("", "s", "zzz"):
        assert client.get("/search/suggest/", {"q": query}).content.strip() == b""


def test_what_is_called_just_that_is_suggested_however_many_begin_so(client, monkeypatch):
    make_variant("TEA-0", title="Sencha")
    for number in range(4):
        make_variant(f"TEA-{number + 1}", title=f"Sencha {number}")
    monkeypatch.setattr("products.finding.suggesting.MOST_READ", 2)

    suggested = client.get("/search/suggest/?q=Sencha").content.decode()

    assert "<span>Sencha</span>" in suggested


def test_a_search_has_a_plan_of_its_own_on_postgresql(client, teas):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite prepares nothing")

    connection.ensure_connection()
    usual = connection.connection.prepare_threshold
    for _ in range(8):  # after the fifth a statement would be prepared, for whatever values
        assert found(client, "kukicha")
        assert client.get("/search/suggest/", {"q": "kuk"}).status_code == 200

    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        prepared = [text for (text,) in cursor.fetchall()]
    assert not [text for text in prepared if "@@" in text]
    assert connection.connection.prepare_threshold == usual
