"""Mail on its way out: tried until it is taken, never twice at the same time."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from summit.core.db import Database
from summit.core.mail.delivery import BATCH, LEASE, TRIES, Delivery, next_try
from summit.core.mail.messages import Letter
from summit.core.mail.models import Mail
from summit.core.mail.outbox import post
from tests.support.clocks import NOW, SettableClock
from tests.support.mail import MailServer, body_of
from tests.support.processes import free_port

SENDER = "Summit <hello@summit.example.org>"


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


async def write(database: Database, clock: SettableClock, *names: str, secret: bool = False) -> None:
    """Puts a mail for each name into the outbox."""
    until = clock() + timedelta(minutes=15) if secret else None
    async with database.writer() as db:
        for name in names:
            letter = Letter(f"{name}@example.org", f"To {name}", "Hello\n", "<p>Hello</p>", name, secret_until=until)
            post(db, letter, clock)


async def states(database: Database) -> dict[str, str]:
    async with database.reader() as db:
        return {mail.recipient_name: mail.state for mail in await db.scalars(select(Mail))}


async def the_mail(database: Database) -> Mail:
    async with database.reader() as db:
        return (await db.scalars(select(Mail))).one()


async def test_mail_arrives_as_it_was_written(
    database: Database, mail_server: MailServer, clock: SettableClock
) -> None:
    await write(database, clock, "anna")
    assert await Delivery(database, clock, mail_server.url, SENDER).deliver_due() == 1
    mail = mail_server.messages[0]
    assert (mail["Subject"], mail["To"], mail["From"]) == ("To anna", "anna <anna@example.org>", SENDER)
    assert (body_of(mail, "plain"), body_of(mail, "html")) == ("Hello\n", "<p>Hello</p>\n")
    assert mail["Date"].datetime == NOW
    assert await states(database) == {"anna": "sent"}
    assert await Delivery(database, clock, mail_server.url, SENDER).deliver_due() == 0


async def test_what_is_rolled_back_is_never_sent(
    database: Database, mail_server: MailServer, clock: SettableClock
) -> None:
    async def fail() -> None:
        async with database.writer() as db:
            post(db, Letter("anna@example.org", "No", "No"), clock)
            await db.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await Delivery(database, clock, mail_server.url, SENDER).deliver_due() == 0
    assert mail_server.messages == []


async def test_a_server_that_says_later_is_tried_again(
    database: Database, mail_server: MailServer, clock: SettableClock
) -> None:
    delivery = Delivery(database, clock, mail_server.url, SENDER)
    await write(database, clock, "anna")
    mail_server.refusals.extend(["451 4.3.0 Try later", "421 4.3.2 Going down"])
    tried = []
    for seconds in (0, 29, 1, 59, 1):
        clock.advance(seconds=seconds)
        tried.append(await delivery.deliver_due())
    assert tried == [1, 0, 1, 0, 1]
    assert [mail["To"] for mail in mail_server.messages] == ["anna <anna@example.org>"]
    assert await states(database) == {"anna": "sent"}


async def test_a_server_that_is_away_is_tried_again_and_in_the_end_given_up(
    database: Database, clock: SettableClock
) -> None:
    delivery = Delivery(database, clock, f"smtp://127.0.0.1:{free_port()}", SENDER)
    await write(database, clock, "anna")
    for _ in range(TRIES):
        assert await delivery.deliver_due() == 1
        clock.advance(hours=6)
    assert await delivery.deliver_due() == 0
    assert await states(database) == {"anna": "failed"}
    assert "Connect" in (await the_mail(database)).last_error


async def test_what_is_refused_for_good_is_not_tried_again_and_stops_no_other(
    database: Database, mail_server: MailServer, clock: SettableClock
) -> None:
    delivery = Delivery(database, clock, mail_server.url, SENDER)
    await write(database, clock, "anna")
    clock.advance(seconds=1)
    await write(database, clock, "bo")
    mail_server.refusals.append("550 5.1.1 No such mailbox")
    assert await delivery.deliver_due() == 2
    assert await states(database) == {"anna": "failed", "bo": "sent"}
    clock.advance(days=1)
    assert await delivery.deliver_due() == 0
    assert mail_server.recipients == ["bo@example.org"]


async def test_two_processes_send_every_mail_once(
    database_url: str, database: Database, mail_server: MailServer, clock: SettableClock
) -> None:
    names = [f"person{n}" for n in range(4 * BATCH)]
    await write(database, clock, *names)
    mail_server.pause = 0.005
    other = Database(database_url)
    loops = [Delivery(db, clock, mail_server.url, SENDER) for db in (database, other, database, other)]

    async def empty(delivery: Delivery) -> None:
        while await delivery.deliver_due():
            pass

    try:
        await asyncio.gather(*map(empty, loops))
    finally:
        await other.close()
    assert Counter(mail_server.recipients) == dict.fromkeys((f"{name}@example.org" for name in names), 1)
    assert set((await states(database)).values()) == {"sent"}


async def test_what_a_dead_process_had_taken_is_sent_when_its_lease_ends(
    database: Database, mail_server: MailServer, clock: SettableClock
) -> None:
    await write(database, clock, "anna")
    mail_server.pause = 0.1
    dying = asyncio.create_task(Delivery(database, clock, mail_server.url, SENDER).deliver_due())
    while not mail_server.offered:
        await asyncio.sleep(0.01)
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    await mail_server.wait_for(1)
    survivor = Delivery(database, clock, mail_server.url, SENDER)
    clock.advance(seconds=LEASE.total_seconds() - 1)
    assert await survivor.deliver_due() == 0
    clock.advance(seconds=1)
    assert await survivor.deliver_due() == 1
    first, second = mail_server.messages
    assert first["Message-ID"] == second["Message-ID"]


async def test_a_link_that_has_expired_is_not_sent_and_a_sent_one_is_not_kept(
    database: Database, mail_server: MailServer, clock: SettableClock
) -> None:
    delivery = Delivery(database, clock, mail_server.url, SENDER)
    await write(database, clock, "anna", secret=True)
    await delivery.deliver_due()
    sent = await the_mail(database)
    assert (sent.state, sent.text, sent.html) == ("sent", "", "")
    await write(database, clock, "bo", secret=True)
    clock.advance(minutes=15)
    await delivery.deliver_due()
    assert mail_server.recipients == ["anna@example.org"]
    assert await states(database) == {"anna": "sent", "bo": "failed"}


async def test_links_overtake_other_mail(database: Database, mail_server: MailServer, clock: SettableClock) -> None:
    await write(database, clock, *(f"person{n}" for n in range(BATCH)))
    clock.advance(seconds=1)
    await write(database, clock, "waiting", secret=True)
    await Delivery(database, clock, mail_server.url, SENDER).deliver_due()
    assert mail_server.recipients[0] == "waiting@example.org"


async def test_without_a_server_mail_is_kept(database: Database, clock: SettableClock) -> None:
    await write(database, clock, "anna", "bo")
    assert await Delivery(database, clock, "", SENDER).deliver_due() == 2
    assert await states(database) == {"anna": "kept", "bo": "kept"}


async def test_a_stop_finishes_the_mail_that_is_on_its_way(
    database: Database, mail_server: MailServer, clock: SettableClock
) -> None:
    await write(database, clock, "anna", "bo", "cy")
    mail_server.pause = 0.2
    async with Delivery(database, clock, mail_server.url, SENDER).running():
        while not mail_server.offered:
            await asyncio.sleep(0.01)
    found = await states(database)
    assert list(found.values()).count("sent") == len(mail_server.messages) == 1
    assert await Delivery(database, clock, mail_server.url, SENDER).deliver_due() == 2
    assert len(mail_server.messages) == 3


def test_pauses_grow_up_to_six_hours() -> None:
    pauses = [next_try(NOW, attempts) - NOW for attempts in range(1, 13)]
    assert pauses[:3] == [timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=2)]
    assert pauses[-1] == timedelta(hours=6)
    assert pauses == sorted(pauses)
