"""Shop staff give money back and look into the provider's events. docs/roles.md says so in words."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

SHOP_STAFF = ["checkout.make_refund", "checkout.replay_providerevent"]


def give_roles(apps, schema_editor):
    # Django writes permission rows after all migrations; on a new database there are none yet.
    create_permissions(installed.get_app_config("checkout"), verbosity=0)
    staff = apps.get_model("auth", "Group").objects.get(name="Shop staff")
    staff.permissions.add(*_named(apps, SHOP_STAFF))


def _named(apps, names):
    Permission = apps.get_model("auth", "Permission")
    wanted = [name.split(".") for name in names]
    return [
        Permission.objects.get(content_type__app_label=label, codename=codename)
        for label, codename in wanted
    ]


class Migration(migrations.Migration):
    dependencies = [("storefront", "0002_coupons_roles"), ("checkout", "0005_money")]

    operations = [migrations.RunPython(give_roles, migrations.RunPython.noop, elidable=False)]
