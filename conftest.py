"""Fixtures for the tests of every app; each module below tells what it gives."""

import os

from hypothesis import settings

# HYPOTHESIS_PROFILE=thorough tries a hundred times as many examples as a normal run.
settings.register_profile("thorough", max_examples=10_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

pytest_plugins = [
    "tests.fixtures.kept",
    "tests.fixtures.tasks",
    "tests.fixtures.sandbox",
    "tests.fixtures.browser",
    "tests.fixtures.pictures",
    "tests.fixtures.whole_shop",
    "tests.fixtures.fault_table",
    "tests.audit.figures",
]
