from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone


@pytest.fixture
def time_machine_at() -> Callable[..., AbstractContextManager[Any]]:
    """`with time_machine_at(hours=3): …`: so much later. Other processes keep their clocks."""
    return lambda **later: time_machine.travel(timezone.now() + timedelta(**later))
