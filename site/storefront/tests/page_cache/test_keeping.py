"""What is kept, for whom, and how long."""

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.http import HttpResponse, StreamingHttpResponse
from wagtail.models import Page, PageViewRestriction, Site

from products import freshness
from products.models import ProductPage
from storefront.page_cache import pages
from storefront.page_cache.addresses import Address
from storefront.page_cache.keeping import Memory, server_key
from storefront.page_cache.pages import KeptPage, may_be_kept

from .conftest import TEA

KEPT = "public, max-age=0, s-maxage=60, stale-while-revalidate=60"


def is_kept(response) -> bool:
    return response.headers.get("Cache-Control") == KEPT


def retitle(title: str) -> None:
    """Behind the shop's back: whoever sees it was answered by the database."""
    ProductPage.objects.update(title=title)


def test_a_page_is_made_once_and_answered_without_a_query(client, django_assert_num_queries):
    first = client.get(TEA)
    retitle("Changed behind the shop's back")

    with django_assert_num_queries(0):
        second = client.get(TEA)

    assert second.content == first.content
    assert second.headers == first.headers
    assert is_kept(second)


def test_another_process_finds_it_on_the_cache_server(a_process):
    first = a_process().get(TEA)
    retitle("Changed behind the shop's back")

    assert a_process().get(TEA).content == first.content


def test_what_the_cache_server_holds_is_text(client):
    client.get(TEA)

    stored = cache.get(server_key(Address("http", "testserver", TEA, "", False)))
    assert {type(value) for value in stored.values()} <= {int, float, str, dict}


def test_a_cart_neither_sees_another_page_nor_has_one_made(client, django_assert_num_queries):
    client.get(TEA)
    client.post(
        "/cart/add/", {"sku": "TEA-100", "quantity": 1}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert client.cookies["sessionid"].value

    with django_assert_num_queries(0):
        assert is_kept(client.get(TEA))


@pytest.mark.parametrize("address", ["/cart/", "/checkout/", "/admin/login/", "/nowhere/", "/x"])
def test_other_views_are_asked_every_time(client, address):
    for _ in range(2):
        assert not is_kept(client.get(address, headers={"Cookie": "a=1"}))


def test_the_cart_still_knows_its_visitor(client):
    client.post(
        "/cart/add/", {"sku": "TEA-100", "quantity": 1}, headers={"Sec-Fetch-Site": "same-origin"}
    )

    assert "Sencha" in client.get("/cart/").content.decode()


def test_only_parameters_that_mean_something_make_another_page(client):
    client.get("/green-tea/?sort=name&page=1")
    retitle("Changed behind the shop's back")

    same = client.get("/green-tea/?utm_source=mail&page=1&x=%00&sort=name&gclid=7")
    other = client.get("/green-tea/?sort=price")

    assert "Changed behind" not in same.content.decode()
    assert "Changed behind" in other.content.decode()
    assert is_kept(other)


def test_the_page_never_sees_a_parameter_that_is_not_in_its_key(client, monkeypatch):
    seen = watch_requests(monkeypatch)

    client.get("/green-tea/?utm_source=mail&sort=name")

    assert [dict(request.GET) for request in seen] == [{"sort": ["name"]}]


def test_the_page_never_sees_anything_of_its_visitor(client, monkeypatch):
    seen = watch_requests(monkeypatch)
    client.cookies["sessionid"] = "mark"

    client.get(
        TEA, headers={"User-Agent": "mark", "Accept-Language": "de", "X-Forwarded-Host": "mark"}
    )

    (request,) = seen
    assert request.COOKIES == {}
    assert [name for name in request.META if name.startswith(("HTTP_", "REMOTE_"))] == ["HTTP_HOST"]


def watch_requests(monkeypatch) -> list:
    seen = []
    serve = Page.serve

    def watched(page, request, *args, **kwargs):
        seen.append(request)
        return serve(page, request, *args, **kwargs)

    monkeypatch.setattr(Page, "serve", watched)
    return seen


# --- What is never kept -------------------------------------------------------------------------


def test_whoever_is_at_the_desk_neither_sees_a_kept_page_nor_has_one_made(client, a_process):
    editor = a_process()
    editor.cookies["desk"] = "1"

    seen = editor.get(TEA)
    retitle("Newer")

    assert seen.headers["Cache-Control"] == "private, no-store"
    assert "Newer" in client.get(TEA).content.decode()
    retitle("Newest")
    assert "Newest" in editor.get(TEA).content.decode()
    assert "Newest" not in client.get(TEA).content.decode()


def test_a_preview_neither_sees_a_kept_page_nor_is_kept(client):
    Site.objects.update(hostname="testserver")  # previews go to the page's own address
    Site.clear_site_root_paths_cache()
    page = ProductPage.objects.get()
    page.title = "Draft"

    first = page.make_preview_request().render().content.decode()
    kept = client.get(TEA).content.decode()
    again = page.make_preview_request().render().content.decode()

    assert "Draft" in first
    assert "Draft" not in kept
    assert "Draft" in again


@pytest.mark.parametrize("restriction", ["password", "login"])
def test_a_closed_page_is_never_kept(client, a_process, restriction, django_user_model):
    PageViewRestriction.objects.create(
        page=ProductPage.objects.get(), restriction_type=restriction, password="open sesame"
    )
    user = django_user_model.objects.create_user("ada")
    friend = a_process()
    friend.force_login(user)
    session = friend.session
    session["passed_page_view_restrictions"] = [PageViewRestriction.objects.get().pk]
    session.save()

    inside, outside = friend.get(TEA), client.get(TEA)

    assert "€12.50" in inside.content.decode()
    assert "no-store" in inside.headers["Cache-Control"]
    assert "€12.50" not in outside.content.decode()
    assert "no-store" in outside.headers["Cache-Control"]
    assert "€12.50" in friend.get(TEA).content.decode()


def test_neither_an_error_nor_a_redirect_is_kept(client):
    assert client.get("/green-tea").status_code == 301
    assert client.get("/green-tea/nothing/").status_code == 404
    ProductPage.objects.update(slug="nothing", url_path="/home/green-tea/nothing/")

    assert client.get("/green-tea/nothing/").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Set-Cookie": "a=1"},
        {"Cache-Control": "private"},
        {"Cache-Control": "max-age=0, no-store"},
        {"Vary": "User-Agent"},
        {"Vary": "*"},
        {"Content-Encoding": "br"},
        {"Content-Security-Policy": "script-src 'nonce-abc'"},
    ],
)
def test_an_answer_with_such_headers_is_not_kept(headers):
    response = HttpResponse("words")
    assert may_be_kept(response)
    for name, value in headers.items():
        if name == "Set-Cookie":
            response.set_cookie("a", "1")
        else:
            response.headers[name] = value

    assert not may_be_kept(response)


