"""Shops of before, brought along."""

from decimal import Decimal

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = "0009_beyond_limit"
AFTER = "0010_one_rate_per_band"


def migrate(name):
    executor = MigrationExecutor(connection)
    executor.migrate([("checkout", name)])
    return executor.loader.project_state([("checkout", name)]).apps


@pytest.fixture
def before():
    yield migrate(BEFORE)
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def test_of_two_rates_for_the_same_parcels_the_first_stays(before):
    method = before.get_model("checkout", "ShippingMethod").objects.create(name="Parcel")
    zone = before.get_model("checkout", "ShippingZone").objects.create(name="Home", countries="DE")
    rates = before.get_model("checkout", "ShippingRate").objects
    for grams, price in ((None, 4), (500, 2), (None, 5), (500, 3), (1000, 3)):
        rates.create(method=method, zone=zone, currency="EUR", up_to_grams=grams, price=price)

    kept = migrate(AFTER).get_model("checkout", "ShippingRate").objects

    left = {rate.up_to_grams: rate.price for rate in kept.all()}
    assert left == {None: Decimal(4), 500: Decimal(2), 1000: Decimal(3)}
    assert kept.count() == 3
