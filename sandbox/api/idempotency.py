"""One answer per idempotency key: replayed for the same call, refused for another."""

import hashlib
from dataclasses import dataclass

from django.db import transaction

from sandbox.errors import ApiError
from sandbox.models import StoredAnswer
from sandbox.objects.store import Json


@dataclass(frozen=True)
class Answer:
    """What goes back to the caller, body as JSON."""

    status: int
    body: Json


def fingerprint(method: str, path: str, body: str) -> str:
    """Two calls are the same when these are."""
    return hashlib.sha256(f"{method} {path}\n{body}".encode()).hexdigest()


@transaction.atomic
def claim(key: str, fingerprint: str) -> Answer | None:
    """The stored answer, or nothing: then the key is ours until `keep` or `release`."""
    stored = StoredAnswer.objects.filter(key=key).first()
    if stored is None:
        StoredAnswer.objects.create(key=key, fingerprint=fingerprint)
        return None
    if stored.fingerprint != fingerprint:
        raise ApiError(
            "Keys for idempotent requests can only be used with the same parameters they were "
            f"first used with. Try using a key other than '{key}' if you meant to execute a "
            "different request.",
            kind="idempotency_error",
        )
    if stored.status is None:
        raise ApiError(
            "There is currently another in-progress request using this Idempotent Key (that "
            f"probably means you submitted twice, and the other request is still going through): "
            f"{key}. Please try again later.",
            kind="idempotency_error",
            code="idempotency_key_in_use",
            status=409,
        )
    return Answer(stored.status, stored.body or {})


def keep(key: str, answer: Answer) -> None:
    """Store the answer: from now on every repetition gets it, even a 500."""
    StoredAnswer.objects.filter(key=key).update(status=answer.status, body=answer.body)


def release(key: str) -> None:
    """Forget the call: it was refused before anything was done."""
    StoredAnswer.objects.filter(key=key, status=None).delete()