def test_an_answer_that_is_streamed_or_huge_is_not_kept():
    assert not may_be_kept(StreamingHttpResponse(["words"]))
    assert not may_be_kept(HttpResponse("x" * (pages.LARGEST + 1)))


@pytest.mark.parametrize("method", ["post", "put", "delete", "options"])
def test_other_methods_pass_by(client, method):
    client.get(TEA)
    retitle("Changed")

    assert not is_kept(getattr(client, method)(TEA))


@pytest.mark.parametrize("host", ["evil.example", "testserver:81", "TESTSERVER", ""])
def test_a_host_that_is_not_ours_to_the_letter_is_not_kept(client, host):
    assert not is_kept(client.get(TEA, headers={"Host": host}))


def test_http_and_https_are_two_pages(client):
    client.get(TEA)
    retitle("Changed behind the shop's back")

    assert "Changed behind" in client.get(TEA, secure=True).content.decode()


def test_somebody_with_a_password_in_the_request_passes_by(client):
    assert not is_kept(client.get(TEA, headers={"Authorization": "Basic YTpi"}))


# --- How much is kept ---------------------------------------------------------------------------


def page_of(letter: str, size: int = 1000) -> KeptPage:
    return KeptPage(1, 0.0, letter, {}, b"x" * size, b"x" * size)


def test_a_process_keeps_so_many_bytes_and_forgets_what_nobody_asks_for():
    memory = Memory(most_bytes=3 * page_of("a").size)
    a, b, c, d = (Address("http", "shop", f"/{letter}/", "", False) for letter in "abcd")
    for address in (a, b, c):
        memory.set(address, page_of(address.path))
    memory.get(a)

    memory.set(d, page_of("d"))
    memory.set(d, page_of("d"))

    assert memory.get(b) is None
    assert all(memory.get(address) for address in (a, c, d))
    assert memory.bytes == 3 * page_of("a").size


def test_made_up_queries_fill_no_cache_server(client, monkeypatch):
    client.get("/green-tea/")
    stored = []
    monkeypatch.setattr(cache, "set", lambda key, *_, **__: stored.append(key))

    for number in range(20):
        assert is_kept(client.get(f"/green-tea/?sort={number}"))

    assert not [key for key in stored if key.startswith("page:")]


def test_an_endless_query_is_answered_and_not_kept(client):
    assert not is_kept(client.get("/green-tea/", {"sort": "x" * 2000}))


# --- Faults -------------------------------------------------------------------------------------


def away(*_):
    raise OperationalError("the server closed the connection")


def test_pages_are_shown_while_the_database_is_away(client):
    first = client.get(TEA)
    freshness.forget()

    with connection.execute_wrapper(away):
        assert client.get(TEA).content == first.content


def test_nobody_waits_for_a_builder_while_the_cache_server_is_away(client, told, monkeypatch):
    client.get(TEA)
    monkeypatch.setattr(cache, "add", lambda *_: False)
    monkeypatch.setattr(cache, "get", lambda *_, **__: None)
    with told():
        retitle("Newer")
        freshness.changed()

    assert "Newer" in client.get(TEA).content.decode()
