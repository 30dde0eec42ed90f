"""Wagtail's background tasks are the workers'."""

import pytest
from wagtail.models import ReferenceIndex

from products.tests.factories import make_home, make_words
from storefront import tasks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def celery(settings):
    settings.TASKS = {"default": {"BACKEND": "storefront.wagtail_tasks.CeleryBackend"}}


def references_to_home() -> int:
    return ReferenceIndex.get_references_to(make_home()).count()


def test_an_index_is_kept_by_a_worker_after_the_commit(run_tasks):
    run_tasks()
    link = f'<a linktype="page" id="{make_home().pk}">Home</a>'
    make_words(body=[("text", link)])
    assert references_to_home() == 0

    assert "storefront.tasks.run_wagtail_task" in run_tasks()

    assert references_to_home() == 1


def test_what_is_gone_when_its_turn_comes_is_no_error(run_tasks):
    page = make_words()
    page.delete()

    assert "storefront.tasks.run_wagtail_task" in run_tasks()


def test_a_message_names_a_task_and_nothing_else():
    with pytest.raises(TypeError):
        tasks.run_wagtail_task("os.getcwd", [], {})


def test_the_night_makes_up_for_lost_messages():
    link = f'<a linktype="page" id="{make_home().pk}">Home</a>'
    make_words(body=[("text", link)])

    tasks.renew_indexes()

    assert references_to_home() == 1


def test_every_later_task_waits_in_the_queue_for_later(settings):
    from storefront.celery import app

    app.loader.import_default_modules()  # as a worker does

    for name in settings.CELERY_TASK_ROUTES:
        assert name in app.tasks
        assert app.amqp.router.route({}, name)["queue"].name == settings.LATER
