"""Invitations by mail: one for the summit, one for each booked workshop, followed by what becomes of them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import msgspec
import pytest
import vobject
from icalendar import Calendar
from sqlalchemy import func, select, update

from summit.core.mail.models import Mail
from summit.core.texts import Texts
from summit.people.models import Person
from summit.programme.models import Summit
from summit.registration import inviting
from summit.registration.invitation_marks import mark
from summit.registration.inviting import write_invitations
from summit.registration.models import CalendarInvitation, CalendarMark, Preferences
from summit.registration.office import Office
from summit.registration.upkeep import House
from tests.calendar.readers import know_only_zones_of
from tests.programme.releasing import edit, release
from tests.registration.registering import LINK, ME, SENDER, fill_in, mailing_server
from tests.registration.test_bookings import book
from tests.support.arranging import publish, sign_in
from tests.support.databases import bring_up, sqlite_url
from tests.support.factories import NEXT, SLUG, TOMORROW, a_programme, a_session, guid
from tests.support.mail import MailServer, body_of
from tests.support.pages import soup
from tests.support.servers import Server, serving
from tests.support.settings import make_settings

# The session that is booked here was on at another time in the first release.
MOVED = 1
ANNA = "anna.o'hara+summit@example.org"


@dataclass(frozen=True)
class Invitation:
    """What a mail tells a calendar, as two readers understand it."""

    mail: EmailMessage
    method: str
    uid: str
    sequence: int
    status: str
    starts: datetime | date | None
    summary: str


def parts(mail: EmailMessage) -> list[str]:
    return [part.get_content_type() for part in mail.walk()]


def part_of(mail: EmailMessage, kind: str) -> EmailMessage:
    return next(part for part in mail.walk() if part.get_content_type() == kind)


def read(mail: EmailMessage) -> Invitation:
    """Checks that mail programs of every kind find the same in it, and reads it."""
    assert parts(mail) == [
        "multipart/mixed",
        *("multipart/alternative", "text/plain", "text/html", "text/calendar"),
        "application/ics",
    ]
    inline, attached = (part_of(mail, kind) for kind in ("text/calendar", "application/ics"))
    data = inline.get_payload(decode=True)
    assert isinstance(data, bytes)
    assert data == attached.get_payload(decode=True)
    assert attached.get_filename() == "invite.ics"
    assert inline.get_param("charset") == "utf-8"
    calendar = Calendar.from_ical(data)
    (event,) = calendar.events
    know_only_zones_of(data)
    other = vobject.readOne(data.decode())
    assert other.vevent.uid.value == str(event["UID"])
    assert int(other.vevent.sequence.value) == event["SEQUENCE"]
    assert other.method.value == str(calendar["METHOD"]) == inline.get_param("method")
    # RFC 6047 §2.2: who invites is who the mail is from, and who is invited is who it is to.
    assert str(event["ORGANIZER"]) == "mailto:hej@summit.example.org"
    assert mail["From"].addresses[0].addr_spec == "hej@summit.example.org"
    assert str(event["ATTENDEE"]).removeprefix("mailto:") == mail["To"].addresses[0].addr_spec
    assert event["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    assert event["ATTENDEE"].params["RSVP"] == "FALSE"
    assert "VALARM" not in data.decode()
    starts = event.decoded("DTSTART") if "DTSTART" in event else None
    if isinstance(starts, datetime):
        assert other.vevent.dtstart.value.astimezone(UTC) == starts.astimezone(UTC)
        starts = starts.astimezone(UTC)
    return Invitation(
        mail,
        str(calendar["METHOD"]),
        str(event["UID"]),
        event.sequence,
        str(event["STATUS"]),
        starts,
        str(event["SUMMARY"]),
    )


async def settled(server: Server) -> None:
    """Waits until everything that calendars are to be told has been mailed."""
    async with asyncio.timeout(20):
        while True:
            async with server.db.reader() as db:
                marks = await db.scalar(select(func.count()).select_from(CalendarMark))
                waiting = await db.scalar(select(func.count()).where(Mail.state == "waiting"))
            if not marks and not waiting:
                return
            await asyncio.sleep(0.1)


def telling_slowly(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """From now on, telling a calendar takes a second more; the event is set while that lasts."""
    invite, is_telling = inviting.invite, asyncio.Event()

    async def slowly(*args: Any) -> None:
        await invite(*args)
        is_telling.set()
        await asyncio.sleep(1)

    monkeypatch.setattr(inviting, "invite", slowly)
    return is_telling


class Post:
    """The mail of one person, as it comes in."""

    def __init__(self, mail_server: MailServer) -> None:
        self.server = mail_server

    def invitations(self) -> list[EmailMessage]:
        return [mail for mail in self.server.messages if "application/ics" in parts(mail)]

    async def invitation(self, count: int) -> Invitation:
        """The one that comes as that one."""
        async with asyncio.timeout(15):
            while len(self.invitations()) < count:
                await asyncio.sleep(0.05)
        return read(self.invitations()[count - 1])

    async def link(self) -> str:
        async with asyncio.timeout(10):
            while True:
                for mail in self.server.messages:
                    if found := LINK.search(body_of(mail, "plain")):
                        return urlsplit(found[0]).path
                await asyncio.sleep(0.05)


def office_of(server: Server) -> House:
    """What the server's own loop works with, for a round at once."""
    return House(server.db, server.clock, server.url, SENDER)


