"""The audit log as organisers read it."""

import csv
import io
from datetime import timedelta

from summit.people.audit import record
from tests.support.arranging import publish, sign_in
from tests.support.factories import SLUG
from tests.support.pages import soup, words
from tests.support.servers import Server

LOG = f"/{SLUG}/organise/audit"


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


async def test_it_says_who_did_what_when_from_what_to_what_and_why(server: Server) -> None:
    await some_acts(server, await publish(server))
    browser = await sign_in(server, "organiser")
    page = await browser.get(LOG)
    rows = [" ".join(row.get_text(" ").split()) for row in soup(page).select("tbody tr")]
    assert len(rows) == 3
    assert "Moa Test Changed the rules for the live rooms subject 2." in rows[0], "newest first"
    assert "Publish questions and answers: – → ✓" in rows[0]
    assert "Ready-made replies" not in rows[0], "what stayed the same is not listed"
    assert "Muted somebody subject 1." in rows[1]
    assert "Reason: =Too loud" in rows[1]


async def test_it_is_narrowed_down_by_person_and_action_and_comes_in_pages(server: Server) -> None:
    await some_acts(server, await publish(server), 120)
    browser = await sign_in(server, "organiser")
    first = await browser.get(LOG)
    assert len(soup(first).select("tbody tr")) == 50
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
    for nonsense in ({"page": "x"}, {"page": "-1"}, {"person": "\0"}, {"action": "' OR 1=1"}):
        assert (await browser.get(LOG, params=nonsense)).status_code == 200


async def test_it_is_downloaded_as_a_table(server: Server) -> None:
    await some_acts(server, await publish(server))
    browser = await sign_in(server, "organiser")
    file = await browser.get(f"{LOG}.csv", params={"action": "mute"})
    assert file.headers["content-type"] == "text/csv; charset=utf-8"
    (row,) = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"), newline="")))
    assert (row["person"], row["action"], row["subject"]) == ("Olga Test", "mute", "subject 1.")
    assert row["reason"] == "'=Too loud", "no formula"
    assert row["before"] == '{"is_published": false, "replies": ["Yes"]}'


async def test_it_is_for_the_organisers_of_that_summit(server: Server) -> None:
    await some_acts(server, await publish(server))
    await some_acts(server, await publish(server, slug="other"), 1)
    for role in ("participant", "moderator"):
        browser = await sign_in(server, role)
        for address in (LOG, f"{LOG}.csv"):
            assert (await browser.get(address)).status_code == 403
    browser = await sign_in(server, "organiser")
    assert len(soup(await browser.get(LOG)).select("tbody tr")) == 3
    assert (await browser.get("/other/organise/audit")).status_code == 403


async def test_organisers_find_their_way_there(server: Server) -> None:
    await publish(server)
    browser = await sign_in(server, "organiser")
    page = soup(await browser.get(f"/{SLUG}/organise/mail"))
    for name in ("mail", "live", "audit"):
        link = page.select_one(f'.organise-menu a[href="/{SLUG}/organise/{name}"]')
        assert link is not None
        assert (await browser.get(str(link["href"]))).status_code == 200
