"""Names in a document of their own: told by its weight alone, a word costs a look at every row."""

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
_BY_LANGUAGE = " ".join(
    f"WHEN '{language}' THEN to_tsvector('{dictionary}', names)"
    for language, dictionary in DICTIONARIES.items()
)
STATEMENTS = (
    "SET LOCAL statement_timeout = 0",  # a large table is written anew
    f"""ALTER TABLE products_listedproduct ADD COLUMN name_vector tsvector GENERATED ALWAYS AS (
        CASE left(language, 2) {_BY_LANGUAGE} ELSE to_tsvector('simple', names) END
    ) STORED""",
    "CREATE INDEX listed_by_name ON products_listedproduct USING gin (name_vector)",
)


def on_postgresql(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in STATEMENTS:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("products", "0007_search_on_postgresql")]

    operations = [migrations.RunPython(on_postgresql, migrations.RunPython.noop, elidable=False)]
