"""Who gets in where: docs/roles.md, the groups on a new database, and every address of the desk."""

import re
from functools import partial
from importlib import import_module
from pkgutil import iter_modules

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, Permission, User

from cart.tests.factories import make_coupon
from checkout.models import ShippingMethod, ShippingZone, TaxRate
from checkout.tests.factories import make_order
from products.models import SearchRedirect, Synonym
from products.tests.factories import make_home, make_variant

pytestmark = pytest.mark.django_db

ROW = re.compile(r"^\| `(?P<name>[\w.]+)` \|[^|]*\|(?P<editors>[^|]*)\|(?P<staff>[^|]*)\|$", re.M)


def documented() -> dict[str, set[str]]:
    text = (settings.BASE_DIR / "docs" / "roles.md").read_text()
    rows = list(ROW.finditer(text))
    return {
        "Editors": {row["name"] for row in rows if row["editors"].strip()},
        "Shop staff": {row["name"] for row in rows if row["staff"].strip()},
    }


def granted(group: Group) -> set[str]:
    everywhere = list(group.permissions.all())
    on_pages = [row.permission for row in group.page_permissions.filter(page__depth=1)]
    in_collections = [
        row.permission for row in group.collection_permissions.filter(collection__depth=1)
    ]
    permissions = everywhere + on_pages + in_collections
    return {f"{one.content_type.app_label}.{one.codename}" for one in permissions}


@pytest.mark.parametrize("name", ["Editors", "Shop staff"])
def test_a_new_database_has_the_roles_that_the_documentation_describes(name):
    assert granted(Group.objects.get(name=name)) == documented()[name]
    assert len(documented()[name]) > 10


def test_giving_the_roles_again_changes_nothing():
    Group.objects.get(name="Shop staff").permissions.clear()
    folder = import_module("storefront.migrations").__path__
    names = sorted(module.name for module in iter_modules(folder))
    steps = [import_module(f"storefront.migrations.{name}") for name in names if "roles" in name]

    for step in steps * 2:
        step.give_roles(apps, None)

    for name, permissions in documented().items():
        group = Group.objects.get(name=name)
        assert granted(group) == permissions
        assert group.page_permissions.count() == (3 if name == "Editors" else 0)


# --- Every address, every role -----------------------------------------------------------------

LOGIN, HOME, BACK = "to the login", "refused, to the admin's home", "done, back to the order"

