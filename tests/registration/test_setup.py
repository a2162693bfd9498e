"""Organisers say how registration works: times, seats, categories, questions and consents."""

from datetime import datetime
from zoneinfo import ZoneInfo

import httpx2
import pytest
from sqlalchemy import select

from summit.registration.models import Registration, RegistrationSetup
from tests.registration.registering import fill_in
from tests.support.arranging import publish, sign_in
from tests.support.factories import SLUG
from tests.support.pages import heading, soup, words
from tests.support.servers import Server

SETUP = f"/{SLUG}/organise/registration"
PLACES = {"is_open": "1", "asks_needs": "1", "when_free": "seat", "offer_hours": "24", "capacity": ""}


def filled(page: httpx2.Response) -> dict[str, str | list[str]]:
    """What the page's form would send as it stands."""
    form: dict[str, str | list[str]] = {}
    for one in soup(page).select("main form.organise-form [name]"):
        if one.name == "button" or (one.get("type") == "checkbox" and not one.has_attr("checked")):
            continue
        if one.get("type") == "radio" and not one.has_attr("checked"):
            continue
        if one.name == "select":
            chosen = one.select_one("option[selected]") or one.select_one("option")
            form[str(one["name"])] = str(chosen["value"]) if chosen else ""
        else:
            form[str(one["name"])] = one.get_text() if one.name == "textarea" else str(one.get("value", ""))
    return form


async def setup(server: Server) -> RegistrationSetup:
    async with server.db.reader() as db:
        return (await db.scalars(select(RegistrationSetup))).one()


def problems(page: httpx2.Response) -> list[str]:
    return [str(link["href"]).removeprefix("#") for link in soup(page).select(".problems a")]


async def test_more_seats_go_to_those_who_wait(any_server: Server) -> None:
    server = any_server
    await publish(server)
    organiser = await sign_in(server, "organiser")
    assert (await organiser.post(SETUP, data=PLACES | {"capacity": "1"})).status_code == 303
    for name in ("Anna A", "Bo B", "Cia C"):
        await fill_in(await sign_in(server, None, name), name, "")

    async def states() -> list[str]:
        async with server.db.reader() as db:
            return list(await db.scalars(select(Registration.state).order_by(Registration.made_at, Registration.id)))

    assert await states() == ["registered", "waiting", "waiting"]
    page = filled(await organiser.get(SETUP))
    assert (await organiser.post(SETUP, data=page | {"capacity": "2"})).headers["location"] == f"{SETUP}?saved=1"
    assert await states() == ["registered", "registered", "waiting"]
    page = filled(await organiser.get(SETUP))
    await organiser.post(SETUP, data=page | {"capacity": "0"})
    assert await states() == ["registered", "registered", "waiting"]


async def test_registration_opens_and_closes_when_it_was_said(server: Server) -> None:
    await publish(server)
    organiser, visitor = await sign_in(server, "organiser"), await server.client()
    local = server.clock().astimezone(ZoneInfo("Europe/Stockholm"))
    times = {"opens_at": f"{local:%Y-%m-%d}T23:00", "closes_at": f"{local:%Y-%m-%d}T23:30"}
    await organiser.post(SETUP, data=PLACES | times)
    assert heading(await visitor.get(f"/{SLUG}/register")) == "Registration has not opened yet"
    opens = datetime.fromisoformat(times["opens_at"]).replace(tzinfo=ZoneInfo("Europe/Stockholm"))
    server.clock.now = opens
    assert "Register for" in heading(await visitor.get(f"/{SLUG}/register"))
    server.clock.advance(minutes=30)
    assert heading(await visitor.get(f"/{SLUG}/register")) == "Registration has ended"
    shown = filled(await organiser.get(SETUP))
    assert (shown["opens_at"], shown["closes_at"]) == (times["opens_at"], times["closes_at"])


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"capacity": "many"}, "capacity"),
        ({"capacity": "999999999"}, "capacity"),
        ({"opens_at": "1802-01-01T10:00"}, "opens_at"),
        ({"opens_at": "2026-03-29T02:30"}, "opens_at"),
        ({"opens_at": "2026-05-02T10:00", "closes_at": "2026-05-01T10:00"}, "closes_at"),
        ({"when_free": "offer", "offer_hours": "0"}, "offer_hours"),
        ({"when_free": "lottery"}, "when_free"),
    ],
)
async def test_what_cannot_be_is_said_beside_its_field(server: Server, data: dict[str, str], field: str) -> None:
    await publish(server)
    organiser = await sign_in(server, "organiser")
    answer = await organiser.post(SETUP, data=PLACES | data)
    assert (answer.status_code, problems(answer)) == (422, [field])


