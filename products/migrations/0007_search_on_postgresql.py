"""What makes search and long lists quick on PostgreSQL. SQLite reads its few rows as they are."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

DICTIONARIES = {
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "it": "italian",
    "nb": "norwegian",
    "nl": "dutch",
    "pt": "portuguese",
    "sv": "swedish",
}


def _document(dictionary):
    return " || ".join(
        f"setweight(to_tsvector('{dictionary}', {column}), '{weight}')"
        for column, weight in (("names", "A"), ("facts", "B"), ("prose", "D"))
    )


_BY_LANGUAGE = " ".join(
    f"WHEN '{language}' THEN {_document(dictionary)}"
    for language, dictionary in DICTIONARIES.items()
)
STATEMENTS = (
    # SQLite cannot say that in an index.
    "CREATE INDEX listed_by_price_down ON products_listedproduct (price DESC NULLS LAST, path)",
    f"""ALTER TABLE products_listedproduct ADD COLUMN vector tsvector GENERATED ALWAYS AS (
        CASE left(language, 2) {_BY_LANGUAGE} ELSE {_document("simple")} END
    ) STORED""",
    "CREATE INDEX listed_by_words ON products_listedproduct USING gin (vector)",
    "CREATE INDEX words_by_likeness ON products_searchword USING gin (text gin_trgm_ops)",
)


def on_postgresql(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in STATEMENTS:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("products", "0006_listed_products")]

    operations = [
        TrigramExtension(),  # does nothing on other databases
        # Backwards the tables go with the migration before.
        migrations.RunPython(on_postgresql, migrations.RunPython.noop, elidable=False),
    ]