@pytest.fixture
async def small_database_url(tmp_path: Path) -> str:
    """One database is enough where nothing happens at the same time."""
    url = sqlite_url(tmp_path)
    await bring_up(url)
    return url


@asynccontextmanager
async def summit_with_a_workshop(database_url: str, mail_server: MailServer) -> AsyncIterator[Server]:
    async with mailing_server(database_url, mail_server) as server:
        start = server.clock() + timedelta(days=3)
        programme = a_programme(
            a_session("Panel", code=NEXT, start=start, minutes=60, capacity=1),
            a_session("Farewell", code=TOMORROW, start=start + timedelta(hours=3), capacity=5),
        )
        days = {"starts_on": start.date(), "ends_on": start.date() + timedelta(days=1)}
        await publish(server, msgspec.structs.replace(programme, **days))
        yield server


async def registered(server: Server, post: Post, **more: str) -> httpx2.AsyncClient:
    client = await server.client()
    await fill_in(client, email=ANNA, **{"invitations": "1", **more})
    answer = await client.post(await post.link())
    assert answer.status_code == 303
    return client


async def test_who_wants_invitations_has_one_for_the_summit_and_one_for_each_workshop(
    database_url: str, mail_server: MailServer
) -> None:
    post = Post(mail_server)
    async with summit_with_a_workshop(database_url, mail_server) as server:
        anna = await registered(server, post)
        first = await post.invitation(1)
        starts = (server.clock() + timedelta(days=3)).date()
        assert (first.method, first.sequence, first.status, first.starts) == ("REQUEST", 0, "CONFIRMED", starts)
        assert first.summary == "Test meeting"
        assert "cancel" not in body_of(first.mail, "plain").lower()
        await book(anna)
        second = await post.invitation(2)
        assert (second.method, second.uid, second.sequence) == ("REQUEST", f"{guid('Panel')}@summit", MOVED)
        assert second.starts == server.clock() + timedelta(days=3)
        assert f"/{SLUG}/sessions/{NEXT}" in body_of(second.mail, "plain")
        # What only waits for a seat is in nobody's calendar.
        other = await sign_in(server, "participant", "Bo")
        await book(other)
        # Confirmations come without a second file about the same.
        others = [mail for mail in mail_server.messages if "text/calendar" not in parts(mail)]
        hers = [mail for mail in others if mail["To"].addresses[0].addr_spec == ANNA]
        assert len(hers) == 3
        assert not any(part.get_filename() for mail in hers for part in mail.walk())


