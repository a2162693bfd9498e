"""The audit log as organisers read it."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import httpx2
import pytest
from sqlalchemy import delete

from summit.core.i18n import speaking
from summit.people.audit import record
from summit.people.audit_values import InWords, beginning
from summit.people.models import AuditEntry
from tests.support.arranging import publish, sign_in
from tests.support.factories import SLUG
from tests.support.pages import soup, words
from tests.support.servers import Server

LOG = f"/{SLUG}/organise/audit"
STOCKHOLM = InWords(ZoneInfo("Europe/Stockholm"), {"stage": {"main": "Main stage"}, "speakers": {"ASAEK1": "Åsa Ek"}})


async def a_log(server: Server, slug: str = SLUG) -> str:
    """The usual summit with nothing in its log; gives its id."""
    summit_id = await publish(server, slug=slug)
    async with server.db.writer() as db:
        await db.execute(delete(AuditEntry).where(AuditEntry.summit_id == summit_id))
    return summit_id


async def some_acts(server: Server, summit_id: str, count: int = 3) -> None:
    """Acts of two people, a minute apart."""
    async with server.db.writer() as db:
        for n in range(count):
            who = "Olga Test" if n % 2 else "Moa Test"
            made_at = server.clock() + timedelta(minutes=n)
            await record(
                db, summit_id, None, who, "mute" if n % 2 else "live rules", f"subject {n}.", made_at,
                before={"is_published": False, "replies": ["Yes"]}, after={"is_published": True, "replies": ["Yes"]},
                reason="=Too loud" if n % 2 else "",
            )  # fmt: skip


async def an_act(server: Server, summit_id: str, action: str, subject: str = "Opening (LIVE01)", **other: Any) -> None:
    """One act of Olga's, now or `at` another time."""
    at = other.pop("at", server.clock())
    async with server.db.writer() as db:
        await record(db, summit_id, None, "Olga Test", action, subject, at, **other)


def rows_of(page: httpx2.Response) -> list[str]:
    return [" ".join(row.get_text(" ").split()) for row in soup(page).select("table.audit tbody tr")]


async def test_it_says_who_did_what_when_from_what_to_what_and_why(server: Server) -> None:
    await some_acts(server, await a_log(server))
    browser = await sign_in(server, "organiser")
    rows = rows_of(await browser.get(LOG))
    assert len(rows) == 3
    assert "Moa Test Changed the rules for the live rooms subject 2." in rows[0], "newest first"
    assert "Publish questions and answers: – → ✓" in rows[0]
    assert "Ready-made replies" not in rows[0], "what stayed the same is not listed"
    assert "Muted somebody subject 1." in rows[1]
    assert "Reason: =Too loud" in rows[1]


async def test_it_is_narrowed_down_by_person_and_action_and_comes_in_pages(server: Server) -> None:
    await some_acts(server, await a_log(server), 120)
    browser = await sign_in(server, "organiser")
    first = await browser.get(LOG)
    assert len(rows_of(first)) == 50
    assert "Page 1 of 3" in words(first)
    older = soup(first).select_one("a[rel=next]")
    assert older is not None
    assert "subject 69." in words(await browser.get(str(older["href"])))
    assert "Page 3 of 3" in words(await browser.get(LOG, params={"page": "99"}))
    for query in ({"person": "Olga Test"}, {"action": "mute"}):
        narrowed = await browser.get(LOG, params=query)
        assert "Page 1 of 2" in words(narrowed)
        assert "subject 118." not in words(narrowed)
        assert "subject 119." in words(narrowed)
    for nonsense in (
        {"page": "x"}, {"page": "-1"}, {"person": "\0"}, {"action": "' OR 1=1"}, {"since": "9999-99-99"},
        {"until": "9999-12-31"}, {"since": "x"}, {"kind": "x"}, {"q": "%_\\'\""}, {"subject_id": "x"},
    ):  # fmt: skip
        for path in (LOG, f"{LOG}.csv", f"{LOG}.xlsx"):
            assert (await browser.get(path, params=nonsense)).status_code == 200


