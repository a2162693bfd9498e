"""Sessions as organisers edit them."""

import time

import httpx2
import pytest
from sqlalchemy import select

from summit.core.texts import Texts
from summit.people.models import AuditEntry
from summit.programme import values
from summit.programme.drafts import draft
from summit.programme.models import Session, SessionType
from tests.programme.organising import actions_of, changed, filled_in, save
from tests.support.arranging import publish, sign_in
from tests.support.factories import LIVE, NEXT, SLUG, TOMORROW, UNPLACED, a_programme, a_session, guid
from tests.support.pages import heading, said_in, soup, words
from tests.support.servers import Server, Site

SESSIONS = f"/{SLUG}/organise/sessions"


async def drafted(site: Site, summit_id: str, code: str) -> values.Session:
    async with site.db.reader() as db:
        programme = await draft(db, summit_id)
    return next(session for session in programme.sessions if session.code == code)


def code_in(answer: httpx2.Response) -> str:
    assert answer.status_code == 303, words(answer)
    return str(answer.headers["location"]).split("/")[-1].split("?")[0]


async def test_saving_a_form_unchanged_changes_nothing(any_server: Server) -> None:
    rich = a_session(
        "Rich",
        code="RCH222",
        links=(
            values.Link(url="https://example.org/rec", title="Film", type="recording"),
            values.Link(url="https://example.org/slides.pdf", title="Slides", kind="attachment", type="slides"),
        ),
        features=("live_captions", "quiet_room"),
        capacity=40,
        level="beginner",
        speakers=(guid("Bo Ñuñez"), guid("Åsa Ek")),
        description=Texts(sv="Två\n\nstycken"),
        licence="CC BY 4.0",
        do_not_record=True,
    )
    summit_id = await publish(any_server, a_programme(rich, now=any_server.clock()))
    browser = await sign_in(any_server, "organiser")
    before = await drafted(any_server, summit_id, "RCH222")
    form = filled_in(await browser.get(f"{SESSIONS}/RCH222"))
    assert code_in(await save(browser, f"{SESSIONS}/RCH222", form)) == "RCH222"
    assert await drafted(any_server, summit_id, "RCH222") == before
    async with any_server.db.reader() as db:
        assert await db.scalar(select(Session.revision).where(Session.code == "RCH222")) == 1


async def test_a_session_is_added_with_everything(any_server: Server) -> None:
    summit_id = await publish(any_server)
    browser = await sign_in(any_server, "organiser")
    lines: dict[str, str | list[str]] = {
        "title.sv": "Ny", "title.en": "New", "abstract.sv": "Kort", "date": "2030-05-14", "time": "13:30", "late": [],
        "minutes": "25", "stage": "studio", "theme": "climate", "language": "en", "level": "beginner", "capacity": "30",
        "recording": "https://example.org/film", "notes": "Between us", "licence": "CC0", "do_not_record": "1",
    }  # fmt: skip
    rows = {"link.url": "https://example.org/", "link.title": "More", "link.kind": "link", "link.type": ""}
    many = {"speakers": ["BONUN2", "ASAEK1", ""], "features": ["sign_language", "live_captions"]}
    form = changed(filled_in(await browser.get(f"{SESSIONS}/new")), **lines, **rows, **many)
    upload = ("råd.pdf", b"%PDF-1.7 x", "application/pdf")
    code = code_in(await save(browser, SESSIONS, form, hand_out=upload))
    made = await drafted(any_server, summit_id, code)
    assert made.title == Texts(sv="Ny", en="New")
    assert made.start is not None
    assert made.start.isoformat() == "2030-05-14T11:30:00+00:00", "typed in the summit's zone"
    assert (made.minutes, made.stage, made.theme, made.capacity) == (25, "studio", "climate", 30)
    assert made.speakers == (guid("Bo Ñuñez"), guid("Åsa Ek")), "in the order chosen"
    assert made.features == ("live_captions", "sign_language")
    assert {(link.title, link.kind, link.type) for link in made.links} == {
        ("More", "link", ""), ("råd.pdf", "attachment", ""), ("", "link", "recording"),
    }  # fmt: skip
    hand_out = next(link.url for link in made.links if link.kind == "attachment")
    assert (await browser.get(hand_out)).content == b"%PDF-1.7 x"
    page = await browser.get(f"{SESSIONS}/{code}?saved=1")
    assert heading(page) == "New"
    assert "Saved." in words(page)
    assert "Test organiser" in words(page)


