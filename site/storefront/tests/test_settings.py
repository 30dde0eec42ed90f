"""Whoever runs the shop can read in one place what it may be told."""

import re

from django.conf import settings

READ = re.compile(r'\b(?:env(?:\.\w+)?|required)\(\s*"([A-Z_]+)"')


def test_the_readme_names_every_variable_that_settings_read():
    folder = settings.BASE_DIR / "site/storefront/settings"
    read = {name for file in folder.glob("*.py") for name in READ.findall(file.read_text("utf-8"))}
    readme = (settings.BASE_DIR / "README.md").read_text("utf-8")
    table = "".join(line for line in readme.splitlines(keepends=True) if line.startswith("| `"))

    assert {"SECRET_KEY", "PROXIES", "SHOP_COUNTRY"} <= read
    assert sorted(name for name in read if f"`{name}`" not in table) == []
