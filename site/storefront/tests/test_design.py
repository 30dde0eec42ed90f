from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client, RequestFactory

from products.tests.factories import make_home
from storefront.design import views

FOLDER = Path(settings.BASE_DIR, "templates/components")


@pytest.mark.django_db
def test_every_component_is_shown(rf: RequestFactory) -> None:
    make_home()

    page = views.show(rf.get("/design/")).content.decode()

    shown = {name.stem for name in FOLDER.glob("*.html") if f"components/{name.name}<" in page}
    assert shown == {name.stem for name in FOLDER.glob("*.html")}


@pytest.mark.django_db
def test_strangers_see_no_design_page(client: Client) -> None:
    make_home()

    assert client.get("/design/").status_code == 404
