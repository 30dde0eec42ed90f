"""What `insert` writes is what the ORM would have written."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, models

from checkout.models import Address, Order
from checkout.models.inserting import insert, insert_all

from .factories import make_order

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("rows", "unique"),
    [
        ("orders", {"number": "7K3Q-9XMF", "token": "t" * 32, "placement_key": "k" * 64}),
        ("addresses", {}),
        ("attempts", {"key": uuid4(), "reference": "cs_other", "pays_order": False}),
        ("events", {}),
    ],
)
def test_a_copy_reads_back_as_its_original(rows, unique):
    order = make_order(status=Order.Status.PAID)
    original = {
        "orders": order,
        "addresses": order.shipping_address,
        "attempts": order.attempts.first(),
        "events": order.events.first(),
    }[rows]

    copy = insert(_copy(original, **unique))

    assert copy.pk != original.pk
    assert stored(copy) == {**stored(original), "id": copy.pk, **unique}


def test_each_of_several_rows_gets_its_own_id():
    cities = ["Kiel", "Aachen", "Jena"]

    addresses = insert_all([Address(name="Ada", city=city, country="DE") for city in cities])

    assert [Address.objects.get(pk=address.pk).city for address in addresses] == cities


def test_what_was_inserted_is_changed_when_it_is_saved_again():
    order = insert(_copy(make_order(), number="A", token="t", placement_key="k"))

    order.vat_id = "DE123456788"
    order.save()

    assert Order.objects.count() == 2
    assert Order.objects.get(number="A").vat_id == "DE123456788"


def test_the_rules_of_the_database_hold():
    order = make_order()

    with pytest.raises(IntegrityError):
        insert(_copy(order, token="other", placement_key="other"))


def stored(row: models.Model) -> dict[str, Any]:
    return type(row)._default_manager.values().get(pk=row.pk)


def _copy(row: Any, **unique: Any) -> Any:
    fields = {field.attname for field in row._meta.local_concrete_fields} - {"id"}
    return type(row)(**{name: getattr(row, name) for name in fields} | unique)