GET = {
    "/admin/orders/": (LOGIN, HOME, 200, 200, 200),
    "/admin/orders/?export=csv": (LOGIN, 403, 403, 200, 200),
    "/admin/orders/?export=xlsx": (LOGIN, 403, 403, 200, 200),
    "/admin/orders/inspect/{order}/": (LOGIN, HOME, 200, 200, 200),
    "/admin/orders/pack/{order}/": (LOGIN, 405, 405, 405, 405),
    "/admin/orders/note/{order}/": (LOGIN, 405, 405, 405, 405),
    "/admin/orders/send/{order}/": (LOGIN, 405, 405, 405, 405),
    "/admin/orders/bill-again/{order}/": (LOGIN, HOME, HOME, BACK, BACK),
    "/admin/orders/refund/{order}/": (LOGIN, HOME, HOME, 200, 200),
    "/admin/orders/goods-back/{order}/": (LOGIN, HOME, HOME, 200, 200),
    "/admin/orders/refund-again/{order}/": (LOGIN, 405, 405, 405, 405),
    "/admin/orders/refund-decide/{order}/": (LOGIN, 405, 405, 405, 405),
    "/admin/orders/return-payment/{order}/": (LOGIN, 405, 405, 405, 405),
    "/admin/orders/reinstate/{order}/": (LOGIN, 405, 405, 405, 405),
    "/admin/orders/review/{order}/": (LOGIN, 405, 405, 405, 405),
    "/admin/orders/evidence/{order}/": (LOGIN, HOME, HOME, 200, 200),
    "/admin/orders/create/": (LOGIN, 404, 404, 404, 404),
    "/admin/orders/edit/{order}/": (LOGIN, 404, 404, 404, 404),
    "/admin/orders/delete/{order}/": (LOGIN, 404, 404, 404, 404),
    "/admin/orders/history/{order}/": (LOGIN, 404, 404, 404, 404),
    "/admin/coupons/": (LOGIN, HOME, HOME, 200, 200),
    "/admin/coupons/?export=csv": (LOGIN, HOME, HOME, HOME, HOME),
    "/admin/coupons/create/": (LOGIN, HOME, HOME, 200, 200),
    "/admin/coupons/inspect/{coupon}/": (LOGIN, HOME, HOME, 200, 200),
    "/admin/coupons/edit/{coupon}/": (LOGIN, HOME, HOME, 200, 200),
    "/admin/coupons/delete/{coupon}/": (LOGIN, HOME, HOME, 200, 200),
    "/admin/coupons/history/{coupon}/": (LOGIN, 404, 404, 404, 404),
    "/admin/coupons/codes/{coupon}/": (LOGIN, 405, 405, 405, 405),
    "/admin/coupons/codes/{coupon}/csv/": (LOGIN, HOME, HOME, 200, 200),
    "/admin/shippingmethod/": (LOGIN, HOME, HOME, 200, 200),
    "/admin/shippingmethod/new/": (LOGIN, HOME, HOME, 200, 200),
    "/admin/shippingmethod/edit/{method}/": (LOGIN, HOME, HOME, 200, 200),
    "/admin/shippingmethod/delete/{method}/": (LOGIN, HOME, HOME, 200, 200),
    "/admin/shippingmethod/history/{method}/": (LOGIN, HOME, HOME, 200, 200),
    "/admin/shippingmethod/usage/{method}/": (LOGIN, HOME, HOME, 200, 200),
    "/admin/shippingzone/": (LOGIN, HOME, HOME, 200, 200),
    "/admin/shippingzone/new/": (LOGIN, HOME, HOME, 200, 200),
    "/admin/shippingzone/edit/{zone}/": (LOGIN, HOME, HOME, 200, 200),
    "/admin/shippingzone/delete/{zone}/": (LOGIN, HOME, HOME, 200, 200),
    "/admin/shippingzone/history/{zone}/": (LOGIN, HOME, HOME, 200, 200),
    "/admin/taxrate/": (LOGIN, HOME, HOME, 200, 200),
    "/admin/taxrate/new/": (LOGIN, HOME, HOME, 200, 200),
    "/admin/taxrate/edit/{rate}/": (LOGIN, HOME, HOME, 200, 200),
    "/admin/taxrate/delete/{rate}/": (LOGIN, HOME, HOME, 200, 200),
    "/admin/taxrate/history/{rate}/": (LOGIN, HOME, HOME, 200, 200),
    "/admin/pages/{page}/unpublish/": (LOGIN, 200, HOME, HOME, 200),
    "/admin/pages/{page}/delete/": (LOGIN, 200, HOME, HOME, 200),
    "/admin/pages/{page}/usage/": (LOGIN, 200, HOME, HOME, 200),
    "/admin/reports/content-health/": (LOGIN, 200, HOME, HOME, 200),
    "/admin/reports/content-health/?export=csv": (LOGIN, 200, HOME, HOME, 200),
    "/admin/reports/content-health/results/": (LOGIN, 200, HOME, HOME, 200),
    "/admin/reports/searches/": (LOGIN, 200, HOME, HOME, 200),
    "/admin/reports/searches/?export=xlsx": (LOGIN, 200, HOME, HOME, 200),
    "/admin/reports/searches/results/": (LOGIN, 200, HOME, HOME, 200),
    "/admin/synonyms/": (LOGIN, 200, HOME, HOME, 200),
    "/admin/synonyms/new/": (LOGIN, 200, HOME, HOME, 200),
    "/admin/synonyms/edit/{synonym}/": (LOGIN, 200, HOME, HOME, 200),
    "/admin/synonyms/delete/{synonym}/": (LOGIN, 200, HOME, HOME, 200),
    "/admin/search-redirects/": (LOGIN, 200, HOME, HOME, 200),
    "/admin/search-redirects/new/": (LOGIN, 200, HOME, HOME, 200),
    "/admin/search-redirects/edit/{past}/": (LOGIN, 200, HOME, HOME, 200),
    "/admin/search-redirects/delete/{past}/": (LOGIN, 200, HOME, HOME, 200),
    "/admin/searchpicks/": (LOGIN, 200, HOME, HOME, 200),
    "/admin/redirects/": (LOGIN, 200, HOME, HOME, 200),
}
POST = {
    "/admin/orders/pack/{order}/": (LOGIN, HOME, HOME, BACK, BACK),
    "/admin/orders/note/{order}/": (LOGIN, HOME, HOME, BACK, BACK),
    "/admin/orders/send/{order}/": (LOGIN, HOME, HOME, BACK, BACK),
    "/admin/orders/bill-again/{order}/": (LOGIN, HOME, HOME, BACK, BACK),
    "/admin/orders/refund/{order}/": (LOGIN, HOME, HOME, 200, 200),
    "/admin/orders/goods-back/{order}/": (LOGIN, HOME, HOME, 200, 200),
    "/admin/orders/refund-again/{order}/": (LOGIN, HOME, HOME, BACK, BACK),
    "/admin/orders/refund-decide/{order}/": (LOGIN, HOME, HOME, BACK, BACK),
    "/admin/orders/return-payment/{order}/": (LOGIN, HOME, HOME, BACK, BACK),
    "/admin/orders/reinstate/{order}/": (LOGIN, HOME, HOME, BACK, BACK),
    "/admin/orders/review/{order}/": (LOGIN, HOME, HOME, BACK, BACK),
}
ROLES = ("anonymous", "editor", "looker", "staff", "superuser")


