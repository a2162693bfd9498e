"""Speakers as organisers edit them."""

import httpx2
from sqlalchemy import select

from summit.people.models import AuditEntry
from summit.programme.drafts import draft
from summit.programme.models import Speaker
from tests.programme.organising import actions_of, changed, filled_in, save
from tests.programme.picturing import a_bomb, a_picture, opened
from tests.support.arranging import publish, sign_in
from tests.support.factories import LIVE, NEXT, SLUG, TOMORROW
from tests.support.pages import heading, soup, words
from tests.support.servers import Server, Site

SPEAKERS = f"/{SLUG}/organise/speakers"
ASA, BO = f"{SPEAKERS}/ASAEK1", f"{SPEAKERS}/BONUN2"


async def the_speaker(site: Site, code: str) -> Speaker:
    async with site.db.reader() as db:
        return (await db.scalars(select(Speaker).where(Speaker.code == code))).one()


async def speakers_of_sessions(site: Site, summit_id: str) -> dict[str, list[str]]:
    """Names by the code of the session."""
    async with site.db.reader() as db:
        programme = await draft(db, summit_id)
    names = {one.guid: one.name for one in programme.speakers}
    return {one.code: [names[guid] for guid in one.speakers] for one in programme.sessions}


async def test_a_speaker_is_added_with_everything(any_server: Server) -> None:
    await publish(any_server)
    browser = await sign_in(any_server, "organiser")
    times = {"from": ["2030-05-14T09:00", "2030-05-15T13:00"], "until": ["2030-05-14T12:00", "2030-05-15T17:00"]}
    lines = {"name": "Märta Käll", "pronouns": "hon", "organisation": "Byn", "email": "marta@example.org"}
    texts = {"biography.sv": "Om **byn**.", "biography.en": "The village."}
    typed = changed(filled_in(await browser.get(f"{SPEAKERS}/new")), **lines, **texts, **times)
    answer = await save(browser, SPEAKERS, typed, photo_file=("me.jpg", a_picture(), "image/jpeg"))
    assert answer.status_code == 303, words(answer)
    page = await browser.get(answer.headers["location"])
    assert heading(page) == "Märta Käll"
    assert "Saved." in words(page)
    row = await the_speaker(any_server, answer.headers["location"].split("/")[-1].split("?")[0])
    assert (row.pronouns, row.organisation, row.email) == ("hon", "Byn", "marta@example.org")
    assert dict(row.biography) == {"sv": "Om **byn**.", "en": "The village."}
    assert row.availability[0] == {"start": "2030-05-14T07:00:00Z", "end": "2030-05-14T10:00:00Z"}, (
        "in the summit's zone"
    )
    assert (row.revision, row.changed_by) == (1, "Test organiser")
    photo = await browser.get(row.photo)
    assert opened(photo.content).size == (512, 512)
    assert filled_in(page)["from"][:2] == ["2030-05-14T09:00", "2030-05-15T13:00"]


async def test_a_photo_comes_out_without_the_place_it_was_taken(server: Server) -> None:
    await publish(server)
    browser = await sign_in(server, "organiser")
    taken = a_picture(size=(1600, 1200))
    assert opened(taken).getexif().get_ifd(0x8825)
    form = filled_in(await browser.get(ASA))
    assert (await save(browser, ASA, form, photo_file=("me.jpg", taken, "image/jpeg"))).status_code == 303
    picture = opened((await browser.get((await the_speaker(server, "ASAEK1")).photo)).content)
    assert max(picture.size) <= 512
    assert not picture.getexif()
    form = changed(filled_in(await browser.get(ASA)), no_photo="1")
    assert (await save(browser, ASA, form)).status_code == 303
    assert (await the_speaker(server, "ASAEK1")).photo == ""


async def test_what_is_no_photo_is_refused_in_words_and_all_that_was_typed_stays(server: Server) -> None:
    await publish(server)
    browser = await sign_in(server, "organiser")
    form = changed(filled_in(await browser.get(ASA)), organisation="Typed before", biography__sv="Skrivet förut")
    for data, said in ((b"a text", "no picture that we can read"), (a_bomb(), "more than 40 million pixels")):
        page = await save(browser, ASA, form, photo_file=("me.jpg", data, "image/jpeg"))
        assert page.status_code == 422
        assert said in words(page)
        kept = filled_in(page)
        assert (kept["organisation"], kept["biography.sv"]) == (["Typed before"], ["Skrivet förut"])
    assert (await the_speaker(server, "ASAEK1")).organisation == "Provverket"


async def test_all_that_does_not_fit_is_said_at_once_and_a_good_photo_is_not_lost(server: Server) -> None:
    await publish(server)
    browser = await sign_in(server, "organiser")
    form = changed(
        filled_in(await browser.get(ASA)), name=" ", email="nobody", **{"from": "2030-05-14T12:00", "until": ""}
    )
    page = await save(browser, ASA, form, photo_file=("me.png", a_picture("PNG"), "image/png"))
    assert page.status_code == 422
    for said in ("Enter a name.", "not a complete e-mail address", "Enter both times"):
        assert said in words(page)
    assert filled_in(page)["from"][0] == "2030-05-14T12:00"
    again = changed(filled_in(page), name="Åsa Ek", email="", **{"from": "", "until": ""})
    assert (await save(browser, ASA, again)).status_code == 303
    assert (await the_speaker(server, "ASAEK1")).photo.startswith("/media/")


