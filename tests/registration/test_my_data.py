"""What people can take along is all that is known of them, and nothing of anybody else."""

import io
import json
from typing import Any
from zipfile import ZipFile

import httpx2
from sqlalchemy import select

from summit.core.db import Base
from summit.live.models import Announcement, DeskMessage, Hand, Room, Sanction
from summit.live.poll_models import Ballot, Poll
from summit.live.question_models import Question, QuestionChange, Vote
from summit.people.leaving import ties
from summit.people.models import Person
from summit.programme.attendance import Attendance
from summit.programme.models import Session
from summit.registration.models import CalendarAddress, Preferences
from tests.registration.registering import CONSENTS, QUESTIONS, fill_in, set_up
from tests.support.arranging import publish, sign_in
from tests.support.factories import LIVE, NEXT, SLUG, a_programme, a_session
from tests.support.servers import Server

ME = f"/{SLUG}/me"
IN_IT = {
    "role_grant.person_id",
    "device.person_id",
    "sign_in_link.person_id",
    "api_token.made_by",
    "audit_entry.person_id",
    "registration.person_id",
    "registration_request.guest_id",
    "booking.person_id",
    "agenda_entry.person_id",
    "preferences.person_id",
    "calendar_address.person_id",
    "calendar_invitation.person_id",
    "attendance.person_id",
    "question.author_id",
    "question_change.person_id",
    "vote.person_id",
    "ballot.person_id",
    "hand.person_id",
    "sanction.person_id",
    "desk_message.author_id",
    "announcement.made_by",
}
LEFT_OUT = {
    # The mail that reminded them is listed.
    "reminder.person_id",
    # The same answers once more, for an hour.
    "receipt.person_id",
    # Organisers' and moderators' work for the summit: the acts that the audit log keeps are listed.
    "invitation.made_by",
    "mailing.made_by",
    "release.made_by",
    "upload.made_by",
    "medium.made_by",
    "room.lead_id",
    "poll.made_by",
    "sanction.made_by",
    "answer_request.made_by",
}


async def taken_along(browser: httpx2.AsyncClient, **headers: str) -> tuple[dict[str, Any], ZipFile]:
    answer = await browser.get(f"{ME}/data.zip", headers=headers)
    assert answer.headers["cache-control"] == "no-store"
    archive = ZipFile(io.BytesIO(answer.content))
    return json.loads(archive.read("data.json")), archive


async def live_rows(server: Server, person: str, other: str) -> None:
    """Something of everything that the rooms keep, in the live session."""
    now, whose = server.clock(), {"person_id": person, "person_name": "Bo Known"}
    async with server.db.writer() as db:
        room = (await db.scalars(select(Session.id).where(Session.code == LIVE))).one()
        db.add(Room(session_id=room))
        await db.flush()
        here = {"session_id": room, "made_at": now}
        theirs = Question(session_id=room, author_id=other, author_name="Eva", text="Who pays?", asked_at=now)
        mine = Question(session_id=room, author_id=person, author_name="Bo", text="And why?", note="Soon", asked_at=now)
        choices = [{"id": "c1", "label": "Yes, please"}]
        poll = Poll(title="More?", kind="one", choices=choices, **here)
        db.add_all((theirs, mine, poll))
        await db.flush()
        act = {"action": "dismiss", "ref": "1", "before": {}, "made_at": now}
        db.add_all(
            (
                Vote(question_id=theirs.id, person_id=person),
                Vote(question_id=mine.id, person_id=other),
                Ballot(poll_id=poll.id, person_id=person, choice="c1"),
                Hand(session_id=room, person_id=person, name="Bo Known", raised_at=now),
                QuestionChange(question_id=theirs.id, version=2, **whose, **act),
                DeskMessage(author_id=person, author_name="Bo Known", text="Water, please", **here),
                Announcement(text="Fire drill", made_by=person, **here),
                Attendance(session_id=room, person_id=person, entered_at=now, seen_at=now, seconds=610),
            )
        )
        summit_id = (await db.get_one(Session, room)).summit_id
        made = {"summit_id": summit_id, "action": "mute", "made_by_name": "Mo Moderator", "made_at": now}
        db.add(Sanction(reason="Shouts", **whose, **made))


