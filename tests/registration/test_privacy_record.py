"""The record of processing says what the summit really asks, and what organisers add."""

from pathlib import Path

import pytest

from summit.core.texts import Texts
from summit.programme.plain import plain
from summit.registration.setup import Consent, Question, lock_setup
from tests.support.arranging import publish, sign_in
from tests.support.databases import sqlite_url
from tests.support.factories import SLUG
from tests.support.pages import heading, soup, words
from tests.support.servers import Server, serving
from tests.support.settings import make_settings

PRIVACY = f"/{SLUG}/organise/privacy"


async def test_it_follows_from_the_setup(tmp_path: Path) -> None:
    settings = make_settings(sqlite_url(tmp_path), smtp_url="smtp://user:hidden@mail.example.org:587")
    async with serving(settings) as server:
        summit_id = await publish(server)
        organiser = await sign_in(server, "organiser")
        async with server.db.writer() as db:
            row = await lock_setup(db, summit_id)
            row.asks_needs = False
            row.questions = plain((Question(key="diet", kind="short", name=Texts({"en": "What do you eat?"})),))
            row.consents = plain((Consent(key="photo", text=Texts({"en": "I may be photographed."})),))
        for path in (PRIVACY, f"{PRIVACY}/record/print"):
            page = await organiser.get(path)
            assert page.status_code == 200
            said = words(page)
            for part in (
                "What do you eat?",
                "I may be photographed.",
                "Mail server: mail.example.org",
                "None are asked",
            ):
                assert part in said, part
            assert "hidden" not in page.text.partition("<dl")[2].partition("</dl")[0]
            assert "Accessibility needs" not in said


async def test_organisers_fill_in_what_only_they_know(server: Server) -> None:
    await publish(server)
    organiser, other = await sign_in(server, "organiser", "Orla"), await sign_in(server, "organiser", "Olof")
    form = soup(await other.get(f"{PRIVACY}/record"))
    seen = form.select_one("input[name=revision]")
    assert seen is not None
    revision = str(seen["value"])
    sent = {"controller": "Staden AB\r\nStora torget 1", "contact": "dataskydd@staden.example", "revision": revision}
    assert (await organiser.post(f"{PRIVACY}/record", data=sent)).status_code == 303
    page = words(await organiser.get(PRIVACY))
    assert "Stora torget 1" in page
    assert page.count("Not filled in yet") == 3
    late = {"controller": "Another", "officer": "Dora", "contact": "", "revision": revision}
    refused = await other.post(f"{PRIVACY}/record", data=late)
    assert refused.status_code == 409
    assert "Orla has changed this" in words(refused)
    assert "Another" in refused.text
    long = await organiser.post(f"{PRIVACY}/record", data={"controller": "x" * 5000, "revision": "9"})
    assert long.status_code == 422
    assert "Use at most 4000 characters." in words(long)
    erase = await (await sign_in(server, "participant", "Pia")).get(f"/{SLUG}/me/erase")
    assert "dataskydd@staden.example" in words(erase)


@pytest.mark.parametrize("path", ["", "/record", "/record/print"])
async def test_it_is_for_organisers(server: Server, path: str) -> None:
    await publish(server)
    for role in ("participant", "moderator"):
        assert (await (await sign_in(server, role)).get(PRIVACY + path)).status_code == 403
    assert "Sign in" in heading(await (await server.client()).get("/sign-in"))
