"""What browsers are told a page may do."""

import re
from base64 import b64encode
from hashlib import sha256

import pytest
from django.urls import reverse

from products.models import ProductPage
from products.tests.factories import make_variant
from storefront import headers

pytestmark = pytest.mark.django_db


def policy(response) -> dict[str, str]:
    parts = response.headers["Content-Security-Policy"].split("; ")
    return dict(part.split(" ", 1) for part in parts)


@pytest.fixture(autouse=True)
def _policies_of_these_settings(settings):
    settings.STRIPE_API_BASE = ""
    policies = (headers.shop_policy, headers.error_policy, headers.desk_policy)
    for each in policies:
        each.cache_clear()
    yield
    for each in policies:
        each.cache_clear()


@pytest.mark.parametrize("address", ["/", "/cart/", "/checkout/", "/nothing/", "/orders/x/y/"])
def test_the_shop_runs_its_own_files_only(client, address):
    make_variant("TEA-100")

    response = client.get(address)

    assert policy(response) == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "form-action": "'self' https://checkout.stripe.com",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in response.headers["Permissions-Policy"]


def test_the_sandbox_is_a_payment_page_where_there_is_one(client, settings):
    settings.STRIPE_API_BASE = "http://127.0.0.1:8001/v1"

    assert policy(client.get("/cart/"))["form-action"].endswith(" http://127.0.0.1:8001")


def test_the_page_of_a_broken_shop_wears_the_style_it_brings(client, monkeypatch):
    monkeypatch.setattr("cart.views.CouponForm", lambda: 1 / 0)
    client.raise_request_exception = False

    response = client.get("/cart/")

    assert response.status_code == 500
    style = re.search("<style>(.*?)</style>", response.content.decode(), re.DOTALL)[1]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert policy(response)["style-src"] == f"'self' 'sha256-{digest}'"


@pytest.mark.parametrize("debugging", [True, False])
def test_pages_for_developers_keep_the_style_that_stands_in_them(client, settings, debugging):
    settings.DEBUG = debugging

    missing = client.get("/nothing/")

    assert missing.status_code == 404
    assert ("Content-Security-Policy" in missing.headers) == (not debugging)
    assert "Content-Security-Policy" in client.get("/cart/").headers


def test_the_desk_may_write_scripts_and_frame_previews(client, admin_client):
    make_variant("TEA-100")
    page = ProductPage.objects.get()

    desk = policy(admin_client.get(reverse("wagtailadmin_home")))
    preview = admin_client.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))

    assert "'unsafe-inline'" in desk["script-src"]
    assert desk["frame-ancestors"] == policy(preview)["frame-ancestors"] == "'self'"
    assert policy(client.get(page.url))["frame-ancestors"] == "'none'"


@pytest.mark.parametrize(
    "address",
    ["/cart/", "/checkout/", "/orders/x/y/", "/admin/login/", "/admin/", "/nothing/", "/cart"],
)
def test_what_is_one_visitors_is_kept_by_nobody(client, settings, address):
    settings.MIDDLEWARE = ["storefront.page_cache.middleware.PageCache", *settings.MIDDLEWARE]

    assert "no-store" in client.get(address).headers["Cache-Control"]