async def test_categories_are_renamed_opened_by_a_code_and_kept_while_somebody_has_them(server: Server) -> None:
    await publish(server)
    organiser = await sign_in(server, "organiser")
    at = f"{SETUP}/categories"
    page = filled(await organiser.get(at))
    page |= {"categories.2.name.en": "Friend", "categories.2.access": "code", "categories.2.code": "FJORD"}
    page |= {"categories.2.capacity": "3", "categories.2.place": "1", "categories.4.remove": "1"}
    assert (await organiser.post(at, data=page)).status_code == 303
    rows = (await setup(server)).categories
    assert [row["key"] for row in rows] == ["partner", "participant", "speaker", "staff"]
    assert (rows[0]["name"]["en"], rows[0]["code"], rows[0]["capacity"]) == ("Friend", "FJORD", 3)
    friend = await sign_in(server, None, "Fia Friend")
    await fill_in(friend, "Fia", "", code="fjord", category="partner")
    page = filled(await organiser.get(at))
    assert "register?code=FJORD" in words(await organiser.get(at))
    refused = await organiser.post(at, data=page | {"categories.0.remove": "1"})
    assert (refused.status_code, problems(refused)) == (422, ["categories"])
    more = filled(await organiser.post(at, data=page | {"more": "1"}))
    wrong = await organiser.post(at, data=more | {"categories.4.name.en": "New", "categories.4.code": "Fjord"})
    assert problems(wrong) == ["categories"]


async def test_questions_keep_their_answers_when_their_words_change_and_lose_them_knowingly(server: Server) -> None:
    await publish(server)
    organiser, at = await sign_in(server, "organiser"), f"{SETUP}/questions"
    page = filled(await organiser.post(at, data=filled(await organiser.get(at)) | {"more": "1"}))
    page |= {"questions.0.name.en": "Food?", "questions.0.kind": "one"}
    lacking = await organiser.post(at, data=page)
    assert (lacking.status_code, problems(lacking)) == (422, ["questions.0.options"])
    page |= {"questions.0.words0.en": "Meat", "questions.0.words1.en": "Plants"}
    assert (await organiser.post(at, data=page)).status_code == 303
    (question,) = (await setup(server)).questions
    anna = await sign_in(server, None, "Anna A")
    await fill_in(anna, "Anna", "", **{f"answer.{question['key']}": question["options"][1]["key"]})
    page = filled(await organiser.get(at))
    await organiser.post(at, data=page | {"questions.0.name.en": "What do you eat?", "questions.0.words1.en": "Greens"})
    (changed,) = (await setup(server)).questions
    assert [one["key"] for one in changed["options"]] == [one["key"] for one in question["options"]]
    page = filled(await organiser.get(at)) | {"questions.0.remove": "1"}
    asked = await organiser.post(at, data=page)
    assert "1 person has answered what you remove" in words(asked)
    assert len((await setup(server)).questions) == 1
    assert (await organiser.post(at, data=page | {"sure": "1"})).status_code == 303
    async with server.db.reader() as db:
        assert (await db.scalars(select(Registration.answers))).one() == {}


async def test_other_words_of_a_consent_are_another_version(server: Server) -> None:
    await publish(server)
    organiser, at = await sign_in(server, "organiser"), f"{SETUP}/consents"
    page = filled(await organiser.post(at, data=filled(await organiser.get(at)) | {"more": "1"}))
    await organiser.post(at, data=page | {"consents.0.text.en": "I agree.", "consents.0.required": "1"})
    (consent,) = (await setup(server)).consents
    anna = await sign_in(server, None, "Anna A")
    assert (await fill_in(anna, "Anna", "")).status_code == 422
    await fill_in(anna, "Anna", "", **{f"consent.{consent['key']}": "1"})
    page = filled(await organiser.get(at))
    await organiser.post(at, data=page | {"consents.0.text.en": "I agree to more."})
    (consent,) = (await setup(server)).consents
    assert (consent["version"], consent["former"]) == (2, {"1": {"en": "I agree."}})
    shown = words(await organiser.get(at))
    assert "Version 2: 0 people have agreed" in shown
    assert "Version 1: 1 person has agreed: “I agree.”" in shown


async def test_two_organisers_do_not_overwrite_each_other_unseen(server: Server) -> None:
    await publish(server)
    eva, olof = await sign_in(server, "organiser", "Eva Test"), await sign_in(server, "organiser", "Olof Test")
    seen = filled(await olof.get(SETUP))
    await eva.post(SETUP, data=filled(await eva.get(SETUP)) | {"capacity": "10"})
    conflict = await olof.post(SETUP, data=seen | {"capacity": "20"})
    assert conflict.status_code == 409
    assert "Eva Test has changed this since you opened it" in words(conflict)
    again = filled(conflict)
    assert again["capacity"] == "20"
    assert (await olof.post(SETUP, data=again)).status_code == 303
    assert (await setup(server)).capacity == 20
    assert (await (await sign_in(server, "moderator")).get(SETUP)).status_code == 403