def test_every_table_that_knows_people_is_in_it_or_left_out_for_a_reason() -> None:
    known = {f"{table.name}.{column.name}" for table in Base.metadata.sorted_tables for column, _name in ties(table)}
    assert known == IN_IT | LEFT_OUT


async def test_all_that_is_known_comes_along_and_nothing_of_others(any_server: Server) -> None:
    server = any_server
    await publish(server, a_programme(a_session("Opening", code=LIVE), a_session("Panel", code=NEXT, capacity=1)))
    await set_up(server, questions=QUESTIONS[1:3], consents=CONSENTS)
    agreed = {"answer.food": "veg", "answer.why": "Because", "consent.rules": "1"}
    for name in ("Eva Other", "Bo Known"):
        browser = await sign_in(server, None, name)
        assert (await fill_in(browser, name, "", **agreed)).status_code == 303
        await browser.post(f"/{SLUG}/sessions/{NEXT}/booking", data={"on": "1"})
    await browser.post(f"/{SLUG}/sessions/{LIVE}/agenda", data={"on": "1"})
    await browser.post(f"{ME}/calendar")
    await (await server.client()).post(f"/{SLUG}/register", data={"name": "Bo"})
    async with server.db.reader() as db:
        ids = {one.name: one.id for one in await db.scalars(select(Person))}
    await live_rows(server, ids["Bo Known"], ids["Eva Other"])
    # No longer asked, and still kept.
    await set_up(server, questions=QUESTIONS[2:3], consents=[])

    data, archive = await taken_along(browser, **{"accept-language": "sv"})
    assert (data["person"]["name"], data["roles"][0]["role"]) == ("Bo Known", "participant")
    assert {"question": "why", "answer": "Because"} in data["registration"]["answers"]
    assert data["registration"]["consents"][0]["version"] == 1
    assert [one["state"] for one in data["workshops"]] == ["waiting"]
    assert [one["session"] for one in data["agenda"]] == [LIVE]
    assert data["attendance"][0]["minutes"] == 10
    assert (len(data["devices"]), len(data["calendar_addresses"]), data["mail_choices"]["changes"]) == (1, 1, True)
    assert data["questions"][0]["text"] == "And why?"
    assert data["questions"][0]["note_to_me"] == "Soon"
    assert data["votes"] == [{"session": LIVE, "question": "Who pays?"}]
    assert data["polls"][0]["choice"] == "Yes, please"
    assert (len(data["raised_hands"]), data["sanctions"][0]["reason"]) == (1, "Shouts")
    assert (data["desk_messages"][0]["text"], data["announcements"][0]["text"]) == ("Water, please", "Fire drill")
    assert data["moderated"][0]["what"] == "dismiss"
    assert "agenda.ics" in archive.read("README.txt").decode()
    assert "Opening" in archive.read("agenda.ics").decode()

    text = json.dumps(data, ensure_ascii=False)
    for others in ("Eva", "Mo Moderator", ids["Eva Other"]):
        assert others not in text
    async with server.db.reader() as db:
        for secret in (*await db.scalars(select(CalendarAddress.token)), *await db.scalars(select(Preferences.token))):
            assert secret not in text


async def test_what_waits_to_be_confirmed_and_other_summits_are_told_apart(server: Server) -> None:
    await publish(server)
    await publish(server, slug="elsewhere")
    bo = await sign_in(server, None, "Bo Known")
    assert (await fill_in(bo, "Bo Known", "")).status_code == 303
    stranger = await server.client()
    for slug in (SLUG, "elsewhere"):
        await stranger.post(f"/{slug}/register", data={"name": "Bo Typed", "email": "bo.known@example.org"})
    async with server.db.reader() as db:
        assert len((await db.scalars(select(Person))).all()) == 1
    data, _archive = await taken_along(bo)
    # Where they are registered already, nothing waits: they got a link instead.
    assert data["not_confirmed"] == []
    assert "elsewhere" not in json.dumps(data)
    guest = await server.client()
    assert (await guest.post(f"/{SLUG}/enter", data={"name": "Gun Guest"})).status_code == 303
    await guest.post(f"/{SLUG}/register", data={"name": "Gun Guest", "email": "gun@example.org"})
    data, _archive = await taken_along(guest)
    assert data["not_confirmed"][0]["form"]["email"] == "gun@example.org"
    assert data["registration"] is None
