"""A process killed at any moment: what it was doing is done soon after, once."""

import re
import time

import pytest

from tests.faults.journeys import WAYS, Way
from tests.faults.people import Buyer
from tests.faults.shop import FragileShop
from tests.faults.soundness import assert_sound

SOON = 45  # seconds on a busy machine with a quick beat; waiting for a lease is not counted


@pytest.mark.row("killed")
def test_killed_at_any_moment_the_journey_ends_well(shop, subtests, request):
    wanted = re.compile(request.config.getoption("moments", ""))

    for name, ways in moments(shop).items():
        for whole in kills(name, shop.broker):
            row = f"{'whole ' if whole else ''}{name}"
            if wanted.search(row):
                with subtests.test(row):
                    survives(shop, name, ways, whole=whole)


def kills(name: str, broker: str) -> list[bool]:
    """Who is killed there: the process (False), the worker's parent with its child (True).

    What does not meet the broker is tried with one broker only, and half of the costly kills of a
    whole worker fall to each: it loses what it held with Redis, and gets it again with RabbitMQ.
    """
    works, before = name.startswith("worker"), name.endswith("before")
    if broker == "RabbitMQ":
        return [False, True] if works and before else [False]
    return [not before] if works else [False] if "publish" in name else []


def moments(shop: FragileShop) -> dict[str, list[Way]]:
    """Every moment that some way passes."""
    found: dict[str, list[Way]] = {}
    travel(shop, WAYS[0])  # what happens but once, such as making a picture, is not a way's own
    for way in WAYS:
        with shop.crashes.recorded() as names:
            travel(shop, way)
        for name in names:
            found.setdefault(name, []).append(way)
    return found


def survives(shop: FragileShop, name: str, ways: list[Way], *, whole: bool) -> None:
    """Go a way that passes the moment; a way may miss it when the beat was faster."""
    for way in ways * 2:
        shop.wipe_broker()  # of late wake-ups for others: who dies of them had nothing to do
        time.sleep(0.2)  # for the one under way
        shop.crashes.die_at(name, whole=whole)
        try:
            buyer = travel(shop, way)
            if struck := shop.crashes.struck:
                break
        except AssertionError:
            shop.catch_up()  # one failure shall not show as another's
            raise
        finally:
            shop.crashes.forget()
    assert struck, f"{name} was not passed again"
    assert_sound(shop)
    assert buyer.pages_per_attempt() <= {1}


def travel(shop: FragileShop, way: Way) -> Buyer:
    """Go a way to its end, and see that it ended as it should."""
    shop.heal_lines()
    shop.patience = way.patience
    buyer = Buyer(shop)
    try:
        way.go(buyer, shop)
        buyer.wait_for(way.ends, SOON)
    finally:
        shop.heal_lines()
    return buyer
