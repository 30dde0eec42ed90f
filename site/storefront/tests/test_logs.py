import logging
from typing import Any

import pytest
from django.conf import settings

from storefront.logs import HideSecretLinks


@pytest.mark.parametrize(
    "path", ["/orders/s3cr-t_Token/invoice/", "/checkout/return/s3cr-t_Token/"]
)
def test_a_guests_link_is_not_logged(path: str) -> None:
    record = logging.makeLogRecord({"msg": "Not Found: %s", "args": (path,)})

    HideSecretLinks().filter(record)

    assert "s3cr" not in record.getMessage()
    assert "Not Found: /" in record.getMessage()


def test_every_line_of_the_console_passes_the_filter() -> None:
    handler: Any = settings.LOGGING["handlers"]["console"]

    assert handler["filters"] == ["secrets"]
