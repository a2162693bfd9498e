"""One mail for each release to everybody whose agenda it changes."""

import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy import func, insert, select

from summit.core.db import Database
from summit.core.mail.messages import Letter, message
from summit.core.mail.models import Mail
from summit.core.texts import Texts
from summit.people.models import Person
from summit.programme.editing.session_fields import SessionEdit
from summit.programme.editing.sessions import change_session
from summit.programme.editing.tracking import Editor
from summit.programme.exchange import write
from summit.programme.files import take_in_file
from summit.programme.importing import take_in
from summit.programme.models import Release, Session, Summit
from summit.programme.publishing import Released, compared_draft, publish_at_once
from summit.programme.releases import release
from summit.programme.values import Link
from summit.registration.change_mail import tell_agendas
from summit.registration.models import AgendaEntry
from tests.programme import releasing
from tests.support.arranging import publish, sign_in
from tests.support.clocks import NOW
from tests.support.factories import LIVE, NEXT, SLUG, TOMORROW, UNPLACED, a_programme, a_session
from tests.support.pages import soup
from tests.support.servers import Server

AT = f"/{SLUG}/organise/releases"


async def edit(server: Server, code: str, **fields: Any) -> None:
    async with server.db.writer() as db:
        summit_id = (await db.scalars(select(Summit.id))).one()
        await change_session(db, summit_id, code, SessionEdit(**fields), Editor("Eva Editor", server.clock()))


async def save(browser: httpx2.AsyncClient, *codes: str) -> None:
    for code in codes:
        assert (await browser.post(f"/{SLUG}/sessions/{code}/agenda", data={"on": "1"})).status_code == 303


async def release_all(organiser: httpx2.AsyncClient, note: str = "") -> None:
    page = await organiser.get(AT)
    fields = {str(one["name"]): str(one.get("value", "")) for one in soup(page).select("form.organise-form input")}
    assert (await organiser.post(AT, data=fields | {"note": note})).status_code == 303


async def mails(server: Server) -> list[Mail]:
    """What was written about changes, by recipient."""
    async with server.db.reader() as db:
        found = await db.scalars(select(Mail).where(Mail.subject.contains("agenda")).order_by(Mail.recipient))
        return list(found)


async def test_everybody_with_a_changed_session_gets_one_mail_with_all_of_it(any_server: Server) -> None:
    server = any_server
    await publish(server)
    organiser = await sign_in(server, "organiser", "Olga Organiser")
    anna, bert = await sign_in(server, "participant", "Anna"), await sign_in(server, "participant", "Bert")
    await sign_in(server, "participant", "Cia")
    guest = await server.client()
    await guest.post(f"/{SLUG}/enter", data={"name": "Gun Guest"})
    await save(anna, LIVE, NEXT, TOMORROW)
    await save(bert, LIVE)
    await save(guest, NEXT)
    await edit(server, NEXT, start=server.clock() + timedelta(hours=1, minutes=40), stage="studio")
    await edit(server, TOMORROW, state="cancelled")
    await edit(server, LIVE, abstract=Texts(en="More about it"))
    await anna.post("/language", data={"language": "en"})
    await release_all(organiser, "The studio is larger.")

    mail, other = await mails(server)
    assert (mail.recipient, mail.recipient_name, other.recipient) == ("anna@example.org", "Anna", "bert@example.org")
    assert mail.subject == "Test meeting: 3 sessions in your agenda have changed"
    assert "“Panel in English” moves from Tue 14 May 10:00–11:00, Main to 11:00–12:00, Studio." in mail.text
    assert "“Farewell in English” is cancelled: Wed 15 May 09:00–10:00, Studio." in mail.text
    assert "The studio is larger." in mail.text
    assert f"{server.url}/{SLUG}/sessions/{NEXT}" in mail.text
    assert "Times in Stockholm." in mail.text
    assert "“Opening in English” (Tue 14 May 09:00–10:00, Main):\n  Changed: Abstract." in mail.text
    assert "More about it" not in mail.text, "it tells what changed, the page has the rest"
    assert f'<a href="{server.url}/{SLUG}/sessions/{NEXT}">Panel in English</a>' in mail.html
    sent = message(Letter(mail.recipient, mail.subject, mail.text), "Summit <s@example.org>", "<1@example.org>", NOW)
    assert sent["Auto-Submitted"] == "auto-generated"

    await edit(server, UNPLACED, abstract=Texts(en="Even more"))
    await release_all(organiser)
    assert len(await mails(server)) == 2, "nobody hears of the same twice, or of what is not theirs"


async def test_taking_back_is_told_of_too(server: Server) -> None:
    await publish(server)
    organiser, anna = await sign_in(server, "organiser"), await sign_in(server, "participant", "Anna")
    await save(anna, NEXT)
    await edit(server, NEXT, title=Texts(en="Debate"))
    await release_all(organiser)
    await organiser.post(f"{AT}/2/withdrawal", data={"note": "Our mistake."})
    back = (await mails(server))[-1]
    assert "Our mistake." in back.text
    assert len(await mails(server)) == 2


