"""A real mail server that keeps what it is given."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

_WAIT_SECONDS = 10.0


class MailServer:
    """Answers SMTP on `url`. Mail is in `messages`, in order of arrival.

    Each entry of `refusals` is the answer to one mail that is then not taken, such as ``451 4.3.0 Later``.
    `pause` is how many seconds it takes over each mail.
    """

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.refusals: deque[str] = deque()
        self.offered = 0
        self.pause = 0.0
        self.port = 0
        self._arrived = asyncio.Condition()

    @property
    def url(self) -> str:
        """For ``SUMMIT_SMTP_URL``."""
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Called by aiosmtpd with each mail."""
        self.offered += 1
        await asyncio.sleep(self.pause)
        if self.refusals:
            return self.refusals.popleft()
        assert isinstance(envelope.content, bytes)
        async with self._arrived:
            self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
            self.recipients.extend(envelope.rcpt_tos)
            self._arrived.notify_all()
        return "250 OK"

    async def wait_for(self, count: int = 1) -> EmailMessage:
        """Waits until that many mails have come; gives the last of them."""
        async with asyncio.timeout(_WAIT_SECONDS), self._arrived:
            await self._arrived.wait_for(lambda: len(self.messages) >= count)
        return self.messages[count - 1]


@asynccontextmanager
async def receiving_mail() -> AsyncIterator[MailServer]:
    """A mail server on a free port."""
    mail = MailServer()

    def answering() -> Any:
        return SMTP(mail, hostname="mail.test", loop=asyncio.get_running_loop())

    listening = await asyncio.get_running_loop().create_server(answering, "127.0.0.1", 0)
    mail.port = listening.sockets[0].getsockname()[1]
    try:
        yield mail
    finally:
        listening.close()
        await listening.wait_closed()


@pytest.fixture
async def mail_server() -> AsyncIterator[MailServer]:
    """A mail server of the test's own."""
    async with receiving_mail() as mail:
        yield mail


def body_of(message: EmailMessage, kind: str) -> str:
    """The text of the `plain` or `html` body."""
    part = message.get_body((kind,))
    assert part is not None, f"the mail has no {kind} body"
    text: str = part.get_content()
    return text.replace("\r\n", "\n")
