"""The tables. They are created, not migrated: what is in them is worth nothing tomorrow."""

from django.apps import apps
from django.db import connection

from sandbox.models import StoredAnswer

VERSION = 1  # raise it when models.py changes: an older database is then emptied


def prepare() -> None:
    """Make sure the tables are there and fit the models."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA user_version")
        if cursor.fetchone()[0] != VERSION:
            _create()
            cursor.execute(f"PRAGMA user_version = {VERSION}")
    # Calls that were running when the process ended will never finish.
    StoredAnswer.objects.filter(status=None).delete()


def _create() -> None:
    models = list(apps.get_app_config("sandbox").get_models())
    present = set(connection.introspection.table_names())
    with connection.schema_editor() as editor:
        for model in models:
            if model._meta.db_table in present:
                editor.delete_model(model)
            editor.create_model(model)