async def test_calendars_follow_three_changes_with_rising_sequence(database_url: str, mail_server: MailServer) -> None:
    post = Post(mail_server)
    async with summit_with_a_workshop(database_url, mail_server) as server:
        anna, organiser = await registered(server, post), await sign_in(server, "organiser", "Olle")
        await book(anna)
        first = await post.invitation(2)
        seen = [first]
        changes: list[dict[str, Any]] = [
            {"start": server.clock() + timedelta(days=3, hours=2)},
            {"title": Texts(en="Panel, the long one")},
            {"state": "cancelled"},
        ]
        for change in changes:
            server.clock.advance(minutes=5)
            await edit(server, NEXT, **change)
            await release(organiser)
            seen.append(await post.invitation(len(seen) + 2))
        assert [one.uid for one in seen] == [first.uid] * 4
        assert [one.method for one in seen] == ["REQUEST", "REQUEST", "REQUEST", "CANCEL"]
        assert [one.status for one in seen] == ["CONFIRMED"] * 3 + ["CANCELLED"]
        sequences = [one.sequence for one in seen]
        assert sequences == sorted(set(sequences))
        assert seen[1].starts == changes[0]["start"]
        assert seen[2].summary == "Panel, the long one"


async def test_what_a_calendar_does_not_show_of_a_session_brings_no_mail(
    small_database_url: str, mail_server: MailServer
) -> None:
    post = Post(mail_server)
    async with summit_with_a_workshop(small_database_url, mail_server) as server:
        anna, organiser = await registered(server, post), await sign_in(server, "organiser", "Olle")
        await book(anna)
        await post.invitation(2)
        await edit(server, NEXT, abstract=Texts(en="More about it"), capacity=3)
        await release(organiser)
        await settled(server)
        assert len(post.invitations()) == 2


async def test_a_seat_that_is_given_back_leaves_the_calendar_and_comes_back_with_a_higher_number(
    database_url: str, mail_server: MailServer
) -> None:
    post = Post(mail_server)
    async with summit_with_a_workshop(database_url, mail_server) as server:
        anna = await registered(server, post)
        for count, on in enumerate("101", 2):
            await book(anna, on=on)
            await post.invitation(count)
        # The summit's own invitation may come before or after the first of the workshop's: they are mailed together.
        found = [one for one in map(read, post.invitations()) if one.uid == f"{guid('Panel')}@summit"]
        assert [(one.method, one.sequence) for one in found] == [
            ("REQUEST", MOVED),
            ("CANCEL", MOVED + 1),
            ("REQUEST", MOVED + 2),
        ]
        assert "You no longer have a seat there." in body_of(found[1].mail, "plain")


async def test_cancelling_the_registration_takes_everything_out_of_the_calendar(
    database_url: str, mail_server: MailServer
) -> None:
    post = Post(mail_server)
    async with summit_with_a_workshop(database_url, mail_server) as server:
        anna = await registered(server, post)
        await book(anna)
        await post.invitation(2)
        await anna.post(f"{ME}/cancel")
        ends = [await post.invitation(count) for count in (3, 4)]
        assert [one.method for one in ends] == ["CANCEL", "CANCEL"]
        before = {read(mail).uid: read(mail).sequence for mail in post.invitations()[:2]}
        assert {one.uid: one.sequence - 1 for one in ends} == before


async def test_who_moves_up_from_the_waiting_list_is_invited(small_database_url: str, mail_server: MailServer) -> None:
    post = Post(mail_server)
    async with summit_with_a_workshop(small_database_url, mail_server) as server:
        bo = await sign_in(server, "participant", "Bo")
        await book(bo)
        anna = await registered(server, post)
        await post.invitation(1)
        await book(anna)
        await settled(server)
        assert len(post.invitations()) == 1
        await book(bo, on="0")
        assert (await post.invitation(2)).uid == f"{guid('Panel')}@summit"


