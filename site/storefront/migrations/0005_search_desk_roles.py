"""Editors mend what is not found: redirects and the search desk. docs/roles.md says so in words."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

MENDED = [
    "wagtailredirects.redirect",
    "wagtailsearchpromotions.searchpromotion",
    "products.synonym",
    "products.searchredirect",
]
EDITORS = ["products.view_searchoutcome"] + [
    f"{label}.{action}_{model}"
    for label, model in (name.split(".") for name in MENDED)
    for action in ("add", "change", "delete")
]


def give_roles(apps, schema_editor):
    # Django writes permission rows after all migrations; on a new database there are none yet.
    for label in ("products", "wagtailredirects", "wagtailsearchpromotions"):
        create_permissions(installed.get_app_config(label), verbosity=0)
    editors = apps.get_model("auth", "Group").objects.get(name="Editors")
    editors.permissions.add(*_named(apps, EDITORS))


def _named(apps, names):
    Permission = apps.get_model("auth", "Permission")
    wanted = [name.split(".") for name in names]
    return [
        Permission.objects.get(content_type__app_label=label, codename=codename)
        for label, codename in wanted
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("storefront", "0004_console_roles"),
        ("products", "0003_search_desk"),
        ("wagtailredirects", "0008_add_verbose_name_plural"),
        ("wagtailsearchpromotions", "0008_query_verbose_name"),
    ]

    operations = [migrations.RunPython(give_roles, migrations.RunPython.noop, elidable=False)]
