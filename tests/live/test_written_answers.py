"""Open questions go to the speakers by mail, and their answers come into the room and onto the session's page."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import select

from summit.live.models import LiveRules
from summit.live.question_models import AnswerRequest
from summit.programme.models import Session
from tests.live.arranging import Room, a_room, a_venue, acts_in
from tests.live.seeing import sees
from tests.support.databases import sqlite_url
from tests.support.mail import MailServer, body_of
from tests.support.pages import soup, words
from tests.support.servers import serving
from tests.support.settings import make_settings

LINK = re.compile(r"http://\S+?(/\S+/answers/[\w-]+)")


@pytest.fixture
async def mailing(tmp_path: Path, mail_server: MailServer) -> AsyncIterator[Room]:
    """A room in a house with a mail server."""
    settings = make_settings(sqlite_url(tmp_path), smtp_url=mail_server.url)
    async with serving(settings) as house, a_room(await a_venue(house)) as opened:
        yield opened


async def chair_of(room: Room) -> httpx2.AsyncClient:
    """The moderator's browser, which keeps other cookies beside that of the sign-in."""
    browser = await room.venue.site.client()
    browser.cookies.set(*room.guests["chair"].cookie.split("=", 1))
    return browser


def rows(*speakers: tuple[str, str]) -> dict[str, str]:
    """The fields of the form."""
    return {
        f"{field}-{at}": value
        for at, row in enumerate(speakers)
        for field, value in zip(("name", "email"), row, strict=True)
    }


async def a_link(room: Room, name: str = "Åsa Ek", email: str = "asa@example.org") -> str:
    """The path of a link that a moderator made: without a mail server, the page shows it."""
    chair = await chair_of(room)
    sent = await chair.post(f"{room.venue.desk}/after", data=rows((name, email)))
    assert sent.status_code == 303, sent.text
    page = await chair.get(sent.headers["location"].partition("#")[0])
    found = LINK.search(page.text)
    assert found, words(page)
    return found[1]


async def test_the_speaker_gets_a_mail_with_the_questions_and_answers_without_signing_in(
    mailing: Room, mail_server: MailServer
) -> None:
    question = await mailing.ask_openly("Who keeps the shop open in February?")
    await mailing.ada.ask("Not approved by anybody?")
    chair = await chair_of(mailing)
    page = await chair.get(f"{mailing.venue.desk}/after")
    assert 'value="Åsa Ek"' in page.text, "the programme knows who speaks"
    sent = await chair.post(f"{mailing.venue.desk}/after", data=rows(("Åsa Ek", "Asa@Example.org"), ("", "")))
    assert sent.status_code == 303
    assert "on their way to 1 speaker" in words(await chair.get(sent.headers["location"].partition("#")[0]))
    mail = await mail_server.wait_for(1)
    assert mail_server.recipients == ["asa@example.org"]
    assert "Opening på svenska" in mail["subject"], "the language of the session"
    found = LINK.search(body_of(mail, "plain"))
    assert found
    for kind in ("plain", "html"):
        assert "Who keeps the shop open in February?" in body_of(mail, kind)
        assert "Not approved" not in body_of(mail, kind)
        assert found[1] in body_of(mail, kind)
    speaker = await mailing.venue.site.client()
    page = await speaker.get(found[1])
    assert page.headers["referrer-policy"] == "strict-origin"
    assert "Who keeps the shop open in February?" in words(page)
    assert "Not approved" not in page.text
    answered = await speaker.post(found[1], data={f"answer-{question}": "The village does.", "save": question})
    assert answered.status_code == 303
    await sees(mailing.ada, question, state="answered", reply="The village does.", reply_by="Åsa Ek")
    await sees(mailing.chair, question, reply="The village does.", version=3)
    assert "1 answer is saved" in words(await speaker.get(answered.headers["location"]))


