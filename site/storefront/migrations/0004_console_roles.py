"""Shop staff see the payment console. docs/roles.md says the same in words."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

SHOP_STAFF = [
    "view_paymentattempt",
    "view_providerevent",
    "view_refund",
    "view_dispute",
    "view_finding",
]


def give_roles(apps, schema_editor):
    # Django writes permission rows after all migrations; on a new database there are none yet.
    create_permissions(installed.get_app_config("checkout"), verbosity=0)
    staff = apps.get_model("auth", "Group").objects.get(name="Shop staff")
    permissions = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="checkout", codename__in=SHOP_STAFF
    )
    staff.permissions.add(*permissions)


class Migration(migrations.Migration):
    dependencies = [("storefront", "0003_money_roles")]

    operations = [migrations.RunPython(give_roles, migrations.RunPython.noop, elidable=False)]
