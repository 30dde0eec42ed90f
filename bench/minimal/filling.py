"""`python -m bench.minimal.filling`: the tables, a page and three below it."""

import django
from django.core.management import call_command
from django.db import connection

django.setup()

from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402

from bench.minimal.models import MinimalPage  # noqa: E402

call_command("migrate", verbosity=0)
home = Page.get_first_root_node().add_child(
    instance=MinimalPage(title="Front", slug="front", text="Words " * 100)
)
for number in range(3):
    home.add_child(instance=MinimalPage(title=f"Page {number}", slug=f"page-{number}", text="x"))
Site.objects.update(root_page=home)

visitor = Client(SERVER_NAME="127.0.0.1")
visitor.get("/")
with CaptureQueriesContext(connection) as queries:
    assert visitor.get("/").status_code == 200
assert len(queries) == 5, [query["sql"] for query in queries]