async def test_all_are_saved_at_once_and_what_does_not_fit_stays_in_its_field(room: Room) -> None:
    first, second, third = [await room.ask_openly(text) for text in ("One?", "Two?", "Three?")]
    link, speaker = await a_link(room), await room.venue.site.client()
    typed = {f"answer-{first}": "Yes.", f"answer-{second}": "x" * 2001, f"answer-{third}": "", "save": "all"}
    page = await speaker.post(link, data=typed)
    assert page.status_code == 422
    field = soup(page).select_one(f"#answer-{second}")
    assert field is not None
    assert field.get_text().strip() == "x" * 2001
    assert field["aria-invalid"] == "true"
    assert "1 answer is saved" in words(page)
    await sees(room.bo, first, reply="Yes.", reply_by="Åsa Ek")
    assert room.bo.questions[second]["reply"] is None
    kept = await speaker.post(link, data={f"answer-{second}": "No.", f"answer-{third}": "Half a tho", "save": second})
    assert kept.status_code == 200
    half = soup(kept).select_one(f"#answer-{third}")
    assert half is not None
    assert half.get_text().strip() == "Half a tho", "what is typed elsewhere is not lost"
    await sees(room.bo, second, reply="No.")
    assert room.bo.questions[third]["reply"] is None
    again = await speaker.post(link, data={f"answer-{second}": "No, never.", "save": "all"})
    assert again.status_code == 303, "speakers may put their own answers right"
    await sees(room.bo, second, reply="No, never.")
    assert (await speaker.post(link, data={"save": third})).status_code == 422


async def test_two_who_answer_the_same_do_not_overwrite_each_other(room: Room) -> None:
    question = await room.ask_openly("Who is first?")
    one, other = await a_link(room), await a_link(room, "Bo Ñuñez", "bo@example.org")
    speaker = await room.venue.site.client()
    assert (await speaker.post(one, data={f"answer-{question}": "I am.", "save": "all"})).status_code == 303
    late = await speaker.post(other, data={f"answer-{question}": "So am I.", "save": "all"})
    assert late.status_code == 422
    assert "answered meanwhile" in words(late)
    assert "So am I." in words(late), "what was typed is shown"
    await sees(room.bo, question, reply="I am.", reply_by="Åsa Ek")


async def test_a_link_reaches_the_open_questions_of_its_session_alone(room: Room) -> None:
    question, waiting = await room.ask_openly("Open?"), await room.ada.ask("Waiting?")
    link, speaker = await a_link(room), await room.venue.site.client()
    refused = await speaker.post(link, data={f"answer-{waiting}": "Let me see", "save": "all"})
    assert refused.status_code == 422
    assert "Waiting?" not in refused.text
    assert "can't be answered here" in words(refused)
    async with room.guests["ada"].window() as ada:
        assert ada.asked[waiting]["state"] == "waiting"
        assert not ada.asked[waiting].get("reply")
    other = await a_venue(room.venue.site)
    assert (await speaker.get(link.replace(room.venue.slug, other.slug))).status_code == 410
    for wrong in (link[:-1], link + "a", link.replace("/answers/", "/answers/x")):
        assert (await speaker.get(wrong)).status_code == 410, wrong
    assert room.bo.questions[question]["reply"] is None


async def test_links_end_after_thirty_days_or_when_they_are_taken_back(mailing: Room) -> None:
    site = mailing.venue.site
    await mailing.ask_openly()
    chair, speaker, desk = await chair_of(mailing), await site.client(), mailing.venue.desk
    await chair.post(f"{desk}/after", data=rows(("Åsa Ek", "asa@example.org"), ("Bo", "bo@example.org")))
    async with site.db.reader() as db:
        asked = list(await db.scalars(select(AnswerRequest).order_by(AnswerRequest.email)))
    assert [(one.name, one.email, one.expires_at - one.made_at) for one in asked] == [
        ("Åsa Ek", "asa@example.org", timedelta(days=30)),
        ("Bo", "bo@example.org", timedelta(days=30)),
    ]
    end = f"{desk}/after/{asked[0].id}/end"
    assert (await (await site.client(cookie=mailing.guests["ada"].cookie)).post(end)).status_code == 403
    assert (await chair.post(end)).status_code == 303
    page = words(await chair.get(f"{desk}/after"))
    assert "asa@example.org" not in page
    assert "bo@example.org" in page
    assert (await chair.post(end)).status_code == 404
    async with site.db.reader() as db:
        acts = [entry.action for entry in await db.scalars(acts_in(mailing.venue))]
    assert sorted(acts) == ["speaker's link taken back", "speakers asked"]
    assert (await speaker.get(f"/{mailing.venue.slug}/answers/x")).status_code == 410