def sign_in(client, role: str) -> None:
    if role == "anonymous":
        return
    user = User.objects.create_user(role, is_superuser=role == "superuser")
    if role in ("editor", "staff"):
        user.groups.add(Group.objects.get(name={"editor": "Editors", "staff": "Shop staff"}[role]))
    if role == "looker":  # sees orders, and nothing else
        seeing = Permission.objects.filter(codename__in=["access_admin", "view_order"])
        user.user_permissions.set(seeing)
    client.force_login(user)


def outcome(response, order: int) -> str | int:
    if response.status_code != 302:
        return response.status_code
    path = response.url.split("?")[0]
    return {
        "/admin/login/": LOGIN, "/admin/": HOME, f"/admin/orders/inspect/{order}/": BACK,
    }[path]  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_every_address_opens_to_its_roles_only(client, role):
    sign_in(client, role)
    order = make_order(status="paid").pk
    zone = ShippingZone.objects.create(name="Germany", countries=["DE"])
    method = ShippingMethod.objects.create(name="Parcel")
    rate = TaxRate.objects.create(
        tax_class="standard", country="DE", rate=19, valid_from="2021-01-01"
    )
    names = {
        "coupon": make_coupon().pk,
        "order": order,
        "zone": zone.pk,
        "method": method.pk,
        "rate": rate.pk,
        "page": make_variant("TEA-7", title="Assam").product.pages.get().pk,
        "synonym": Synonym.objects.create(term="cofee", means="coffee").pk,
        "past": SearchRedirect.objects.create(term="all tea", page=make_home()).pk,
    }
    column = ROLES.index(role)

    for ask, table in ((client.get, GET), (partial(client.post, data={"text": "x"}), POST)):
        expected = {address: answers[column] for address, answers in table.items()}
        answers = {address: ask(address.format(**names)) for address in table}
        assert {address: outcome(answer, order) for address, answer in answers.items()} == expected


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("editor", set()),
        ("looker", {"Orders"}),
        ("staff", {"Orders", "Coupons", "Shop settings"}),
        ("superuser", {"Orders", "Coupons", "Shop settings"}),
    ],
)
def test_the_menu_shows_what_a_role_may_open(client, role, sees):
    sign_in(client, role)

    text = client.get("/admin/").content.decode()

    labels = ("Orders", "Coupons", "Shop settings")
    assert {label for label in labels if f'"{label}"' in text} == sees