async def test_the_days_of_the_summit_move_in_calendars_too(small_database_url: str, mail_server: MailServer) -> None:
    post = Post(mail_server)
    async with summit_with_a_workshop(small_database_url, mail_server) as server:
        await registered(server, post)
        first = await post.invitation(1)
        async with server.db.writer() as db:
            await db.execute(update(Summit).values(starts_on=Summit.ends_on))
        server.clock.advance(minutes=5)
        await release(await sign_in(server, "organiser", "Olle"))
        second = await post.invitation(2)
        assert (second.uid, second.method) == (first.uid, "REQUEST")
        assert second.sequence > first.sequence
        assert isinstance(first.starts, date)
        assert second.starts == first.starts + timedelta(days=1)


async def test_invitations_are_switched_on_and_off_on_my_page(small_database_url: str, mail_server: MailServer) -> None:
    post = Post(mail_server)
    async with summit_with_a_workshop(small_database_url, mail_server) as server:
        anna = await registered(server, post, invitations="")
        await book(anna)
        await settled(server)
        assert post.invitations() == []
        await anna.post(f"{ME}/mail", data={"invitations": "1"})
        assert {(await post.invitation(count)).method for count in (1, 2)} == {"REQUEST"}
        # One click in the mail, as mail programs do it, and no more of it comes.
        way_out = post.invitations()[0]["List-Unsubscribe"].strip("<>")
        stranger = await server.client()
        answer = await stranger.post(urlsplit(way_out).path, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        await book(anna, on="0")
        await settled(server)
        assert len(post.invitations()) == 2


async def test_nobody_is_invited_to_what_is_over(small_database_url: str, mail_server: MailServer) -> None:
    post = Post(mail_server)
    async with summit_with_a_workshop(small_database_url, mail_server) as server:
        anna = await registered(server, post)
        await book(anna)
        await post.invitation(2)
        server.clock.advance(days=20)
        await anna.post(f"{ME}/cancel")
        await settled(server)
        assert len(post.invitations()) == 2


async def test_two_processes_tell_nobody_twice(database_url: str, mail_server: MailServer) -> None:
    post = Post(mail_server)
    async with summit_with_a_workshop(database_url, mail_server) as server:
        anna = await registered(server, post)
        await post.invitation(1)
        async with server.db.writer() as db:
            found = (await db.scalars(select(Preferences))).one()
            await mark(db, found.summit_id, [found.person_id] * 3)
        await book(anna)
        await asyncio.gather(*(write_invitations(office_of(server)) for _ in range(4)))
        await post.invitation(2)
        await settled(server)
        assert len(post.invitations()) == 2
        async with server.db.reader() as db:
            assert {row.sequence for row in await db.scalars(select(CalendarInvitation))} == {0, MOVED}


async def test_what_is_taken_out_of_the_agenda_leaves_the_calendar_where_seats_are_few_no_longer(
    small_database_url: str, mail_server: MailServer
) -> None:
    post = Post(mail_server)
    async with summit_with_a_workshop(small_database_url, mail_server) as server:
        anna, organiser = await registered(server, post), await sign_in(server, "organiser", "Olle")
        await book(anna)
        await post.invitation(2)
        await edit(server, NEXT, capacity=None)
        await release(organiser)
        await anna.post(f"/{SLUG}/sessions/{NEXT}/agenda", data={"on": "0"})
        assert (await post.invitation(3)).method == "CANCEL"


async def test_a_summit_without_dates_leaves_calendars_and_says_why(
    small_database_url: str, mail_server: MailServer
) -> None:
    post = Post(mail_server)
    async with summit_with_a_workshop(small_database_url, mail_server) as server:
        await registered(server, post)
        await post.invitation(1)
        async with server.db.writer() as db:
            await db.execute(update(Summit).values(starts_on=None, ends_on=None))
        await release(await sign_in(server, "organiser", "Olle"))
        gone = await post.invitation(2)
        assert (gone.method, gone.starts) == ("CANCEL", None)
        assert "It has no dates yet." in body_of(gone.mail, "plain")


async def test_a_release_while_a_calendar_is_told_is_told_next(
    database_url: str, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    post, office, is_reading = Post(mail_server), House.office, asyncio.Event()

    async def slowly(self: House, *args: Any) -> Office | None:
        found = await office(self, *args)
        is_reading.set()
        await asyncio.sleep(1)
        return found

    async with summit_with_a_workshop(database_url, mail_server) as server:
        anna, organiser = await registered(server, post), await sign_in(server, "organiser", "Olle")
        await book(anna)
        await post.invitation(2)
        await edit(server, NEXT, start=server.clock() + timedelta(days=4))
        monkeypatch.setattr(House, "office", slowly)
        await anna.post(f"{ME}/mail", data={"invitations": "1"})
        await is_reading.wait()
        await release(organiser)
        assert (await post.invitation(3)).starts == server.clock() + timedelta(days=4)


async def test_nothing_is_written_to_somebody_after_they_are_erased(
    database_url: str, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = Post(mail_server)
    async with summit_with_a_workshop(database_url, mail_server) as server:
        anna = await registered(server, post)
        await post.invitation(1)
        form = await anna.get(f"{ME}/erase")
        is_telling = telling_slowly(monkeypatch)
        await book(anna)
        await is_telling.wait()
        fields = {str(one["name"]): str(one.get("value", "1")) for one in soup(form).select("main form [name]")}
        assert (await anna.post(f"{ME}/erase", data=fields)).status_code == 303
        async with server.db.reader() as db:
            assert list(await db.scalars(select(Person.name).where(Person.email == ANNA))) == []
            assert list(await db.scalars(select(Mail.kind).where(Mail.recipient == ANNA))) == []
            assert list(await db.scalars(select(CalendarInvitation))) == []


async def test_what_happens_while_a_calendar_is_told_is_told_next(
    database_url: str, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = Post(mail_server)
    async with summit_with_a_workshop(database_url, mail_server) as server:
        anna = await registered(server, post)
        await post.invitation(1)
        is_telling = telling_slowly(monkeypatch)
        await anna.post(f"{ME}/mail", data={"invitations": "1"})
        await is_telling.wait()
        await book(anna)
        assert (await post.invitation(2)).uid == f"{guid('Panel')}@summit"


HOSTILE = [
    ("Anna\r\nBcc: eva@example.org", "name on two lines"),
    ('An"na; CN=Eve:mailto:eve@example.org,', "parameters"),
    ("Ånna 👩🏽‍💻 " + "é" * 20, "long"),
]


@pytest.mark.parametrize("name", [name for name, _why in HOSTILE], ids=[why for _name, why in HOSTILE])
async def test_no_name_becomes_part_of_a_calendar_or_a_mail(
    small_database_url: str, mail_server: MailServer, name: str
) -> None:
    post = Post(mail_server)
    async with summit_with_a_workshop(small_database_url, mail_server) as server:
        await registered(server, post, name=name)
        found = await post.invitation(1)
        assert found.mail["Bcc"] is None
        assert len(found.mail["To"].addresses) == 1
        data = part_of(found.mail, "text/calendar").get_payload(decode=True)
        assert isinstance(data, bytes)
        (event,) = Calendar.from_ical(data).events
        assert set(event["ATTENDEE"].params) == {"CN", "CUTYPE", "ROLE", "PARTSTAT", "RSVP"}
        assert all(len(line) <= 75 for line in data.split(b"\r\n"))


async def test_answers_go_where_the_operator_says(small_database_url: str, mail_server: MailServer) -> None:
    settings = make_settings(
        small_database_url, smtp_url=mail_server.url, mail_from=SENDER, mail_reply_to="Åsa <fragor@example.org>"
    )
    async with serving(settings) as server:
        await publish(server)
        await fill_in(await server.client())
        mail = await mail_server.wait_for(1)
        assert mail["Reply-To"].addresses[0].addr_spec == "fragor@example.org"
        assert mail["Reply-To"].addresses[0].display_name == "Åsa"