async def test_nobody_is_written_to_about_what_is_over(server: Server) -> None:
    await publish(server)
    organiser, anna = await sign_in(server, "organiser"), await sign_in(server, "participant", "Anna")
    await anna.post("/language", data={"language": "en"})
    await save(anna, LIVE)
    server.clock.advance(hours=2)
    await edit(server, LIVE, title=Texts(en="It was the opening"))
    await release_all(organiser)
    assert await mails(server) == []
    await edit(server, LIVE, links=(Link(url="https://example.org/film", type="recording"),))
    await release_all(organiser)
    (mail,) = await mails(server)
    assert "Changed: Recording." in mail.text, "but for what comes afterwards"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"language": "en"}, "Language: English, not Swedish."),
        ({"speakers": ("BONUN2",)}, "Speakers: Bo Ñuñez, not Åsa Ek."),
        ({"features": ("live_captions",)}, "Changed: Accessibility."),
    ],
)
async def test_whatever_readers_see_of_a_session_is_told(server: Server, fields: dict[str, Any], told: str) -> None:
    await publish(server)
    organiser, anna = await sign_in(server, "organiser"), await sign_in(server, "participant", "Anna")
    await anna.post("/language", data={"language": "en"})
    await save(anna, TOMORROW)
    await edit(server, TOMORROW, **fields)
    await release_all(organiser)
    (mail,) = await mails(server)
    assert told in mail.text


async def prepared(db: Database) -> str:
    """A released summit whose draft has the opening moved."""
    async with db.writer() as session:
        await take_in(session, a_programme(), SLUG, lambda: NOW)
        summit = (await session.scalars(select(Summit))).one()
        await release(session, summit, lambda: NOW)
        moved = SessionEdit(start=NOW + timedelta(hours=9))
        await change_session(session, summit.id, NEXT, moved, Editor("Eva Editor", NOW))
        return summit.id


async def counts(db: Database) -> tuple[int, int]:
    """So many releases and mails."""
    async with db.reader() as session:
        releases = await session.scalar(select(func.count()).select_from(Release))
        return releases or 0, await session.scalar(select(func.count()).select_from(Mail)) or 0


async def put_in_agendas(db: Database, people: int) -> None:
    async with db.writer() as session:
        row = (await session.scalars(select(Session.id).where(Session.code == NEXT))).one()
        ids = [uuid4().hex[:20] for _ in range(people)]
        rows = [{"id": one, "name": f"P {one}", "email": f"{one}@example.org", "made_at": NOW} for one in ids]
        await session.execute(insert(Person), rows)
        entries = [{"person_id": one, "session_id": row, "made_at": NOW} for one in ids]
        await session.execute(insert(AgendaEntry), entries)


async def test_release_and_mail_are_kept_together_or_not_at_all(database: Database) -> None:
    summit_id = await prepared(database)
    await put_in_agendas(database, 2)

    async def fail(_db: object, _released: Released) -> None:
        raise RuntimeError("the power fails")

    by = Editor("Olga", NOW)
    with pytest.raises(RuntimeError):
        async with database.writer() as db:
            await publish_at_once(db, summit_id, by, base_url="https://example.org", after=[tell_agendas, fail])
    assert await counts(database) == (1, 0)
    async with database.writer() as db:
        await publish_at_once(db, summit_id, by, base_url="https://example.org", after=[tell_agendas])
    assert await counts(database) == (2, 2)
    async with database.writer() as db:
        again = await publish_at_once(db, summit_id, by, base_url="https://example.org", after=[tell_agendas])
    assert (again, await counts(database)) == (2, (2, 2)), "nothing new, nobody told"


async def test_two_thousand_are_told_in_seconds(database: Database) -> None:
    summit_id = await prepared(database)
    await put_in_agendas(database, 2000)
    started = time.monotonic()
    async with database.writer() as db:
        await publish_at_once(db, summit_id, Editor("Olga", NOW), base_url="https://x.org", after=[tell_agendas])
    assert time.monotonic() - started < 20
    assert await counts(database) == (2, 2000)
    async with database.reader() as db:
        assert not (await compared_draft(db, summit_id, Editor("Olga", NOW))).changes


async def test_an_import_that_is_released_tells_as_well(server: Server) -> None:
    await publish(server)
    anna = await sign_in(server, "participant", "Anna")
    await save(anna, NEXT)
    moved = a_programme(a_session("Panel", code=NEXT, start=server.clock() + timedelta(hours=9)))
    body = write(moved, "xml", base_url="https://example.org", slug=SLUG, generator_version="1")
    await take_in_file(
        server.db, body, SLUG, server.clock, publish=True, base_url="https://example.org", after=[tell_agendas]
    )
    (mail,) = await mails(server)
    assert f"https://example.org/{SLUG}/sessions/{NEXT}" in mail.text


async def test_who_wants_no_mail_of_changes_gets_none_and_others_can_say_so(server: Server) -> None:
    await publish(server)
    for name in ("Anna Known", "Bo Known"):
        browser = await sign_in(server, None, name)
        await browser.post(f"/{SLUG}/register", data={"name": name})
        await browser.post(f"/{SLUG}/sessions/{NEXT}/agenda", data={"on": "1"})
    await browser.post(f"/{SLUG}/me/mail", data={"mailings": "1"})
    await edit(server, NEXT, start=server.clock() + timedelta(hours=3))
    await releasing.release(await sign_in(server, "organiser"))
    async with server.db.reader() as db:
        mails = list(await db.scalars(select(Mail).where(Mail.kind == "changes")))
    assert [mail.recipient_name for mail in mails] == ["Anna Known"]
    assert mails[0].headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = mails[0].headers["List-Unsubscribe"].strip("<>")
    assert (await (await server.client()).get(address)).status_code == 200
