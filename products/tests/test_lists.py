"""Lists as their addresses ask for them: narrowed, counted, sorted, and bounded."""

import re

import pytest
from django.utils import timezone
from wagtail.models import PageViewRestriction

from products.finding import matching
from products.models import ProductPage

from .factories import add_stock, make_category, make_variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf():
    """Three teas and a pot: what each costs, comes in, and whether it is there."""
    tea = make_category("Tea")
    green = make_category("Green", parent=tea)
    sencha = make_variant("S-1", title="Sencha", price="10", category=green, first_value="100 g")
    sell(sencha, "S-2", price="90", first_value="1 kg", stock=0)
    assam = make_variant("A-1", title="Assam", price="20", category=tea, first_value="100 g")
    sell(assam, "A-2", price="45", first_value="250 g")
    make_variant("B-1", title="Bancha", price="15", category=green, first_value="100 g", stock=0)
    for variant in (sencha, assam):
        named(variant, "Size")
    named(make_variant_of("Bancha"), "Size")
    return tea


def sell(variant, sku: str, **fields):
    return make_variant(sku, product=variant.product, **fields)


def make_variant_of(title: str):
    return ProductPage.objects.get(title=title).product.variants.get()


def named(variant, option: str) -> None:
    variant.product.first_option = option
    variant.product.save()
    ProductPage.objects.get(product=variant.product).save()


def titles(response) -> list[str]:
    return [card.title for card in response.context["list"].cards]


def counts(response, group: str = "Size") -> dict[str, int]:
    facets = response.context["list"].facets
    if group == "categories":
        return {choice.label: choice.count for choice in facets.categories}
    (facet,) = (each for each in facets.options if each.label == group)
    return {choice.label: choice.count for choice in facet.choices}


def test_a_list_counts_what_each_choice_would_leave(client, shelf):
    response = client.get(shelf.url)

    facets = response.context["list"].facets
    assert counts(response) == {"100 g": 3, "250 g": 1, "1 kg": 1}
    assert list(counts(response)) == ["100 g", "250 g", "1 kg"]
    assert counts(response, "categories") == {"Green": 2}
    assert (facets.lowest, facets.highest, facets.available) == (10, 20, 2)


def test_a_list_can_be_narrowed(client, shelf):
    for query, expected in {
        "option=Size:250 g": ["Assam"],
        "option=Size:250 g&option=Size:1 kg": ["Assam", "Sencha"],
        "available=1": ["Assam", "Sencha"],
        # In stock, but not in the size that is chosen.
        "available=1&option=Size:1 kg": [],
        "category=green": ["Bancha", "Sencha"],
        "category=green&available=1": ["Sencha"],
        "price_from=12&price_to=19,99": ["Bancha"],
        "price_to=10.00": ["Sencha"],
        "price_from=100": [],
        "option=Size:250 g&category=green": [],
        "option=Taste:fresh": [],
    }.items():
        response = client.get(f"{shelf.url}?{query}")

        assert sorted(titles(response)) == expected, query
        assert response.context["list"].total == len(expected), query


def test_what_cannot_be_read_narrows_nothing(client, shelf):
    for query in (
        "colour=red", "utm_source=mail", "option=", "option=Size", "option=:x", "category=",
        "category=elsewhere", "price_from=abc", "price_from=-1", "price_from=1e3",
        "price_from=٣", "price_from=NaN", "price_to=99999999999999999999", "available=yes",
        "sort=password",
    ):  # fmt: skip
        response = client.get(f"{shelf.url}?{query}")

        assert len(titles(response)) == 3, query
        assert not response.context["list"].is_narrowed, query


def test_no_filter_is_an_error(client, shelf):
    for query in (
        "option=%ED%A0%80", "option=Size:%FF%FE", "category=%FF%FE", "available=1%00",
        "option=" + "y" * 5000, "option=Size:x&" * 300, "category=green&" * 300,
        "price_from=" + "9" * 5000, "option=%27%25_%5C:%27",
    ):  # fmt: skip
        assert client.get(f"{shelf.url}?{query}").status_code in {200, 400}, query


def test_a_narrowed_group_still_counts_its_other_choices(client, shelf):
    response = client.get(f"{shelf.url}?option=Size:250 g&price_from=20")

    assert counts(response) == {"250 g": 1, "100 g": 1}
    response = client.get(f"{shelf.url}?option=Size:1 kg&available=1")
    assert counts(response)["1 kg"] == 0