async def test_times_that_do_not_exist_or_end_before_they_begin_are_refused(server: Server) -> None:
    await publish(server)
    browser = await sign_in(server, "organiser")
    form = filled_in(await browser.get(ASA))
    for start, end, said in (
        ("2030-03-31T02:30", "2030-03-31T05:00", "does not exist"),
        ("2030-05-14T12:00", "2030-05-14T11:00", "has to end after it begins"),
        ("soon", "2030-05-14T11:00", "Enter the time, too."),
    ):
        page = await save(browser, ASA, changed(form, **{"from": start, "until": end}))
        assert page.status_code == 422
        assert said in words(page)


async def test_two_who_edit_the_same_speaker_lose_nothing_unseen(server: Server) -> None:
    await publish(server)
    anna, bert = await sign_in(server, "organiser", "Anna"), await sign_in(server, "organiser", "Bert")
    seen_by_both = filled_in(await anna.get(ASA))
    assert (await save(anna, ASA, changed(seen_by_both, organisation="Annas", pronouns="hen"))).status_code == 303
    assert (await save(bert, ASA, changed(seen_by_both, biography__sv="Ny text"))).status_code == 303
    row = await the_speaker(server, "ASAEK1")
    assert (row.organisation, dict(row.biography)["sv"]) == ("Annas", "Ny text"), "what does not overlap stays"
    page = await save(bert, ASA, changed(seen_by_both, organisation="Berts"))
    assert page.status_code == 409
    told = soup(page).select_one(".conflict")
    assert told is not None
    assert "Anna" in words(page) or "Bert" in words(page)
    assert all(value in told.get_text() for value in ("Berts", "Annas", "Organisation"))
    assert (await save(bert, ASA, filled_in(page))).status_code == 303, "again means knowingly"
    assert (await the_speaker(server, "ASAEK1")).organisation == "Berts"


async def test_the_list_finds_people_and_those_without_a_session(server: Server) -> None:
    await publish(server)
    browser = await sign_in(server, "organiser")

    async def listed(**query: str) -> list[str]:
        page = soup(await browser.get(SPEAKERS, params=query))
        return [link.get_text() for link in page.select(".speaker-list tbody th a")]

    assert await listed() == ["Åsa Ek", "Bo Ñuñez"]
    assert await listed(q="asa provverket") == ["Åsa Ek"]
    assert await listed(lacks="sessions") == []
    assert await listed(q="nobody") == []
    form = changed(filled_in(await browser.get(f"{SPEAKERS}/new")), name="Cia")
    await save(browser, SPEAKERS, form)
    assert await listed(lacks="sessions") == ["Cia"]


async def test_removing_says_from_which_sessions_and_takes_them_out_there(any_server: Server) -> None:
    summit_id = await publish(any_server)
    browser = await sign_in(any_server, "organiser")
    page = await browser.get(f"{ASA}/removal")
    assert "Opening in English" in words(page)
    assert "until the next release" in words(page)
    assert (await browser.post(f"{ASA}/removal")).status_code == 303
    sessions = await speakers_of_sessions(any_server, summit_id)
    assert (sessions[LIVE], sessions[NEXT]) == ([], ["Bo Ñuñez"])
    assert (await browser.get(ASA)).status_code == 404
    assert "Åsa Ek" in words(await browser.get(f"/{SLUG}/speakers")), "the public sees the last release"
    async with any_server.db.reader() as db:
        acts = list(await db.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
    assert acts.count("speaker removed") == 1
    assert acts.count("session changed") == 2, "each session tells that it changed"


async def test_two_who_are_one_person_are_put_together(any_server: Server) -> None:
    summit_id = await publish(any_server)
    browser = await sign_in(any_server, "organiser")
    form = changed(filled_in(await browser.get(BO)), biography__en="About Bo")
    await save(browser, BO, form)
    assert (await browser.post(f"{BO}/merger", data={"other": "BONUN2"})).status_code == 422
    assert (await browser.post(f"{BO}/merger", data={"other": ""})).status_code == 422
    assert "Åsa Ek (Provverket)" in words(await browser.get(f"{BO}/merger"))
    assert (await browser.post(f"{BO}/merger", data={"other": "ASAEK1"})).status_code == 303
    sessions = await speakers_of_sessions(any_server, summit_id)
    assert [sessions[code] for code in (LIVE, NEXT, TOMORROW)] == [["Bo Ñuñez"]] * 3
    row = await the_speaker(any_server, "BONUN2")
    assert (row.organisation, dict(row.biography)) == ("Provverket", {"en": "About Bo"})
    assert (await browser.get(ASA)).status_code == 404
    assert "Put together" in words(await browser.get(BO))


async def test_forms_are_sent_to_what_they_are_about(server: Server) -> None:
    await publish(server)
    browser = await sign_in(server, "organiser")
    assert actions_of(await browser.get(f"{SPEAKERS}/new")) == {SPEAKERS}
    assert actions_of(await browser.get(f"{ASA}?saved=1")) == {ASA}
    for page in ("removal", "merger"):
        assert actions_of(await browser.get(f"{ASA}/{page}")) == {f"{ASA}/{page}"}


async def test_what_is_private_stays_with_organisers(server: Server) -> None:
    await publish(server)
    browser = await sign_in(server, "organiser")
    form = changed(filled_in(await browser.get(ASA)), email="secret@example.org")
    assert (await save(browser, ASA, form)).status_code == 303
    for role in (None, "participant", "moderator"):
        other: httpx2.AsyncClient = await sign_in(server, role, f"Somebody {role}")
        for address in (SPEAKERS, ASA, f"{ASA}/removal", f"{ASA}/merger"):
            assert (await other.get(address)).status_code == 403
        assert (await other.post(f"{ASA}/removal")).status_code == 403
        assert (await save(other, ASA, form)).status_code == 403
    assert "secret@example.org" not in (await browser.get(f"/{SLUG}/speakers/ASAEK1")).text
