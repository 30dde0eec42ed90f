from pathlib import Path
from typing import Any

from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command


def test_shoppers_get_one_stylesheet_with_every_component(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    # Ours only: compressing the admin's files takes half a minute.
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "storefront.static_files.JoinedStylesStorage"},
    }

    call_command("collectstatic", interactive=False, verbosity=0)

    style = tmp_path / staticfiles_storage.stored_name("css/shop.css")
    text = style.read_text()
    assert "@import" not in text
    assert ".product-card" in text
    assert "newsreader-latin." in text
    assert style.with_name(style.name + ".br").stat().st_size < 25_000
