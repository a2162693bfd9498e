"""Everybody has a page with all that they have, and can change it, leave, and take their data along."""

import io
import json
import re
from zipfile import ZipFile

import httpx2
import msgspec
import vobject
from sqlalchemy import select

from summit.core.texts import Texts
from summit.people.models import Person
from summit.registration.models import Preferences, Registration
from tests.programme import releasing
from tests.registration.registering import CONSENTS, QUESTIONS, fill_in, set_up
from tests.support.arranging import publish, sign_in
from tests.support.factories import LIVE, NEXT, SLUG, a_programme, a_session
from tests.support.pages import heading, soup, words
from tests.support.servers import Server

ME = f"/{SLUG}/me"


def standing(page: httpx2.Response) -> str:
    found = soup(page).select_one(".standing")
    assert found is not None
    return " ".join(found.get_text(" ").split())


async def registered(server: Server, name: str = "Bo Known", **data: object) -> httpx2.AsyncClient:
    browser = await sign_in(server, None, name)
    answer = await fill_in(browser, name, "", **data)
    assert answer.status_code == 303, words(answer)
    return browser


async def test_the_page_says_where_one_stands_and_lets_one_leave(any_server: Server) -> None:
    server = any_server
    await publish(server, open_to_all=False)
    await set_up(server, capacity=1)
    bo, eva, ida = [await registered(server, name) for name in ("Bo Known", "Eva Known", "Ida Known")]
    assert "You have a seat. You come as: Participant." in standing(await bo.get(ME))
    assert "You are number 2 on the waiting list" in standing(await ida.get(ME))
    assert heading(await bo.get(f"{ME}/cancel")) == "Cancel the registration?"
    for _ in range(2):
        assert (await bo.post(f"{ME}/cancel")).headers["location"] == f"{ME}?done=cancelled"
    assert "Your registration is cancelled" in standing(await bo.get(ME))
    assert "You have a seat." in standing(await eva.get(ME))
    assert "You are number 1" in standing(await ida.get(ME))
    # Whoever waits sees their page, and no room.
    assert (await ida.get(f"/{SLUG}/sessions/{LIVE}/live")).status_code == 403
    assert (await (await sign_in(server, None, "Stranger")).get(ME)).status_code == 403
    assert (await (await server.client()).get(ME)).headers["location"].startswith("/sign-in?")


async def test_the_page_is_for_all_who_take_part_and_leads_others_in(server: Server) -> None:
    await publish(server)
    for role in ("organiser", "moderator"):
        browser = await sign_in(server, role)
        assert "You take part, and have not registered." in standing(await browser.get(ME))
    guest, visitor = await server.client(), await server.client()
    await guest.post(f"/{SLUG}/enter", data={"name": "Gun Guest"})
    page = await guest.get(ME)
    assert "You came in by name alone. Register," in standing(page)
    # No choice of mail where there is nowhere to write to.
    assert not soup(page).select("#mail")
    # Nor a way out from which there is none back.
    assert "Sign out everywhere" not in words(page)
    # What a form was sent to has no page to come back to.
    for address in (f"{ME}/mail", f"{ME}/calendar", f"{ME}/offer", f"{ME}/cancel"):
        assert (await visitor.post(address)).headers["location"] == f"/{SLUG}/enter?next={ME}"
    assert (await visitor.get(f"{ME}/cancel")).headers["location"] == f"/{SLUG}/enter?next={ME}/cancel"
    # Nothing to cancel, to take or to change.
    for answer in (await guest.get(f"{ME}/cancel"), await guest.post(f"{ME}/cancel")):
        assert answer.status_code == 409


async def test_an_offer_is_taken_or_goes_to_the_next(server: Server) -> None:
    await publish(server, open_to_all=False)
    await set_up(server, capacity=1, when_free="offer", offer_hours=5)
    bo, eva, ida = [await registered(server, name) for name in ("Bo Known", "Eva Known", "Ida Known")]
    await bo.post(f"{ME}/cancel")
    assert "A seat is held for you until" in standing(await eva.get(ME))
    await eva.post(f"{ME}/offer", data={"accept": "0"})
    assert "A seat is held for you until" in standing(await ida.get(ME))
    await ida.post(f"{ME}/offer", data={"accept": "1"})
    assert "You have a seat." in standing(await ida.get(ME))
    assert (await eva.post(f"{ME}/offer", data={"accept": "1"})).status_code == 409
    # Neither an answer that says nothing, nor one from a window of before, gives up the seat that was taken.
    assert (await ida.post(f"{ME}/offer")).status_code == 422
    assert (await ida.post(f"{ME}/offer", data={"accept": "0"})).status_code == 409
    assert "You have a seat." in standing(await ida.get(ME))