async def test_an_expired_link_is_over(tmp_path: Path) -> None:
    async with serving(make_settings(sqlite_url(tmp_path))) as house, a_room(await a_venue(house)) as room:
        await room.ask_openly()
        link, speaker = await a_link(room), await house.client()
        house.clock.now += timedelta(days=29)
        assert (await speaker.get(link)).status_code == 200
        house.clock.now += timedelta(days=2)
        assert (await speaker.get(link)).status_code == 410
        assert (await speaker.post(link, data={"save": "all"})).status_code == 410


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        (rows(("Åsa", "")), "email-0"),
        (rows(("Åsa", "asa@example.org"), ("Bo", "bo at example")), "email-1"),
        (rows(("", "asa@example.org")), "name-0"),
    ],
)
async def test_a_row_that_does_not_fit_is_named_and_nothing_is_sent(
    room: Room, typed: dict[str, str], wrong: str
) -> None:
    await room.ask_openly()
    page = await (await chair_of(room)).post(f"{room.venue.desk}/after", data=typed)
    assert page.status_code == 422
    field = soup(page).select_one(f"#{wrong}")
    assert field is not None
    assert field["aria-invalid"] == "true"
    for name, value in typed.items():
        kept = soup(page).select_one(f"#{name}")
        assert kept is not None
        assert kept["value"] == value
    of_room = select(AnswerRequest).join(Session, Session.id == AnswerRequest.session_id)
    async with room.venue.site.db.reader() as db:
        assert not list(await db.scalars(of_room.where(Session.summit_id == room.venue.summit_id)))


async def test_a_second_press_of_the_button_asks_nobody_twice(mailing: Room, mail_server: MailServer) -> None:
    await mailing.ask_openly()
    chair, address = await chair_of(mailing), f"{mailing.venue.desk}/after"
    for _press in range(2):
        assert (await chair.post(address, data=rows(("Åsa", "asa@example.org")))).status_code == 303
    found = LINK.search(body_of(await mail_server.wait_for(1), "plain"))
    assert found
    assert (await (await mailing.venue.site.client()).get(found[1])).status_code == 200
    assert mail_server.offered == 1


async def test_without_a_mail_server_the_links_stay_over_a_reload_in_that_browser_alone(room: Room) -> None:
    await room.ask_openly()
    chair, address = await chair_of(room), f"{room.venue.desk}/after"
    for press in (("Åsa", "asa@example.org"), ("Åsa", "asa@example.org"), ("Bo", "bo@example.org")):
        assert (await chair.post(address, data=rows(press))).status_code == 303
    for _reload in range(2):
        page = await chair.get(address)
        assert len(set(LINK.findall(page.text))) == 2
        assert "nothing is sent" in words(page)
    async with room.venue.site.db.reader() as db:
        of_room = select(AnswerRequest.id).join(Session, Session.id == AnswerRequest.session_id)
        theirs = (Session.summit_id == room.venue.summit_id, AnswerRequest.email == "asa@example.org")
        asked = await db.scalar(of_room.where(*theirs))
    await chair.post(f"{address}/{asked}/end")
    assert len(set(LINK.findall((await chair.get(address)).text))) == 1, "a link that was taken back is of no use"
    assert not LINK.search((await (await chair_of(room)).get(address)).text)


async def test_it_is_the_moderators_page(room: Room) -> None:
    browser = await room.venue.site.client(cookie=room.guests["ada"].cookie)
    assert (await browser.get(f"{room.venue.desk}/after")).status_code == 403
    sent = await browser.post(f"{room.venue.desk}/after", data=rows(("Me", "me@example.org")))
    assert sent.status_code == 403
    closed = await (await chair_of(room)).post(f"{room.venue.desk}/after", data=rows(("Åsa", "asa@example.org")))
    assert closed.status_code == 409
    assert "no open question" in words(closed)


async def test_questions_and_answers_are_published_after_the_session_if_the_organiser_wants(room: Room) -> None:
    anonymous = await room.ada.ask("Who dares to say it?", anonymous=True)
    await room.chair.moderate(anonymous, "approve")
    await room.chair.moderate(anonymous, "reply", text="I do.", ref="reply")
    spoken = await room.ask_openly("Answered aloud?")
    await room.ask_openly("Still open?")
    await room.chair.moderate(spoken, "answered")
    hidden = await room.ask_openly("Dismissed?")
    await room.chair.moderate(hidden, "dismiss")
    page, site = f"/{room.venue.slug}/sessions/{room.venue.code}", room.venue.site
    reader = await site.client()
    await room.chair.succeed("session", state="ended")
    assert "Who dares" not in words(await reader.get(page)), "nobody has said that it may be published"
    async with site.db.writer() as db:
        db.add(LiveRules(summit_id=room.venue.summit_id, is_published=True))
    shown = words(await reader.get(page))
    assert "Who dares to say it? Anonymous · 0 votes Answer from the speakers I do." in shown
    assert "Answered aloud? Ada" in shown
    for secret in ("Still open?", "Dismissed?", "Chair"):
        assert secret not in shown, secret
    await room.chair.succeed("session", state="live")
    assert "Who dares" not in words(await reader.get(page))