def test_every_filter_has_a_link_that_takes_it_off(client, shelf):
    response = client.get(f"{shelf.url}?available=1&category=green&option=Size:100+g&price_to=50")

    links = {each.label: each.address for each in response.context["list"].chosen}
    assert links == {
        "Green": "?option=Size%3A100+g&price_to=50&available=1",
        "Size: 100 g": "?category=green&price_to=50&available=1",
        "to €50.00": "?category=green&option=Size%3A100+g&available=1",
        "In stock": "?category=green&option=Size%3A100+g&price_to=50",
    }
    (link,) = {each.address for each in only_filter(client, shelf).chosen}
    assert link == "."


def only_filter(client, shelf):
    return client.get(f"{shelf.url}?available=1").context["list"]


def test_the_same_filters_have_one_address_in_whatever_order(client, shelf):
    prefixes = {
        client.get(f"{shelf.url}?{query}").context["list"].prefix
        for query in ("sort=name&available=1&option=Size:250 g&option=Size:100 g",
                      "option=Size:100 g&option=Size:250 g&available=1&utm=1&sort=name")
    }  # fmt: skip

    assert prefixes == {"option=Size%3A100+g&option=Size%3A250+g&available=1&sort=name&"}


def test_narrowed_lists_are_not_for_search_engines(client, shelf):
    hidden = b'<meta name="robots" content="noindex">'

    for query in ("sort=name", "available=1", "option=Size:100+g&page=1"):
        page = client.get(f"{shelf.url}?{query}").content
        assert hidden in page
        assert f'<link rel="canonical" href="http://127.0.0.1:8000{shelf.url}">'.encode() in page
    assert hidden not in client.get(f"{shelf.url}?sort=&available=&utm_source=x").content


def test_filters_and_sorting_are_one_form_without_script(client, shelf):
    page = client.get(f"{shelf.url}?option=Size:100 g").content.decode()

    assert '<form class="filters" id="filters" method="get" ' in page
    assert re.search(r'name="option" value="Size:100 g" checked>', page)
    assert '<select class="field__input" id="sort" name="sort" form="filters">' in page


def test_nothing_that_fits_offers_the_way_back(client, shelf):
    page = client.get(f"{shelf.url}?price_from=1000").content.decode()

    assert "Nothing fits all of these filters." in page
    assert '<a class="button" href=".">Remove all filters</a>' in page


@pytest.mark.parametrize("sort", ["position", "newest", "price", "-price", "name"])
def test_a_list_of_more_than_it_counts_is_sorted_alike(client, shelf, sort, monkeypatch):
    ProductPage.objects.filter(title="Bancha").update(first_published_at=timezone.now())
    make_variant("U-1", title="Unpriced", price=None, category=shelf)
    for page in ProductPage.objects.all():
        page.save()
    exact = client.get(f"{shelf.url}?sort={sort}")

    monkeypatch.setattr(matching, "MOST", 3)
    monkeypatch.setattr("products.finding.lists.MOST", 3)
    bounded = client.get(f"{shelf.url}?sort={sort}")

    assert titles(bounded)[:3] == titles(exact)[:3]
    assert "More than 3 products" in bounded.content.decode()
    assert not bounded.context["list"].facets.is_exact
    assert client.get(f"{shelf.url}?sort={sort}&page=2").status_code == 404


def test_what_holds_nothing_of_a_sample_can_be_chosen_all_the_same(client, shelf, monkeypatch):
    make_variant("BLACK-1", title="Keemun", category=make_category("Black", parent=shelf))
    exact = client.get(shelf.url).context["list"].facets

    monkeypatch.setattr(matching, "MOST", 1)
    bounded = client.get(shelf.url).context["list"].facets

    assert len(exact.categories) > 1
    assert [each.label for each in bounded.categories] == [each.label for each in exact.categories]
    assert exact.lowest < exact.highest
    assert (bounded.lowest, bounded.highest) == (None, None)


def test_every_page_of_a_list_is_of_the_same_sample(shelf, monkeypatch):
    keys = sorted(matching.below(shelf).values_list("pk", flat=True), reverse=True)
    monkeypatch.setattr(matching, "MOST", 2)

    for rows in (matching.below(shelf), matching.below(shelf).order_by("title")):
        assert [each.page_id for each in matching.sample(rows).matches] == keys[:2]


def test_what_is_closed_is_neither_listed_nor_counted(client, shelf):
    green = shelf.get_children().get(slug="green")
    PageViewRestriction.objects.create(page=green, restriction_type="password", password="x")

    response = client.get(shelf.url)

    assert titles(response) == ["Assam"]
    assert counts(response) == {"100 g": 1, "250 g": 1}
    assert client.get("/search/?q=sencha").context["list"].total == 0


def test_a_filter_that_nothing_is_left_of_can_be_taken_off(client, shelf):
    add_stock(make_variant_of("Bancha"), 1)

    choices = client.get(f"{shelf.url}?option=Size:7 kg").context["list"].facets.options[0].choices

    assert {choice.label for choice in choices if choice.is_chosen} == {"7 kg"}
