"""An editor's morning in a real browser: the report finds the sold-out hero, and it is mended."""

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission, User
from playwright.sync_api import Page, expect
from wagtail.models import GroupPagePermission

from products.models import ProductPage
from products.tests.factories import add_stock, make_home, make_variant

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def editor(client, live_server, page: Page) -> Page:
    """The window of an editor who has signed in."""
    user = User.objects.create_user("editor")
    # Not the migrations' group: a test that empties the database takes that away.
    user.groups.add(group := Group.objects.create(name="Writers"))
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for right in Permission.objects.filter(codename__in=["change_page", "publish_page"]):
        GroupPagePermission.objects.create(group=group, page=make_home(), permission=right)
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    page.goto(f"{live_server.url}/admin/")
    return page


def test_a_report_finds_the_sold_out_hero(editor: Page, live_server):
    sencha = make_variant("TEA-1", title="Sencha", stock=0)
    home = make_home()
    leads_to = ProductPage.objects.get()
    hero = {"title": "New harvest", "text": "", "image": None, "page": leads_to, "button": "Look"}
    home.body = [("hero", hero)]
    home.save_revision().publish()

    editor.get_by_role("button", name="Reports").click()
    editor.get_by_role("link", name="Content health").click()
    found = editor.get_by_role("row").filter(has_text="Sencha is sold out.")
    expect(found).to_contain_text("Sold-out product on a page")
    found.get_by_role("link", name="Home").click()
    expect(editor).to_have_url(f"{live_server.url}/admin/pages/{home.pk}/edit/")

    add_stock(sencha, 5)
    editor.goto(f"{live_server.url}/admin/reports/content-health/?kind=sold_out")
    expect(editor.get_by_text("No findings match your query.")).to_be_visible()
