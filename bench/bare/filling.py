"""`python -m bench.bare.filling`: the table and its first rows."""

import django
from django.db import connection

django.setup()

from bench.bare.models import Row  # noqa: E402
from bench.bare.urls import ROWS  # noqa: E402

with connection.schema_editor() as editor:
    editor.create_model(Row)
Row.objects.bulk_create([Row(text="there") for _ in range(5 * ROWS)])