async def test_answers_are_changed_with_all_errors_beside_their_fields(server: Server) -> None:
    await publish(server)
    await set_up(server, questions=QUESTIONS[1:3])
    bo = await registered(server, **{"answer.food": "all"})
    wrong = await bo.post(f"{ME}/registration", data={"name": "", "answer.food": "soup", "answer.why": "Because"})
    assert wrong.status_code == 422
    assert {str(link["href"]) for link in soup(wrong).select(".problems a")} == {"#name", "#answer.food"}
    assert "Because" in wrong.text
    data = {"name": "Bo K.", "answer.food": "veg", "answer.why": "Because"}
    assert (await bo.post(f"{ME}/registration", data=data)).headers["location"] == f"{ME}?done=changed"
    page = soup(await bo.get(f"{ME}/registration"))
    name = page.select_one("#name")
    assert name is not None
    assert name["value"] == "Bo K."
    await bo.post(f"{ME}/cancel")
    for answer in (await bo.get(f"{ME}/registration"), await bo.post(f"{ME}/registration", data=data)):
        assert answer.status_code == 409


async def test_the_agenda_is_in_ones_calendar_until_the_address_is_renewed(server: Server) -> None:
    await publish(server, a_programme(a_session("Opening", code=LIVE), a_session("Panel", code=NEXT, capacity=3)))
    bo, anybody = await registered(server), await server.client()
    await bo.post(f"/{SLUG}/sessions/{LIVE}/agenda", data={"on": "1"})
    await bo.post(f"/{SLUG}/sessions/{NEXT}/booking", data={"on": "1"})
    assert "Seat booked" in words(await bo.get(ME))
    assert not soup(await bo.get(ME)).select('input[value$=".ics"]')
    addresses = []
    for _ in range(2):
        await bo.post(f"{ME}/calendar")
        found = soup(await bo.get(ME)).select_one('input[value$=".ics"]')
        assert found is not None
        addresses.append(str(found["value"]))
    old, new = addresses
    assert (await anybody.get(old)).status_code == 410
    assert (await anybody.get(f"/{SLUG}/agenda/nonsense.ics")).status_code == 404
    answer = await anybody.get(new)
    assert answer.headers["content-type"].startswith("text/calendar")
    events = vobject.readOne(answer.text).vevent_list
    assert sorted(event.summary.value for event in events) == ["Opening in English", "Panel in English"]
    again = await anybody.get(new, headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


async def test_calendars_learn_that_a_session_is_cancelled_in_their_readers_language(any_server: Server) -> None:
    server = any_server
    await publish(server, a_programme(a_session("Opening", code=LIVE), a_session("Panel", code=NEXT, capacity=1)))
    eva, bo = [await registered(server, name) for name in ("Eva Known", "Bo Known")]
    for browser in (eva, bo):
        await browser.post(f"/{SLUG}/sessions/{NEXT}/booking", data={"on": "1"})
    await bo.post(f"/{SLUG}/sessions/{LIVE}/agenda", data={"on": "1"})
    await bo.post(f"{ME}/calendar")
    # Where one waits for a seat, the page says which place that is.
    assert "You are number 1 on the waiting list." in words(await bo.get(ME))
    await releasing.edit(server, LIVE, state="cancelled")
    await releasing.release(await sign_in(server, "organiser"))
    address = soup(await bo.get(ME)).select('input[value$=".ics"]')[0]["value"]
    async with server.db.writer() as db:
        (await db.scalars(select(Person).where(Person.name == "Bo Known"))).one().language = "sv"
    (event,) = vobject.readOne((await (await server.client()).get(str(address))).text).vevent_list
    assert (event.status.value, event.summary.value) == ("CANCELLED", "Inställd: Opening på svenska")
    for address in (f"/{SLUG}/agenda/a%00b.ics", f"/{SLUG}/unsubscribe/a%00b/changes", f"/{SLUG}/agenda/%ff.ics"):
        assert (await bo.get(address)).status_code == 404


async def test_a_bookmark_can_go_when_its_session_has_become_a_workshop(server: Server) -> None:
    await publish(server)
    bo = await registered(server)
    await bo.post(f"/{SLUG}/sessions/{NEXT}/agenda", data={"on": "1"})
    assert "you get a mail" in words(await bo.get(ME))
    await bo.post(f"{ME}/mail")
    assert "you want no mail about them" in words(await bo.get(ME))
    await releasing.edit(server, NEXT, capacity=5, start=None)
    await releasing.release(await sign_in(server, "organiser"))
    page = words(await bo.get(ME))
    assert "Take out : Panel in English" in page
    # What was bookmarked is no seat.
    assert "You have a seat: Panel" not in page
    await bo.post(f"/{SLUG}/sessions/{NEXT}/agenda", data={"on": "0"})
    assert "Panel in English" not in words(await bo.get(ME))
    # A seat in it, even while it has no time, is given back and nothing else.
    await bo.post(f"/{SLUG}/sessions/{NEXT}/booking", data={"on": "1"})
    form = soup(await bo.get(ME)).select_one(".agenda-out")
    assert form is not None
    assert form["action"] == f"/{SLUG}/sessions/{NEXT}/booking"
    await bo.post(f"/{SLUG}/sessions/{NEXT}/agenda", data={"on": "0"})
    page = words(await bo.get(ME))
    assert "You have a seat: Panel" in page
    assert "Give the seat back : Panel in English" in page


async def test_one_click_ends_a_kind_of_mail_without_signing_in(server: Server) -> None:
    await publish(server)
    bo = await registered(server)
    async with server.db.reader() as db:
        token = (await db.scalars(select(Preferences.token))).one()
    address = f"/{SLUG}/unsubscribe/{token}/mailings"
    async with httpx2.AsyncClient(base_url=server.url) as program:
        shown = await program.get(address, headers={"accept": "text/html"})
        assert "<button" in shown.text
        # As mail programs send it: no cookie, no Origin.
        answer = await program.post(address, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert (await program.post(f"/{SLUG}/unsubscribe/nonsense/mailings")).status_code == 404
        assert (await program.post(f"/{SLUG}/unsubscribe/{token}/everything")).status_code == 404
        assert (await program.post(f"{ME}/mail", data={"mailings": "1"})).status_code == 403

    async def wanted() -> tuple[bool, bool, bool]:
        async with server.db.reader() as db:
            found = (await db.scalars(select(Preferences))).one()
        return found.changes, found.reminders, found.mailings

    assert await wanted() == (True, True, False)
    await bo.post(f"{ME}/mail", data={"mailings": "1", "reminders": "1"})
    assert await wanted() == (False, True, True)


async def test_ones_data_comes_along_in_one_archive(server: Server) -> None:
    await publish(server)
    await set_up(server, questions=QUESTIONS[2:3], consents=CONSENTS)
    bo = await registered(server, **{"answer.food": "veg", "consent.rules": "1", "needs": "Quiet", "shares_needs": "1"})
    await bo.post(f"/{SLUG}/sessions/{LIVE}/agenda", data={"on": "1"})
    await bo.post(f"/{SLUG}/sessions/{LIVE}/live/questions", data={"text": "Who are you?"})
    answer = await bo.get(f"{ME}/data.zip")
    archive = ZipFile(io.BytesIO(answer.content))
    assert sorted(archive.namelist()) == ["README.txt", "agenda.ics", "data.json"]
    data = json.loads(archive.read("data.json"))
    assert data["person"]["email"] == "bo.known@example.org"
    assert data["registration"]["answers"] == [{"question": "Food", "answer": "Vegetarian"}]
    assert data["registration"]["accessibility_needs"] == "Quiet"
    assert "code of conduct" in str(data["registration"]["consents"])
    assert [one["session"] for one in data["agenda"]] == [LIVE]
    assert data["mail"][0]["subject"] == "You are registered: Test meeting"
    assert re.search("Opening in English", archive.read("agenda.ics").decode())
    assert (await (await server.client()).get(f"{ME}/data.zip")).status_code in (303, 401, 403)


async def test_consent_stays_one_to_the_words_that_were_read(server: Server) -> None:
    await publish(server)
    await set_up(server, consents=CONSENTS)
    bo = await registered(server, **{"consent.rules": "1", "consent.list": "0"})
    rules = msgspec.structs.replace(CONSENTS[0], version=2, text=Texts(en="Other words."))
    await set_up(server, consents=[rules, CONSENTS[1]])
    form = soup(await bo.get(f"{ME}/registration"))
    box = form.select_one('[name="consent.rules"]')
    assert box is not None
    assert not box.has_attr("checked")
    assert not form.select('[name="consent.list"][checked]')
    late = {"name": "Bo B.", "consent.rules": "1", "version.rules": "1"}
    assert "The words have changed since" in words(await bo.post(f"{ME}/registration", data=late))
    assert (await bo.post(f"{ME}/registration", data=late | {"version.rules": "2"})).status_code == 303
    async with server.db.reader() as db:
        (consents,) = await db.scalars(select(Registration.consents))
    assert [(one["key"], one["version"]) for one in consents] == [("rules", 2)]
