"""Those who sign in at the desk of the demo shop."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.models import Group, User

from . import read


@dataclass(frozen=True)
class SignIn:
    """What is printed at the start, so that a visitor can look around."""

    username: str
    password: str


def load() -> None:
    """Create the accounts that are missing. Those that exist keep their passwords."""
    for entry in read("selling")["person"]:
        group, password = entry.pop("group"), entry.pop("password")
        if User.objects.filter(username=entry["username"]).exists():
            continue
        owner = not group  # in no group, because the owner may do everything
        user = User(**entry, is_superuser=owner, is_staff=owner)
        user.set_password(password)
        user.save()
        if group:
            user.groups.add(Group.objects.get(name=group))


def sign_ins() -> Iterator[SignIn]:
    """Names and passwords of the demo accounts."""
    for entry in read("selling")["person"]:
        yield SignIn(entry["username"], entry["password"])
