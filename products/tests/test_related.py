"""Goes well with: products that an editor puts beside another."""

import pytest
import zeal
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset

from products.models import ProductPage, RelatedProduct

from .factories import make_variant
from .forms import EDITING, a_page

pytestmark = pytest.mark.django_db


def relate(page: ProductPage, *titles: str) -> None:
    others = [ProductPage.objects.get(title=title) for title in titles]
    page.related = [
        RelatedProduct(other=other, sort_order=order) for order, other in enumerate(others)
    ]
    page.save_revision().publish()


def related_to(page: ProductPage, client) -> list[str]:
    return [card.title for card in client.get(page.url).context["related"]]


@pytest.fixture
def sencha() -> ProductPage:
    make_variant("TEA-1", title="Sencha")
    return ProductPage.objects.get()


def test_what_an_editor_put_beside_a_product_is_shown_in_that_order(client, sencha):
    make_variant("POT-1", title="Pot", price="48.00")
    make_variant("CUP-1", title="Cup")

    relate(sencha, "Cup", "Pot")

    assert related_to(sencha, client) == ["Cup", "Pot"]
    shown = client.get(sencha.url).content.decode()
    assert "Goes well with" in shown
    assert "€48.00" in shown


def test_only_what_can_be_bought_is_recommended(client, sencha):
    make_variant("POT-1", title="Sold out", stock=0)
    make_variant("CUP-1", title="Draft", live=False)
    make_variant("TIN-1", title="Without price", price=None)

    relate(sencha, "Sold out", "Draft", "Without price", "Sencha")

    assert "Goes well with" not in client.get(sencha.url).content.decode()


def test_eight_recommendations_cost_no_more_queries_than_one(client, sencha):
    titles = [f"Cup {number}" for number in range(8)]
    for number, title in enumerate(titles):
        make_variant(f"CUP-{number}", title=title)

    def queries() -> int:
        client.get(sencha.url)
        with CaptureQueriesContext(connection) as queries, zeal.zeal_context():
            client.get(sencha.url)
        return len(queries)

    relate(sencha, titles[0])
    one = queries()
    relate(sencha, *titles)

    assert related_to(sencha, client) == titles
    assert queries() == one


def test_a_recommended_page_that_is_deleted_leaves_no_hole(client, sencha):
    make_variant("CUP-1", title="Cup")
    make_variant("POT-1", title="Pot")
    relate(sencha, "Cup", "Pot")

    ProductPage.objects.get(title="Cup").delete()

    assert related_to(sencha, client) == ["Pot"]
    sencha.get_latest_revision_as_object().save_revision().publish()
    assert related_to(sencha, client) == ["Pot"]


def test_recommendations_are_chosen_on_the_page_form(client, sign_in, sencha):
    sign_in(*EDITING)
    make_variant("CUP-1", title="Cup")
    row = {"id": "", "other": ProductPage.objects.get(title="Cup").pk, "ORDER": "1", "DELETE": ""}
    words = a_page(sencha.product, slug=sencha.slug, related=inline_formset([row]))

    client.post(
        reverse("wagtailadmin_pages:edit", args=[sencha.pk]), words | {"action-publish": "yes"}
    )

    assert related_to(sencha, client) == ["Cup"]
