"""The two groups people at the shop belong to. docs/roles.md says the same in words."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

BOTH = [
    "wagtailadmin.access_admin",
    "products.view_product",
    "products.change_price",
    "products.change_stockitem",
]
EDITORS = [
    *BOTH,
    "products.add_product",
    "products.change_product",
]
SHOP_STAFF = [
    *BOTH,
    "checkout.view_order",
    "checkout.change_order",
    "checkout.export_order",
    "invoices.view_invoice",
    "invoices.print_invoice",
    "mailing.view_message",
    "mailing.resend_message",
    "checkout.add_shippingmethod",
    "checkout.change_shippingmethod",
    "checkout.delete_shippingmethod",
    "checkout.add_shippingzone",
    "checkout.change_shippingzone",
    "checkout.delete_shippingzone",
    "checkout.add_taxrate",
    "checkout.change_taxrate",
    "checkout.delete_taxrate",
]
ON_ALL_PAGES = ["add_page", "change_page", "publish_page"]
IN_ALL_COLLECTIONS = [
    "wagtailimages.add_image",
    "wagtailimages.change_image",
    "wagtailimages.choose_image",
    "wagtaildocs.add_document",
    "wagtaildocs.change_document",
    "wagtaildocs.choose_document",
]


def give_roles(apps, schema_editor):
    # Django writes permission rows after all migrations; on a new database there are none yet.
    for label in ("products", "checkout", "invoices", "mailing"):
        create_permissions(installed.get_app_config(label), verbosity=0)
    Group = apps.get_model("auth", "Group")
    editors, _ = Group.objects.get_or_create(name="Editors")  # Wagtail made it
    staff, _ = Group.objects.get_or_create(name="Shop staff")
    editors.permissions.set(_named(apps, EDITORS))
    staff.permissions.set(_named(apps, SHOP_STAFF))
    _open_pages(apps, editors)
    _open_collections(apps, editors)


def _named(apps, names):
    Permission = apps.get_model("auth", "Permission")
    wanted = [name.split(".") for name in names]
    return [
        Permission.objects.get(content_type__app_label=label, codename=codename)
        for label, codename in wanted
    ]


def _open_pages(apps, group):
    GroupPagePermission = apps.get_model("wagtailcore", "GroupPagePermission")
    root = apps.get_model("wagtailcore", "Page").objects.get(depth=1)
    for permission in _named(apps, [f"wagtailcore.{name}" for name in ON_ALL_PAGES]):
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)


def _open_collections(apps, group):
    GroupCollectionPermission = apps.get_model("wagtailcore", "GroupCollectionPermission")
    root = apps.get_model("wagtailcore", "Collection").objects.get(depth=1)
    for permission in _named(apps, IN_ALL_COLLECTIONS):
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=root, permission=permission
        )


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        ("wagtailimages", "0023_add_choose_permissions"),
        ("wagtaildocs", "0011_add_choose_permissions"),
        ("products", "__first__"),
        ("checkout", "__first__"),
        ("invoices", "__first__"),
        ("mailing", "__first__"),
    ]

    operations = [migrations.RunPython(give_roles, migrations.RunPython.noop, elidable=False)]
