"""Wagtail's background tasks, done by the shop's workers.

They keep indexes, delete files and purge addresses. None is money, and a message that is lost is
made up for: every night `storefront.tasks.renew_indexes` builds the indexes anew.
"""

from typing import Any

from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskResult, TaskResultStatus
from django_tasks.utils import get_random_id

from . import tasks


class CeleryBackend(BaseTaskBackend):
    """Hands each task to a worker once the transaction has committed. Knows no results."""

    def enqueue(self, task: Task, args: Any, kwargs: Any) -> TaskResult:
        self.validate_task(task)
        result: TaskResult = TaskResult(
            task=task,
            id=get_random_id(),
            status=TaskResultStatus.READY,
            enqueued_at=None,
            started_at=None,
            finished_at=None,
            last_attempted_at=None,
            args=args,
            kwargs=kwargs,
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )
        tasks.run_wagtail_task.wake(task.module_path, result.args, result.kwargs)
        return result
