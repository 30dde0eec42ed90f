"""Fixtures for the tests of every app; each module below tells what it gives."""

import os

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is slow, and no test is wrong for it.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# HYPOTHESIS_PROFILE=thorough tries a hundred times as many examples as a normal run.
settings.register_profile("thorough", settings.get_profile("suite"), max_examples=10_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))

pytest_plugins = [
    "tests.fixtures.kept",
    "tests.fixtures.tasks",
    "tests.fixtures.sandbox",
    "tests.fixtures.browser",
    "tests.fixtures.pictures",
    "tests.fixtures.documents",
    "tests.fixtures.whole_shop",
    "tests.fixtures.fault_table",
    "tests.audit.figures",
]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that empty the tables run after those that count on what migrations put there.

    pytest-django sees to that, and then pytest moves all tests of one browser together.
    """
    items.sort(key=_empties_the_tables)


def _empties_the_tables(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("django_db")
    names = set(getattr(item, "fixturenames", ()))
    return bool(
        (mark and mark.kwargs.get("transaction")) or names & {"live_server", "transactional_db"}
    )
