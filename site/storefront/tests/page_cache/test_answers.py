"""Headers and bodies of kept pages, as browsers and CDNs want them."""

import gzip

import brotli
import pytest

from .conftest import TEA


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip;q=1.0, br;q=0", "gzip"),
        ("GZIP", "gzip"),
        ("identity", ""),
        ("", ""),
        ("brotli", ""),
    ],
)
def test_the_body_comes_as_the_browser_wants_it(client, accepted, encoding):
    plain = client.get(TEA).content
    answer = client.get(TEA, headers={"Accept-Encoding": accepted})

    assert answer.headers.get("Content-Encoding", "") == encoding
    decoded = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}[encoding](
        answer.content
    )
    assert decoded == plain
    assert int(answer.headers["Content-Length"]) == len(answer.content)


@pytest.mark.parametrize("weak", ["{}", 'W/"x", {}', "*"])
def test_a_browser_that_has_the_page_hears_304(client, weak):
    first = client.get(TEA)

    again = client.get(TEA, headers={"If-None-Match": weak.format(first.headers["ETag"])})

    assert (again.status_code, again.content) == (304, b"")
    for name in ("ETag", "Cache-Control", "Vary"):
        assert again.headers[name] == first.headers[name]


def test_a_browser_that_has_another_page_gets_this_one(client):
    assert client.get(TEA, headers={"If-None-Match": 'W/"other"'}).status_code == 200


def test_the_tag_is_one_of_the_words(client, told, shop):
    before = client.get(TEA).headers["ETag"]
    with told():
        shop.product.save()
    same = client.get(TEA).headers["ETag"]
    with told():
        shop.product.maker = "Uji"
        shop.product.save()

    assert same == before
    assert client.get(TEA).headers["ETag"] != before


@pytest.mark.parametrize("kept", [False, True])
def test_head_is_get_without_the_body(client, kept):
    if kept:
        client.get(TEA)
    head, get = client.head(TEA), client.get(TEA)

    assert head.content == b""
    assert head.headers == get.headers


def test_a_fragment_and_its_page_are_never_mixed_up(client):
    page = client.get("/green-tea/")
    fragment = client.get("/green-tea/", headers={"HX-Request": "true"})
    back = client.get(
        "/green-tea/", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}
    )

    assert fragment.headers["Cache-Control"] == "private, max-age=0"
    assert back.headers["Cache-Control"] == page.headers["Cache-Control"]
    assert "HX-Request" in page.headers["Vary"]


def test_the_view_learns_that_a_fragment_is_wanted(client, monkeypatch):
    from products.models import CategoryPage

    seen = []
    context = CategoryPage.get_context

    def watched(page, request, *args, **kwargs):
        seen.append(request.headers.get("HX-Request"))
        return context(page, request, *args, **kwargs)

    monkeypatch.setattr(CategoryPage, "get_context", watched)
    for headers in ({}, {"HX-Request": "true", "HX-Target": "anything"}, {"HX-Request": "evil"}):
        client.get("/green-tea/", headers=headers)

    assert seen == [None, "true"]


def test_no_answer_says_that_it_depends_on_cookies(client):
    assert client.get(TEA).headers["Vary"] == "Accept-Encoding, HX-Request"


def test_kept_pages_carry_the_shops_other_headers(client):
    for _ in range(2):
        headers = client.get(TEA).headers

        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Content-Type"] == "text/html; charset=utf-8"
