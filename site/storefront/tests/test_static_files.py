"""What browsers load beside a page, as production serves it."""

import re
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.test import Client

from products.tests.factories import make_variant


@pytest.fixture
def collected(settings: Any, tmp_path: Path) -> Path:
    """The folder of static files with their hashes, ready compressed."""
    settings.STATIC_ROOT = tmp_path
    # Ours only: compressing the admin's files takes half a minute.
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "storefront.static_files.JoinedStylesStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def sent(file: Path) -> int:
    """Bytes that travel."""
    compressed = file.with_name(file.name + ".br")
    return (compressed if compressed.exists() else file).stat().st_size


def test_shoppers_get_one_stylesheet_with_every_component(collected: Path) -> None:
    text = (collected / staticfiles_storage.stored_name("css/shop.css")).read_text()

    assert "@import" not in text
    assert "/*" not in text
    assert ".product-card" in text
    assert "newsreader-latin." in text


@pytest.mark.django_db
def test_a_product_page_keeps_to_its_weight(client: Client, collected: Path) -> None:
    page = make_variant(first_value="50 g").product.pages.get()

    html = client.get(page.url).content

    linked = set(re.findall(r'/static/([^"#]+\.(?:js|css))"', html.decode()))
    script = sum(sent(collected / name) for name in linked if name.endswith(".js"))
    style = sum(sent(collected / name) for name in linked if name.endswith(".css"))
    fonts = sum(file.stat().st_size for file in Path("static/fonts").glob("*.woff2"))
    assert script
    assert style
    assert script <= 20_000
    assert script + style + len(brotli.compress(html)) <= 60_000
    assert 0 < fonts <= 60_000
