"""What people are asked when they register, and how what does not fit is told."""

from summit.core.texts import Texts
from summit.registration.setup import Category
from tests.registration.registering import (
    ALL,
    ANSWERS,
    CONSENTS,
    ME,
    PARTNER,
    QUESTIONS,
    REGISTER,
    SENT,
    STAFF,
    fill_in,
    goes_to,
    one,
    problems,
    registrations,
    set_up,
    value,
)
from tests.support.arranging import publish, sign_in
from tests.support.clocks import NOW
from tests.support.pages import soup, words
from tests.support.servers import Server


async def test_what_is_asked_is_answered_or_said_at_the_field(server: Server) -> None:
    await publish(server)
    await set_up(server, categories=[ALL, PARTNER, STAFF], questions=QUESTIONS, consents=CONSENTS)
    browser = await server.client()
    empty = await browser.post(REGISTER, data={"answer.people": "many", "answer.why": "x" * 2001, "needs": "n" * 1001})
    assert empty.status_code == 422
    assert one(empty, "title").get_text().startswith("Error:")
    assert list(problems(empty)) == [
        "name",
        "email",
        "answer.why",
        "answer.food",
        "answer.days",
        "answer.first",
        "answer.people",
        "needs",
        "consent.rules",
    ]
    assert problems(empty)["answer.people"] == "How many are you? – Enter a number, in digits."
    assert value(empty, "[name='answer.people']") == "many"
    assert len(one(empty, "[name='answer.why']").get_text()) == 2001
    assert soup(empty).find(id="answer.org") is None
    wrong = await fill_in(browser, answer__food="meat", answer__days=["monday"], answer__first="perhaps")
    assert {"answer.food", "answer.days", "answer.first"} <= problems(wrong).keys()
    kept = await browser.post(REGISTER, data=ANSWERS)
    days = soup(kept).select("[name='answer.days'][checked]")
    assert [box["value"] for box in days] == ["tuesday", "wednesday"]
    assert value(kept, "[name='answer.food'][checked]") == "veg"
    assert one(kept, ".consent a[href='https://example.org/coc']")
    assert one(kept, "[id='consent.list-text']").get_text(" ", strip=True) == "Put me on the list. Others see it."


async def test_answers_needs_and_consents_are_kept_with_the_version_of_their_wording(server: Server) -> None:
    await publish(server)
    await set_up(server, categories=[ALL, PARTNER], questions=QUESTIONS, consents=CONSENTS)
    browser = await sign_in(server, None, "Bo Known")
    fields = {"name": "Bo", "answer.org": "Not asked", "answer.zodiac": "Leo", "needs": "Captions", "shares_needs": "1"}
    done = await browser.post(REGISTER, data=fields | ANSWERS | {"consent.rules": "1", "consent.list": "1"})
    assert goes_to(done) == (303, ME)
    (made,) = await registrations(server)
    assert made.answers == {"why": "Curiosity.", "food": "veg", "days": ["tuesday", "wednesday"], "first": "yes"} | {
        "people": 2.5
    }
    assert (made.needs, made.shares_needs) == ("Captions", True)
    assert [(given["key"], given["version"], given["at"]) for given in made.consents] == [
        ("rules", 1, NOW.isoformat()),
        ("list", 3, NOW.isoformat()),
    ]


async def test_an_invitation_code_opens_its_category(server: Server) -> None:
    await publish(server)
    await set_up(server, categories=[ALL, PARTNER, STAFF], questions=QUESTIONS[:1])
    browser = await sign_in(server, None, "Bo Known")
    assert soup(await browser.get(REGISTER)).find(id="answer.org") is None
    for code in ("", "fjord 27"):
        refused = await fill_in(browser, "Bo", "other@example.org", category="partner", code=code)
        assert (refused.status_code, list(problems(refused))) == (422, ["code"])
    assert "code" in problems(await browser.get(f"{REGISTER}?code=nonsense"))
    page = await browser.get(f"{REGISTER}?code=FJORD%20%2026")
    assert [radio["value"] for radio in soup(page).select("[name=category]")] == ["participant", "partner"]
    assert value(page, "[name=category][checked]") == "partner"
    assert "Only for: Partner." in one(page, "[id='answer.org-hint']").get_text()
    code = value(page, "input[type=hidden][name=code]")
    missing = await fill_in(browser, "Bo", "", category="partner", code=code)
    assert list(problems(missing)) == ["answer.org"]
    done = await fill_in(browser, "Bo", "", category="partner", code=code, answer__org="Fjord AB")
    assert goes_to(done) == (303, ME)
    (made,) = await registrations(server)
    assert (made.category, made.answers) == ("partner", {"org": "Fjord AB"})


async def test_where_all_need_an_invitation_the_page_asks_for_it_first(server: Server) -> None:
    await publish(server)
    await set_up(server, categories=[PARTNER, STAFF])
    browser = await server.client()
    page = await browser.get(REGISTER)
    assert "Registration is by invitation." in words(page)
    assert soup(page).find(id="name") is None
    assert list(problems(await fill_in(browser))) == ["code"]
    assert soup(await browser.get(f"{REGISTER}?code=fjord%2026")).find(id="name") is not None
    assert goes_to(await fill_in(browser, code="fjord 26")) == (303, SENT)


async def test_a_category_that_is_full_is_marked(server: Server) -> None:
    await publish(server)
    press = Category(key="press", name=Texts(en="Press"), capacity=0)
    await set_up(server, categories=[ALL, press])
    page = await (await server.client()).get(REGISTER)
    assert "Press – waiting list" in words(page)
    assert "All seats are taken" not in words(page)
    assert list(problems(await fill_in(await server.client()))) == ["category"]


async def test_codes_cannot_be_guessed_without_end(server: Server) -> None:
    await publish(server)
    await set_up(server, categories=[ALL, PARTNER])
    browser = await server.client()
    statuses = [(await browser.get(f"{REGISTER}?code=guess{n}")).status_code for n in range(31)]
    assert statuses == [200] * 30 + [429]
    assert (await browser.get(f"{REGISTER}?code=fjord+26")).status_code == 200