async def test_a_session_without_a_length_is_as_long_as_its_type(server: Server) -> None:
    summit_id = await publish(server)
    async with server.db.writer() as db:
        db.add(SessionType(summit_id=summit_id, position=0, key="workshop", name=Texts(en="Workshop"), minutes=90))
    browser = await sign_in(server, "organiser")
    form = changed(filled_in(await browser.get(f"{SESSIONS}/new")), title__sv="Ny", type="workshop", minutes="")
    made = await drafted(server, summit_id, code_in(await save(browser, SESSIONS, form)))
    assert (made.minutes, made.start) == (90, None)


async def test_all_that_does_not_fit_is_said_at_once_and_all_that_was_typed_stays(server: Server) -> None:
    await publish(server)
    browser = await sign_in(server, "organiser")
    wrong = {
        "title.sv": "", "title.en": "", "date": "2030-05-14", "time": "", "minutes": "long", "capacity": "many",
        "recording": "nowhere", "notes": "typed",
    }  # fmt: skip
    form = changed(filled_in(await browser.get(f"{SESSIONS}/{LIVE}")), **wrong)
    page = await save(browser, f"{SESSIONS}/{LIVE}", form, hand_out=("x.exe", b"MZ", "application/x-dosexec"))
    assert page.status_code == 422
    summary = soup(page).select_one("[data-problems]")
    assert summary is not None
    said = ("Enter a title.", "Enter the time, too.", "whole number, or nothing", "whole address", "Hand-outs can be")
    assert all(text in summary.get_text() for text in said)
    targets = [str(link["href"]).removeprefix("#") for link in summary.select("a")]
    assert all(soup(page).find(id=target) for target in targets), "each problem leads to its field"
    kept = filled_in(page)
    assert (kept["minutes"], kept["notes"], kept["recording"]) == (["long"], ["typed"], ["nowhere"])


@pytest.mark.parametrize(
    ("day", "clock", "result"),
    [
        ("2030-03-31", "02:30", "does not exist"),
        ("2030-10-27", "02:30", "2030-10-27T00:30:00+00:00"),
        ("2030-13-01", "02:30", "That is no date"),
        ("2030-05-14", "25:00", "That is no time"),
        ("", "12:00", "Enter the day, too."),
    ],
)
async def test_times_when_the_clocks_change(server: Server, day: str, clock: str, result: str) -> None:
    summit_id = await publish(server)
    browser = await sign_in(server, "organiser")
    form = changed(filled_in(await browser.get(f"{SESSIONS}/{LIVE}")), date=day, time=clock)
    answer = await save(browser, f"{SESSIONS}/{LIVE}", form)
    if answer.status_code == 422:
        assert result in words(answer)
    else:
        start = (await drafted(server, summit_id, code_in(answer))).start
        assert start is not None
        assert start.isoformat() == result, "of two it is the first"


async def test_a_session_after_midnight_can_belong_to_the_evening_before(server: Server) -> None:
    summit_id = await publish(server)
    browser = await sign_in(server, "organiser")
    form = changed(filled_in(await browser.get(f"{SESSIONS}/{LIVE}")), date="2030-05-15", time="00:30", late="1")
    found = await drafted(server, summit_id, code_in(await save(browser, f"{SESSIONS}/{LIVE}", form)))
    assert str(found.day) == "2030-05-14"
    form = filled_in(await browser.get(f"{SESSIONS}/{LIVE}"))
    assert form["late"] == ["1"]
    del form["late"]
    found = await drafted(server, summit_id, code_in(await save(browser, f"{SESSIONS}/{LIVE}", form)))
    assert str(found.day) == "2030-05-15"


async def test_two_organisers_keep_what_the_other_did_where_it_does_not_overlap(any_server: Server) -> None:
    summit_id = await publish(any_server)
    anna, bert = await sign_in(any_server, "organiser", "Anna"), await sign_in(any_server, "organiser", "Bert")
    page = f"{SESSIONS}/{LIVE}"
    seen_by_both = filled_in(await anna.get(page))
    code_in(await save(anna, page, changed(seen_by_both, stage="studio", capacity="12")))
    code_in(await save(bert, page, changed(seen_by_both, subtitle__en="Later")))
    found = await drafted(any_server, summit_id, LIVE)
    assert (found.stage, found.capacity, found.subtitle) == ("studio", 12, Texts(en="Later"))


