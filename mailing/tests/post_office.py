"""A real SMTP server that accepts, refuses or breaks off, as the test says."""

import logging
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message as Mail
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

OK = "250 OK"


class PostOffice:
    """What arrived, and how the next mails are answered."""

    def __init__(self) -> None:
        self.arrived: list[Mail] = []
        self.to_recipient = OK  # the reply to RCPT TO
        self.to_content = OK  # the reply after DATA
        self.drops_after_data = False

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if self.to_recipient == OK:
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.to_content == OK:
            self.arrived.append(message_from_bytes(envelope.content))
        if self.drops_after_data:
            server.transport.abort()
        return self.to_content


class _OnFreePort(Controller):
    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def post_office(settings: Any) -> Iterator[PostOffice]:
    """The server the shop's mails go to."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    office = PostOffice()
    controller = _OnFreePort(office, hostname="127.0.0.1", port=0, ready_timeout=60)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_TIMEOUT = 5
    settings.DEFAULT_FROM_EMAIL = "Still Leaf <shop@still-leaf.example>"
    yield office
    controller.stop()
