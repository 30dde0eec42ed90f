"""Asking VIES, the member states' register of VAT ids. The only module that knows its interface.

https://ec.europa.eu/assets/taxud/vow-information/swagger_publicVAT.yaml
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import requests
from django.conf import settings

TIMEOUT = (3, 12)  # seconds to connect and between two bytes; some states take ten


class NoAnswer(Exception):
    """The register, or the state whose id it is, does not say: ask again later."""


@dataclass(frozen=True)
class Answer:
    """Whether an id is in force. `consultation` is the receipt for an audit, if there is one."""

    is_valid: bool
    registered_to: str
    consultation: str


def ask(vat_id: str, *, requester: str) -> Answer:
    """What the register says about a normalised id. Raises NoAnswer.

    With the seller's own id as `requester` the answer carries a consultation number.
    """
    query = {"requesterMemberStateCode": requester[:2], "requesterNumber": requester[2:]}
    try:
        answer = requests.get(
            f"{settings.VIES_URL}/ms/{vat_id[:2]}/vat/{vat_id[2:]}",
            params=query if requester else None,
            headers={"Accept": "application/json"},
            timeout=TIMEOUT,
            allow_redirects=False,
        )
        if answer.status_code != HTTPStatus.OK:
            raise NoAnswer(f"HTTP status {answer.status_code}")
        return _read(answer.json())
    except (requests.RequestException, ValueError) as error:
        raise NoAnswer(f"{type(error).__name__}: {error}") from error


def _read(said: Any) -> Answer:
    """Raises NoAnswer unless the register says yes or no.

    It says "not valid" too when a state's own register is away; only `userError` tells them apart.
    """
    if not isinstance(said, dict):
        raise NoAnswer(f"not an answer: {said!r:.200}")
    verdict = (said.get("isValid"), said.get("userError"))
    if verdict not in ((True, "VALID"), (False, "INVALID")):
        raise NoAnswer(f"isValid={verdict[0]!r}, userError={verdict[1]!r:.100}")
    return Answer(
        is_valid=verdict[0] is True,
        registered_to=_text(said.get("name"), 300),
        consultation=_text(said.get("requestIdentifier"), 60),
    )


def _text(value: Any, most: int) -> str:
    """What the register wrote, on one line; "---" is how it says nothing."""
    words = " ".join(str(value or "").replace("\0", " ").split())
    return "" if words == "---" else words[:most]