async def test_two_organisers_are_told_both_values_where_they_overlap(server: Server) -> None:
    summit_id = await publish(server)
    anna, bert = await sign_in(server, "organiser", "Anna"), await sign_in(server, "organiser", "Bert")
    page = f"{SESSIONS}/{LIVE}"
    seen_by_both = filled_in(await anna.get(page))
    code_in(await save(anna, page, changed(seen_by_both, stage="studio", time="10:10", speakers=["BONUN2"])))
    answer = await save(bert, page, changed(seen_by_both, stage="", time="11:15", speakers=[], notes="mine"))
    assert answer.status_code == 409
    told = soup(answer).select_one(".conflict")
    assert told is not None
    assert "Anna has changed this since you opened it" in told.get_text()
    for value in ("Studio", "Tuesday 14 May 10:10", "Tuesday 14 May 11:15", "Bo Ñuñez", "Speakers"):
        assert value in told.get_text()
    kept = filled_in(answer)
    assert (kept["notes"], kept["time"]) == (["mine"], ["11:15"]), "what was typed is still there"
    assert (await drafted(server, summit_id, LIVE)).stage == "studio", "and nothing is overwritten"
    code_in(await save(bert, page, kept))
    assert (await drafted(server, summit_id, LIVE)).stage == ""


async def test_more_rows_come_without_scripts_and_nothing_is_saved_by_that(server: Server) -> None:
    await publish(server)
    browser = await sign_in(server, "organiser")
    form = changed(filled_in(await browser.get(f"{SESSIONS}/{LIVE}")), notes="typed")
    page = await save(browser, f"{SESSIONS}/{LIVE}", changed(form, more="speakers"))
    assert page.status_code == 200
    assert len(filled_in(page)["speakers"]) == 1 + 6
    page = await save(browser, f"{SESSIONS}/{LIVE}", changed(form, more="links"))
    assert len(filled_in(page)["link.url"]) == 4
    assert filled_in(page)["notes"] == ["typed"]
    async with server.db.reader() as db:
        assert await db.scalar(select(AuditEntry.id).where(AuditEntry.action == "session changed")) is None


async def test_forms_are_sent_to_what_they_are_about(server: Server) -> None:
    await publish(server)
    browser = await sign_in(server, "organiser")
    assert actions_of(await browser.get(f"{SESSIONS}/new?stage=main")) == {SESSIONS}
    assert actions_of(await browser.get(f"{SESSIONS}/{LIVE}?saved=1")) == {
        f"{SESSIONS}/{LIVE}",
        f"{SESSIONS}/{LIVE}/copies",
    }
    assert actions_of(await browser.get(f"{SESSIONS}/{LIVE}/cancellation")) == {f"{SESSIONS}/{LIVE}/cancellation"}


async def listed(browser: httpx2.AsyncClient, **query: str) -> list[str]:
    """The codes in the list."""
    page = soup(await browser.get(SESSIONS, params=query))
    return [cell.get_text() for cell in page.select(".session-list td.code")]


async def test_the_list_is_searched_narrowed_down_and_sorted_by_the_address(server: Server) -> None:
    await publish(server)
    browser = await sign_in(server, "organiser")
    assert await listed(browser) == [LIVE, NEXT, TOMORROW, UNPLACED], "by time, those without one last"
    assert await listed(browser, q="asa OPENING") == [LIVE], "by speaker, too, whatever the diacritics"
    assert await listed(browser, q=UNPLACED.lower()) == [UNPLACED]
    assert await listed(browser, lacks="time") == [UNPLACED]
    assert await listed(browser, lacks="speakers") == [UNPLACED]
    assert await listed(browser, stage="studio") == [TOMORROW]
    assert await listed(browser, theme="climate") == [NEXT]
    assert await listed(browser, state="cancelled") == []
    assert await listed(browser, sort="title") == [TOMORROW, UNPLACED, LIVE, NEXT]
    for nonsense in ({"page": "99"}, {"sort": "x"}, {"q": "\0"}, {"page": "all"}, {"lacks": "x"}):
        assert len(await listed(browser, **nonsense)) == 4


