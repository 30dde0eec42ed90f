"""Coupons are the shop staff's. docs/roles.md says the same in words."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

SHOP_STAFF = [
    ("coupon", "view_coupon"),
    ("coupon", "add_coupon"),
    ("coupon", "change_coupon"),
    ("coupon", "delete_coupon"),
    ("couponcode", "add_couponcode"),
    ("couponcode", "export_couponcode"),
]


def give_roles(apps, schema_editor):
    # Django writes permission rows after all migrations; on a new database there are none yet.
    create_permissions(installed.get_app_config("cart"), verbosity=0)
    Permission = apps.get_model("auth", "Permission")
    staff, _ = apps.get_model("auth", "Group").objects.get_or_create(name="Shop staff")
    for model, codename in SHOP_STAFF:
        staff.permissions.add(
            Permission.objects.get(
                content_type__app_label="cart", content_type__model=model, codename=codename
            )
        )


class Migration(migrations.Migration):
    dependencies = [
        ("storefront", "0001_roles"),
        ("cart", "0001_coupons"),
    ]

    operations = [migrations.RunPython(give_roles, migrations.RunPython.noop, elidable=False)]
