from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from products.tests.factories import make_variant
from tests.fixtures.sandbox import Sandbox

from .buying import Shopper, open_shop


@pytest.fixture
def time_machine_at() -> Callable[..., AbstractContextManager[Any]]:
    """`with time_machine_at(hours=3): …`: so much later. Other processes keep their clocks."""
    return lambda **later: time_machine.travel(timezone.now() + timedelta(**later))


@pytest.fixture
def shopper(sandbox: Sandbox) -> Shopper:
    """Somebody in a shop with ten of TEA-100 at 12.50. Tests of other goods have their own."""
    open_shop()
    make_variant("TEA-100", price="12.50", stock=10)
    return Shopper()


@pytest.fixture
def staff(client: Client) -> Client:
    """Mia's browser: she is signed in and works in the shop."""
    user = User.objects.create_user("mia", "mia@example.com", "mia", first_name="Mia")
    user.groups.add(Group.objects.get(name="Shop staff"))
    client.force_login(user)
    return client
