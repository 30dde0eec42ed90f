"""The search desk: what is searched for is counted and mended."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from wagtail.contrib.search_promotions.models import Query, SearchPromotion

from products.finding.recording import forget_old, record
from products.models import SearchOutcome, SearchRedirect, Synonym

from .factories import make_category

pytestmark = pytest.mark.django_db


def test_spelling_a_search_differently_counts_as_one():
    for term in ("Green Tea", "  green   tea", "GREEN TEA"):
        record(term, results=4, at=timezone.now())

    query = Query.objects.get()
    assert (query.query_string, query.hits) == ("green tea", 3)


def test_what_a_search_finds_now_is_what_counts():
    now = timezone.now()
    record("matcha", results=0, at=now)
    record("matcha", results=2, at=now + timedelta(minutes=1), hits=5)

    outcome = SearchOutcome.objects.get()
    assert outcome.results == 2
    assert outcome.query.hits == 6


@pytest.mark.parametrize("term", ["", "   ", "\t\n"])
def test_a_blank_search_is_not_counted(term):
    record(term, results=0, at=timezone.now())

    assert not Query.objects.exists()


def test_an_endless_search_is_counted_by_its_beginning():
    record("x" * 100_000, results=0, at=timezone.now())

    assert len(Query.objects.get().query_string) == 200


def test_after_a_season_searches_are_forgotten_but_promotions_stay():
    now = timezone.now()
    record("old", results=0, at=now - timedelta(days=100))
    record("promoted", results=1, at=now - timedelta(days=100))
    record("new", results=1, at=now)
    SearchPromotion.objects.create(
        query=Query.get("promoted"), external_link_url="https://example.com/"
    )

    forget_old(at=now)

    assert set(Query.objects.values_list("query_string", flat=True)) == {"promoted", "new"}


def test_a_synonym_is_compared_as_searches_are():
    synonym = Synonym(term="  Green  TEA ", means="Sencha")
    synonym.full_clean()

    assert (synonym.term, synonym.means) == ("green tea", "sencha")


# --- The screens -------------------------------------------------------------------------------

REPORT = "/admin/reports/searches/"


@pytest.fixture
def editor(client, django_user_model):
    user = django_user_model.objects.create_user("editor")
    user.groups.add(Group.objects.get(name="Editors"))
    client.force_login(user)
    return client


def terms(client, **query: str) -> list[str]:
    rows = client.get(REPORT, query).context["object_list"]
    return [row.query.query_string for row in rows]


def test_what_finds_nothing_is_on_top_and_the_most_wanted_first(editor):
    now = timezone.now()
    record("sencha", results=3, at=now, hits=9)
    record("cofee", results=0, at=now, hits=2)
    record("mate", results=0, at=now - timedelta(days=2), hits=3)
    record("mate", results=0, at=now, hits=4)

    assert terms(editor) == ["mate", "cofee", "sencha"]
    assert terms(editor, found="nothing") == ["mate", "cofee"]
    assert terms(editor, found="something") == ["sencha"]
    assert terms(editor, q="COF") == ["cofee"]
    assert terms(editor, ordering="-hits") == ["sencha", "mate", "cofee"]


def test_one_click_beside_a_search_fills_in_its_term(editor):
    record("cofee & more", results=0, at=timezone.now())
    shown = editor.get(REPORT).content.decode()
    (link,) = re.findall(r'href="(/admin/synonyms/[^"]+)"', shown)

    form = editor.get(unescape(link)).content.decode()

    assert 'value="cofee &amp; more"' in form


def test_a_search_that_was_mended_says_so(editor):
    record("cofee", results=0, at=timezone.now())
    editor.post("/admin/synonyms/new/", {"term": "Cofee", "means": "coffee"})

    shown = editor.get(REPORT).content.decode()

    assert "has a synonym" in shown
    assert "Add a synonym" not in shown


def test_a_term_can_lead_straight_to_a_page(editor, client):
    tea = make_category("Tea")

    editor.post("/admin/search-redirects/new/", {"term": " All  TEA", "page": tea.pk})

    assert SearchRedirect.objects.get().term == "all tea"


def test_a_synonym_is_one_per_term_and_no_word_for_itself(editor):
    for means in ("green", "sencha", "leaf"):
        editor.post("/admin/synonyms/new/", {"term": "Green", "means": means})

    assert [str(each) for each in Synonym.objects.all()] == ["green → sencha"]


def test_many_terms_cost_the_queries_of_one(editor, django_assert_max_num_queries):
    record("one", results=0, at=timezone.now())
    editor.get(REPORT)
    with django_assert_max_num_queries(60) as few:
        editor.get(REPORT)
    for number in range(30):
        record(f"term {number}", results=0, at=timezone.now())

    with django_assert_max_num_queries(len(few)):
        editor.get(REPORT)


def test_a_term_never_becomes_a_formula(editor):
    record("=1+1", results=0, at=timezone.now())

    answer = editor.get(REPORT, {"export": "csv"})
    sheet = editor.get(REPORT, {"export": "xlsx"})

    assert b"\r\n'=1+1," in b"".join(answer.streaming_content)
    assert sheet.status_code == 200


def test_only_who_keeps_the_search_desk_sees_it(client, django_user_model):
    packer = django_user_model.objects.create_user("packer")
    packer.groups.add(Group.objects.get(name="Shop staff"))
    client.force_login(packer)

    for address in (REPORT, f"{REPORT}?export=csv", "/admin/synonyms/", "/admin/search-redirects/"):
        assert client.get(address).url == "/admin/"
    assert "Search desk" not in client.get("/admin/").content.decode()