async def test_a_thousand_sessions_come_in_pages_and_quickly(server: Server) -> None:
    many = [a_session(f"Talk {n:04}", code=f"T{n:05}") for n in range(1000)]
    await publish(server, a_programme(*many, now=server.clock()))
    browser = await sign_in(server, "organiser")
    assert len(await listed(browser)) == 100
    assert await listed(browser, q="talk 0777") == ["T00777"]
    assert "Page 10 of 10" in words(await browser.get(SESSIONS, params={"page": "10"}))
    began = time.monotonic()
    assert len(await listed(browser, page="all")) == 1000
    assert time.monotonic() - began < 10


async def test_cancelling_says_what_will_happen_and_can_be_undone(server: Server) -> None:
    summit_id = await publish(server)
    browser = await sign_in(server, "organiser")
    page = f"{SESSIONS}/{LIVE}/cancellation"
    asked = words(await browser.get(page))
    assert "people's calendars" in asked
    assert "get one mail" in asked
    assert (await drafted(server, summit_id, LIVE)).state == "confirmed", "looking changes nothing"
    code_in(await browser.post(page, data={"state": "cancelled"}))
    assert (await drafted(server, summit_id, LIVE)).state == "cancelled"
    assert await listed(browser, state="cancelled") == [LIVE]
    assert "takes place again" in words(await browser.get(page))
    code_in(await browser.post(page, data={"state": "confirmed"}))
    assert (await drafted(server, summit_id, LIVE)).state == "confirmed"


async def test_only_what_was_never_published_is_removed(server: Server) -> None:
    await publish(server)
    browser = await sign_in(server, "organiser")
    assert "Cancel it instead" in words(await browser.get(f"{SESSIONS}/{LIVE}/removal"))
    assert (await browser.post(f"{SESSIONS}/{LIVE}/removal")).status_code == 422
    code = code_in(await browser.post(f"{SESSIONS}/{LIVE}/copies"))
    assert (await browser.post(f"{SESSIONS}/{code}/removal")).status_code == 303
    assert await listed(browser) == [LIVE, NEXT, TOMORROW, UNPLACED]


async def test_a_copy_says_the_same_and_waits_for_a_time(any_server: Server) -> None:
    summit_id = await publish(any_server)
    browser = await sign_in(any_server, "organiser")
    answer = await browser.post(f"{SESSIONS}/{LIVE}/copies")
    copy = await drafted(any_server, summit_id, code_in(answer))
    title_in_swedish = said_in("sv", "%(title)s (copy)") % {"title": "Opening på svenska"}
    assert copy.title == Texts(sv=title_in_swedish, en="Opening in English (copy)")
    assert (copy.start, copy.stage, copy.theme, copy.minutes) == (None, "", "care", 60)
    assert copy.speakers == (guid("Åsa Ek"),)


async def test_the_history_says_who_changed_what_from_what_to_what(server: Server) -> None:
    await publish(server)
    browser = await sign_in(server, "organiser", "Anna")
    form = changed(filled_in(await browser.get(f"{SESSIONS}/{LIVE}")), stage="studio", features=["sign_language"])
    code_in(await save(browser, f"{SESSIONS}/{LIVE}", form))
    history = soup(await browser.get(f"{SESSIONS}/{LIVE}")).select_one(".history")
    assert history is not None
    told = " ".join(history.get_text(" ").split())
    for part in ("Anna", "Changed", "Stage Main → Studio", "Accessibility Sign language"):
        assert part in told


async def test_only_organisers_of_the_summit_get_in(server: Server) -> None:
    await publish(server)
    await publish(server, slug="other")
    organiser = await sign_in(server, "organiser")
    form = filled_in(await organiser.get(f"{SESSIONS}/{LIVE}"))
    for browser in (await sign_in(server, "participant"), await sign_in(server, "moderator")):
        for path in ("", "/new", f"/{LIVE}", f"/{LIVE}/cancellation", f"/{LIVE}/removal"):
            assert (await browser.get(SESSIONS + path)).status_code == 403
        for path in ("", f"/{LIVE}", f"/{LIVE}/cancellation", f"/{LIVE}/removal", f"/{LIVE}/copies"):
            assert (await save(browser, SESSIONS + path, form)).status_code == 403
    assert (await organiser.get(f"/other/organise/sessions/{LIVE}")).status_code == 403
    assert (await organiser.get(f"{SESSIONS}/XXXXXX")).status_code == 404
