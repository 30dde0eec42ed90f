"""Fixtures for the tests of every app; each module below tells what it gives."""

pytest_plugins = [
    "tests.fixtures.tasks",
    "tests.fixtures.sandbox",
    "tests.fixtures.browser",
    "tests.fixtures.whole_shop",
    "tests.fixtures.fault_table",
]
