"""Who writes pages without publishing them, and who approves. docs/roles.md says so in words."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

AUTHORS = ["wagtailadmin.access_admin", "products.view_product", "products.add_product"]
MODERATORS = ["products.view_product"]
ON_ALL_PAGES = ["add_page", "change_page"]
IN_ALL_COLLECTIONS = [
    "wagtailimages.add_image",
    "wagtailimages.change_image",
    "wagtailimages.choose_image",
    "wagtaildocs.add_document",
    "wagtaildocs.change_document",
    "wagtaildocs.choose_document",
]
WORKFLOW = "Product approval"
TASK = "A moderator looks at it"


def give_roles(apps, schema_editor):
    # Django writes permission rows after all migrations; on a new database there are none yet.
    create_permissions(installed.get_app_config("products"), verbosity=0)
    Group = apps.get_model("auth", "Group")
    authors, _ = Group.objects.get_or_create(name="Authors")
    moderators, _ = Group.objects.get_or_create(name="Moderators")  # Wagtail made it
    authors.permissions.add(*_named(apps, AUTHORS))
    moderators.permissions.add(*_named(apps, MODERATORS))
    _open_pages(apps, authors)
    _open_collections(apps, authors)


def begin_approval(apps, schema_editor):
    """A workflow of one step for everything below the home page."""
    Workflow = apps.get_model("wagtailcore", "Workflow")
    home = apps.get_model("home", "HomePage").objects.first()
    if home is None or Workflow.objects.filter(name=WORKFLOW).exists():
        return
    ContentType = apps.get_model("contenttypes", "ContentType")
    of_groups, _ = ContentType.objects.get_or_create(
        app_label="wagtailcore", model="groupapprovaltask"
    )
    task = apps.get_model("wagtailcore", "GroupApprovalTask").objects.create(
        name=TASK, content_type=of_groups, active=True
    )
    task.groups.set(apps.get_model("auth", "Group").objects.filter(name="Moderators"))
    workflow = Workflow.objects.create(name=WORKFLOW, active=True)
    apps.get_model("wagtailcore", "WorkflowTask").objects.create(
        workflow=workflow, task=task, sort_order=0
    )
    apps.get_model("wagtailcore", "WorkflowPage").objects.get_or_create(
        page_id=home.pk, defaults={"workflow": workflow}
    )


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
    dependencies = [("storefront", "0005_search_desk_roles"), ("home", "0002_front_door")]

    operations = [
        migrations.RunPython(give_roles, migrations.RunPython.noop, elidable=False),
        migrations.RunPython(begin_approval, migrations.RunPython.noop, elidable=False),
    ]
