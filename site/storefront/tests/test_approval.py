"""Who writes pages and who approves them."""

import re

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.urls import reverse
from wagtail.models import Workflow

from home.models import HomePage
from mailing import sending
from mailing.models import Message
from products.models import ProductPage
from products.tests.factories import make_variant
from products.tests.forms import a_page

pytestmark = pytest.mark.django_db

ROW = re.compile(r"^\| `(?P<name>[\w.]+)` \|(?P<authors>[^|]*)\|(?P<moderators>[^|]*)\|$", re.M)


def documented(column: str) -> set[str]:
    text = (settings.BASE_DIR / "docs" / "roles.md").read_text()
    return {row["name"] for row in ROW.finditer(text) if row[column].strip()}


def granted(group: Group) -> set[str]:
    on_pages = [row.permission for row in group.page_permissions.filter(page__depth=1)]
    in_collections = [row.permission for row in group.collection_permissions.all()]
    permissions = [*group.permissions.all(), *on_pages, *in_collections]
    return {f"{one.content_type.app_label}.{one.codename}" for one in permissions}


def person(client, group: str) -> User:
    user = User.objects.create_user(group.lower())
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    return user


@pytest.mark.parametrize("name", ["Authors", "Moderators"])
def test_a_new_database_has_the_roles_that_the_documentation_describes(name):
    assert granted(Group.objects.get(name=name)) == documented(name.lower())
    assert len(documented(name.lower())) > 10


def test_everything_below_the_home_page_can_be_submitted_for_approval():
    make_variant("TEA-100")

    assert ProductPage.objects.get().get_workflow().name == "Product approval"
    (task,) = Workflow.objects.get(name="Product approval").tasks.all()
    assert [group.name for group in task.specific.groups.all()] == ["Moderators"]
    assert HomePage.objects.get().has_workflow


def test_what_an_author_submits_is_live_when_a_moderator_has_approved(client):
    variant = make_variant("TEA-100", title="Sencha")
    page = ProductPage.objects.get()
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    words = a_page(variant.product, title="Sencha of May", slug=page.slug)

    person(client, "Authors")
    client.post(edit, words | {"action-publish": "yes"})
    assert "Sencha of May" not in client.get(page.url).content.decode()
    client.post(edit, words | {"action-submit": "yes"})
    assert "Sencha of May" not in client.get(page.url).content.decode()

    person(client, "Moderators")
    task = page.current_workflow_task_state
    approve = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", task.pk])
    client.post(approve, {"comment": "Well said."})

    assert "Sencha of May" in client.get(page.url).content.decode()


def test_no_author_waits_for_a_mail_server(client, settings, mailoutbox, run_tasks):
    settings.EMAIL_BACKEND = "mailing.postbox.Postbox"
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens there
    person(client, "Moderators")
    User.objects.update(email="moderator@example.com")
    person(client, "Authors")
    variant = make_variant("TEA-100", title="Sencha")
    page = ProductPage.objects.get()
    words = a_page(variant.product, title="Sencha of May", slug=page.slug)

    client.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]), words | {"action-submit": "yes"}
    )

    message = Message.objects.get()
    assert (message.state, message.recipient) == ("due", "moderator@example.com")
    assert "Sencha of May" in message.subject
    run_tasks()
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("due", 1)

    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    sending.send_if_due(message.pk, at=message.due_at)

    (mail,) = mailoutbox
    assert mail.to == ["moderator@example.com"]
    assert reverse("wagtailadmin_pages:edit", args=[page.pk]) in mail.body
    client.force_login(User.objects.create_superuser("owner"))
    shown = client.get(reverse("messages_modeladmin_inspect", args=[message.pk]))
    assert "Sencha of May" in shown.content.decode()


def test_a_link_to_set_a_new_password_is_no_row_that_staff_could_read(client, settings, mailoutbox):
    settings.EMAIL_BACKEND = "mailing.postbox.Postbox"
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    User.objects.create_superuser("owner", "owner@example.com", "a-good-one")

    client.post(reverse("wagtailadmin_password_reset"), {"email": "owner@example.com"})

    assert [mail.to for mail in mailoutbox] == [["owner@example.com"]]
    assert not Message.objects.exists()
