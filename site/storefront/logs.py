"""What must not stand in a log."""

import logging
import re

# Whoever has an order's link may see the order.
SECRET_LINK = re.compile(r"(/(?:orders|checkout/return)/)[^/\s\"']+")


class HideSecretLinks(logging.Filter):
    """Hides the secret part of guests' links, which Django logs with every refused address."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = SECRET_LINK.sub(r"\1…", record.getMessage()), ()
        return True
