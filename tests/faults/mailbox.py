"""A mail server in any mood."""

from typing import Any

from tests.fixtures.surroundings import Mailbox


class MoodyMailbox(Mailbox):
    """Answers `reply` to every mail instead of taking it, if that says something.

    Takes the next `drops` mails and breaks the connection instead of saying so.
    """

    def __init__(self) -> None:
        super().__init__()
        self.reply = ""
        self.drops = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.reply:
            return self.reply
        answer: str = await super().handle_DATA(server, session, envelope)
        if self.drops:
            self.drops -= 1
            server.transport.abort()
        return answer
