"""Delivery: takes what is due out of the outbox and hands it to the mail server.

What is promised: a mail whose transaction was committed is tried until the server takes it, refuses it for good, or ten
tries have failed; no two processes try the same mail at the same time. What SMTP cannot promise: when a process dies,
or the line breaks, after the server took the mail and before that was noted here, it is sent once more when the lease
ends (RFC 5321 §4.5.4.1 prefers a second copy to none). The copy carries the same Message-ID, by which mailboxes know
it.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

import structlog
from aiosmtplib import SMTP
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.clock import Clock
from summit.core.db import Database
from summit.core.ids import new_id
from summit.core.mail.messages import Attachment, Letter, message, sender_of, thread_id
from summit.core.mail.models import Mail
from summit.core.mail.smtp import MailServer, is_refused_for_good
from summit.core.text import one_line

log = structlog.get_logger()

TRIES = 10
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=6)
# A batch ends well within its lease: eight mails, each with a connection of its own at worst, 30 seconds for either.
LEASE = timedelta(minutes=10)
BATCH = 8
MAIL_SECONDS = 30
LOOK_SECONDS = 1.0
STOP_SECONDS = 10


class Delivery:
    """Sends the mail of one installation; any number of processes may run one each."""

    def __init__(self, db: Database, clock: Clock, smtp_url: str, mail_from: str, reply_to: str = "") -> None:
        self._db, self._clock, self._sender, self._reply_to = db, clock, mail_from, reply_to
        self._domain = sender_of(mail_from).domain
        self._server = MailServer.at(smtp_url) if smtp_url else None
        self._nudged = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Delivers in the background; at the end, the mail being sent is finished."""
        stop = asyncio.Event()
        task = asyncio.create_task(self.run(stop))
        try:
            yield
        finally:
            stop.set()
            self.nudge()
            with suppress(TimeoutError, asyncio.CancelledError):
                await asyncio.wait_for(task, STOP_SECONDS)

    async def run(self, stop: asyncio.Event) -> None:
        """Delivers until `stop` is set."""
        while not stop.is_set():
            self._nudged.clear()
            taken = 0
            try:
                taken = await self.deliver_due(stop)
            except Exception as error:  # a database that is away for a moment must not end delivery for good
                log.error("mail delivery", error=type(error).__name__)
            if not taken:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._nudged.wait(), LOOK_SECONDS)

    def nudge(self) -> None:
        """Has it look into the outbox now, not at its next look a second later."""
        self._nudged.set()

    async def deliver_due(self, stop: asyncio.Event | None = None) -> int:
        """Tries what is due, one batch at most; returns how many mails that were."""
        async with self._db.reader() as db:
            if await db.scalar(select(Mail.id).where(*self._is_due()).limit(1)) is None:
                return 0
        if self._server is None:
            return await self._keep()
        mails = await self._take()
        if mails:
            await self._send(mails, self._server, stop or asyncio.Event())
        return len(mails)

    def _is_due(self) -> tuple[Any, ...]:
        return Mail.state == "waiting", Mail.due_at <= self._clock()

    async def _keep(self) -> int:
        """Without a mail server, mail stays here for the organisers' outbox page."""
        async with self._db.writer() as db:
            due = select(Mail).where(*self._is_due()).limit(200).with_for_update(skip_locked=True)
            mails = list(await db.scalars(due))
            for mail in mails:
                mail.state = "kept"
        return len(mails)

    async def _take(self) -> list[Mail]:
        """Leases a batch. Sign-in mails go first: somebody is waiting for them; mailings to many go last."""
        now = self._clock()
        async with self._db.writer() as db:
            due = (
                select(Mail)
                .where(*self._is_due())
                .order_by(Mail.secret_until.is_(None), Mail.mailing_id.is_not(None), Mail.due_at)
                .limit(BATCH)
                .with_for_update(skip_locked=True)
            )
            mails = list(await db.scalars(due))
            for mail in mails:
                if mail.secret_until is not None and mail.secret_until <= now:
                    _give_up(mail, mail.last_error or "expired before it could be sent")
                    continue
                mail.due_at = now + LEASE
                mail.attempts += 1
                mail.message_id = mail.message_id or self._id_for(mail)
        return mails

    def _id_for(self, mail: Mail) -> str:
        if mail.thread and mail.opens_thread:
            return thread_id(mail.thread, self._domain)
        return f"<{new_id()}.{mail.id}@{self._domain}>"

    async def _send(self, mails: list[Mail], server: MailServer, stop: asyncio.Event) -> None:
        waiting = [mail for mail in mails if mail.state == "waiting"]
        async with AsyncExitStack() as stack:
            smtp: SMTP | None = None
            while waiting:
                if stop.is_set():
                    await self._give_back(waiting)
                    return
                try:
                    async with asyncio.timeout(MAIL_SECONDS):
                        if smtp is None or not smtp.is_connected:
                            smtp = await stack.enter_async_context(server.connection())
                except Exception as error:  # whatever keeps us from the server keeps every mail of the batch
                    await self._note_failure(waiting, error)
                    return
                await self._send_one(smtp, waiting.pop(0))

    async def _send_one(self, smtp: SMTP, mail: Mail) -> None:
        try:
            async with asyncio.timeout(MAIL_SECONDS):
                ready = message(_letter(mail), self._sender, mail.message_id, mail.made_at, reply_to=self._reply_to)
                await smtp.send_message(ready, recipients=[mail.recipient])
        except Exception as error:  # any failure is noted with its mail, and the others go on
            # A broken conversation cannot be gone on with: the next mail gets a new one.
            if not hasattr(error, "code") and not hasattr(error, "recipients"):
                smtp.close()
            await self._note_failure([mail], error)
            return
        async with self._db.writer() as db:
            sent: dict[str, Any] = {"state": "sent", "sent_at": self._clock(), "last_error": ""}
            await _settle(db, mail, sent | (_blank() if mail.secret_until else {}))
        log.info("mail sent", mail=mail.id, tries=mail.attempts)

    async def _give_back(self, mails: list[Mail]) -> None:
        async with self._db.writer() as db:
            for mail in mails:
                await _settle(db, mail, {"due_at": self._clock(), "attempts": mail.attempts - 1})

    async def _note_failure(self, mails: list[Mail], error: Exception) -> None:
        reason = one_line(f"{type(error).__name__}: {error}")[:500]
        for_good = is_refused_for_good(error)
        async with self._db.writer() as db:
            for mail in mails:
                over = for_good or mail.attempts >= TRIES
                log.warning("mail not sent", mail=mail.id, tries=mail.attempts, over=over, error=type(error).__name__)
                values: dict[str, Any] = {"last_error": reason}
                if over:
                    values |= {"state": "failed"} | (_blank() if mail.secret_until else {})
                else:
                    values["due_at"] = next_try(self._clock(), mail.attempts)
                await _settle(db, mail, values)


def _letter(mail: Mail) -> Letter:
    return Letter(
        mail.recipient,
        mail.subject,
        mail.text,
        mail.html,
        mail.recipient_name,
        mail.headers,
        thread=mail.thread,
        opens_thread=mail.opens_thread,
        attachments=[Attachment(**one) for one in mail.attachments],
    )


def next_try(now: datetime, attempts: int) -> datetime:
    """Half a minute after the first try, twice as long after each further one, six hours at most."""
    pause: timedelta = FIRST_PAUSE * 2 ** max(0, attempts - 1)
    return now + min(pause, LONGEST_PAUSE)


def _give_up(mail: Mail, reason: str) -> None:
    mail.state, mail.last_error = "failed", reason
    for name, value in _blank().items():
        setattr(mail, name, value)


def _blank() -> dict[str, Any]:
    return {"text": "", "html": ""}


async def _settle(db: AsyncSession, mail: Mail, values: dict[str, Any]) -> None:
    """Writes the outcome, unless the lease ran out meanwhile and another process has the mail by now."""
    is_mine = (Mail.id == mail.id, Mail.state == "waiting", Mail.attempts == mail.attempts)
    await db.execute(update(Mail).where(*is_mine).values(**values).execution_options(synchronize_session=False))