async def test_it_is_narrowed_down_by_kind_day_thing_and_words(any_server: Server) -> None:
    server = any_server
    summit_id = await a_log(server)
    title = {"title": {"sv": "Åldras hemma", "en": "Ageing at home"}}
    # 23.30 in Stockholm on the 24th, and half past midnight on the 25th.
    late, early = datetime(2026, 11, 24, 22, 30, tzinfo=UTC), datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    await an_act(server, summit_id, "session changed", "First", after=title, subject_id="thing-1", at=late)
    await an_act(server, summit_id, "session added", "Second", after={"minutes": 45}, subject_id="thing-2", at=early)
    await an_act(server, summit_id, "speaker changed", "Third", reason="Misspelt", at=early)
    await an_act(server, summit_id, "session stream", "Fourth", at=early)
    await an_act(server, summit_id, "role granted", "Fifth 100 %", at=early)
    browser = await sign_in(server, "organiser")
    for query, found in (
        ({"kind": "session"}, {"First", "Second"}),
        ({"kind": "live"}, {"Fourth"}),
        ({"kind": "team"}, {"Fifth"}),
        ({"subject_id": "thing-1"}, {"First"}),
        ({"until": "2026-11-24"}, {"First"}),
        ({"since": "2026-11-25"}, {"Second", "Third", "Fourth", "Fifth"}),
        ({"since": "2026-11-24", "until": "2026-11-24"}, {"First"}),
        ({"q": "åldras"}, {"First"}),
        ({"q": "AGEING"}, {"First"}),
        ({"q": "misspelt"}, {"Third"}),
        ({"q": "100 %"}, {"Fifth"}),
        ({"q": "secon", "kind": "session", "person": "Olga Test"}, {"Second"}),
        ({"q": "nothing of the kind"}, set()),
    ):
        page = await browser.get(LOG, params=query)
        assert {row.split(" session ")[-1] for row in rows_of(page)} or not found
        subjects = {one for one in ("First", "Second", "Third", "Fourth", "Fifth") if one in " ".join(rows_of(page))}
        assert subjects == found, query
        file = await browser.get(f"{LOG}.csv", params=query)
        assert len(list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"), newline="")))) == len(found)
    link = soup(await browser.get(LOG, params={"q": "secon"})).select_one('a[href$="?subject_id=thing-2"]')
    assert link is not None, "the way to a thing's whole history"
    nothing = await browser.get(LOG, params={"q": "nothing of the kind"})
    assert "Nothing fits" in words(nothing)


async def test_long_texts_show_their_beginning_and_the_rest_on_demand(server: Server) -> None:
    summit_id, text = await a_log(server), "Lång text. " * 40
    await an_act(
        server, summit_id, "session changed", before={"abstract": {"sv": text}}, after={"abstract": {"sv": "Kort."}}
    )
    page = soup(await (await sign_in(server, "organiser")).get(LOG))
    (folded,) = page.select("table.audit details")
    assert folded.select_one("summary del[lang=sv]")
    whole = folded.select_one("del.whole")
    assert whole is not None
    assert whole.get_text() == text
    assert page.select_one("table.audit ins[lang=sv]")


async def test_it_is_downloaded_as_a_table(server: Server) -> None:
    await some_acts(server, await a_log(server))
    browser = await sign_in(server, "organiser")
    file = await browser.get(f"{LOG}.csv", params={"action": "mute"})
    assert file.headers["content-type"] == "text/csv; charset=utf-8"
    (row,) = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"), newline="")))
    said = (row["person"], row["action"], row["subject"], row["reason"])
    assert said == ("Olga Test", "mute", "subject 1.", "'=Too loud"), "no formula"
    assert row["before"] == '{"is_published": false, "replies": ["Yes"]}'


async def test_the_workbook_says_it_in_words(server: Server) -> None:
    await some_acts(server, await a_log(server))
    browser = await sign_in(server, "organiser")
    file = await browser.get(f"{LOG}.xlsx", params={"action": "mute"})
    assert file.headers["content-type"].endswith("spreadsheetml.sheet")
    with ZipFile(io.BytesIO(file.content)) as book:
        text = book.read("xl/sharedStrings.xml").decode()
    for said in ("Muted somebody", "Publish questions and answers: ✓", "subject 1.", "=Too loud"):
        assert said in text
    assert "subject 0." not in text


async def test_it_is_for_the_organisers_of_that_summit(server: Server) -> None:
    await some_acts(server, await a_log(server))
    await some_acts(server, await a_log(server, "other"), 1)
    for role in ("participant", "moderator"):
        browser = await sign_in(server, role)
        for address in (LOG, f"{LOG}.csv", f"{LOG}.xlsx"):
            assert (await browser.get(address)).status_code == 403
    browser = await sign_in(server, "organiser")
    assert len(rows_of(await browser.get(LOG))) == 3
    assert (await browser.get("/other/organise/audit")).status_code == 403


async def test_organisers_find_their_way_there(server: Server) -> None:
    await publish(server)
    browser = await sign_in(server, "organiser")
    page = soup(await browser.get(f"/{SLUG}/organise/mail"))
    for name in ("mail", "live", "team", "audit"):
        link = page.select_one(f'.organise-menu a[href="/{SLUG}/organise/{name}"]')
        assert link is not None
        assert (await browser.get(str(link["href"]))).status_code == 200


@pytest.mark.parametrize(
    ("field", "before", "after", "said"),
    [
        ("stage", "", "main", [("Stage", "", "", "Main stage")]),
        ("stage", "main", "gone", [("Stage", "", "Main stage", "gone")]),
        ("start", None, "2026-11-25T08:30:00+00:00", [("Start", "", "", "Wed 25 Nov 2026 09:30")]),
        ("day", "2026-11-25", None, [("Day", "", "25 November 2026", "")]),
        ("speakers", [], ["ASAEK1", "NOBODY"], [("Speakers", "", "", "Åsa Ek; NOBODY")]),
        ("state", "confirmed", "cancelled", [("State", "", "Takes place", "Cancelled")]),
        ("minutes", 45, 60, [("Minutes", "", "45", "60")]),
        ("do_not_record", False, True, [("Not to be recorded", "", "–", "✓")]),
        ("title", {"sv": "Ett", "en": "One"}, {"sv": "Två", "en": "One"}, [("Title", "sv", "Ett", "Två")]),
        ("title", {}, {"sv": "Ett", "": "?"}, [("Title", "sv", "", "Ett"), ("Title", "", "", "?")]),
        ("features", [], ["sign_language"], [("Accessible by", "", "", "Sign language")]),
        ("links", [], [{"url": "https://a.test", "title": "Paper"}], [("Links and hand-outs", "", "", "Paper (https://a.test)")]),
        ("availability", [], [{"start": "2026-11-25T08:00:00Z", "end": "2026-11-25T09:00:00Z"}],
         [("Availability", "", "", "Wed 25 Nov 2026 09:00 – Wed 25 Nov 2026 10:00")]),
        ("sessions", ["Opening (LIVE01)"], [], [("Sessions", "", "Opening (LIVE01)", "All sessions")]),
        ("never_heard_of", {"part": 1}, None, [("never_heard_of", "", "part: 1", "")]),
    ],
)  # fmt: skip
def test_values_are_told_in_words(field: str, before: Any, after: Any, said: list[tuple[str, ...]]) -> None:
    entry = AuditEntry(before={field: before}, after={field: after})
    with speaking("en"):
        found = STOCKHOLM.changes(entry)
    assert [(one.name, one.lang, one.before, one.after) for one in found] == said


def test_long_texts_have_a_beginning() -> None:
    assert beginning("short") == ""
    assert beginning("word " * 50).endswith("word …")


async def test_ten_thousand_entries_are_read_in_a_moment(server: Server) -> None:
    summit_id, now = await a_log(server), server.clock()
    async with server.db.writer() as db:
        db.add_all(
            AuditEntry(
                summit_id=summit_id, made_at=now + timedelta(seconds=n), person_name=f"Person {n % 20}",
                action="session changed", subject=f"Session {n}", subject_id=str(n % 100),
                before={"title": {"sv": f"Förr {n}"}}, after={"title": {"sv": f"Nu {n}"}},
            )
            for n in range(10_000)
        )  # fmt: skip
    browser = await sign_in(server, "organiser")
    for query in ({}, {"page": "200"}, {"q": "förr 4321"}, {"subject_id": "42"}, {"person": "Person 7"}):
        page = await browser.get(LOG, params=query)
        assert page.status_code == 200
        assert page.elapsed < timedelta(seconds=10), query
    assert len((await browser.get(f"{LOG}.csv")).text.splitlines()) == 10_001
    assert (await browser.get(f"{LOG}.xlsx", params={"person": "Person 7"})).status_code == 200
