"""What a participant without JavaScript finds in the room besides asking: all by links and plain forms."""

import pytest
from bs4 import Tag

from tests.live.arranging import Room
from tests.live.polling import make_poll
from tests.live.test_room_forms import browser_of, form_at
from tests.support.pages import soup, words


def card(page: object, question: str) -> Tag | None:
    """The question's item in the list of a page."""
    found = soup(page).find("li", id=f"q-{question}")  # type: ignore[arg-type]
    return found if isinstance(found, Tag) else None


def text_of(tag: Tag) -> str:
    """What somebody sees of it."""
    shown = [part for part in tag.find_all(string=True) if not part.find_parents(attrs={"hidden": True})]
    return " ".join(" ".join(shown).split())


def tag(page: object, name: str, /, **attributes: str) -> Tag:
    """The one with these attributes."""
    found = soup(page).find(name, attrs=attributes)  # type: ignore[arg-type]
    assert isinstance(found, Tag), (name, attributes)
    return found


async def test_a_waiting_question_is_put_right_at_its_own_form(room: Room) -> None:
    browser = await browser_of(room.venue, room.guests["ada"])
    question = await room.ada.ask("Whn?")
    plain = card(await browser.get(room.venue.page), question)
    assert plain is not None
    link = plain.find("a", string=lambda text: text is not None and "Edit" in text) or plain.select_one("[data-edit]")
    assert isinstance(link, Tag)
    page = await browser.get(str(link["href"]).split("#")[0])
    assert tag(page, "textarea", id=f"edit-{question}").get_text() == "Whn?"
    action = f"{room.venue.page}/questions/{question}/edit"
    fields = form_at(page, action)
    refused = await browser.post(action, data=fields | {"text": " "})
    assert refused.status_code == 422
    assert tag(refused, "textarea", id=f"edit-{question}")["aria-invalid"] == "true"
    assert f"#edit-{question}" in {link["href"] for link in tag(refused, "div", role="alert").find_all("a")}
    assert (await browser.post(action, data=fields | {"text": "When?", "ref": "2"})).status_code == 303
    await room.chair.until(lambda: room.chair.questions[question]["text"] == "When?")
    await room.chair.moderate(question, "approve")
    late = await browser.post(action, data=fields | {"text": "When, then?", "ref": "3"})
    assert late.status_code == 409
    assert "When, then?" in words(late), "what was typed is lost"


async def test_my_questions_say_what_has_become_of_each(room: Room) -> None:
    browser = await browser_of(room.venue, room.guests["ada"])
    kept = await room.ask_openly("Kept?")
    fates = {
        fate: await room.ada.ask(f"To be {fate}?")
        for fate in ("waiting", "withdrawn", "dismissed", "merged", "written")
    }
    await room.ada.succeed("withdraw", question=fates["withdrawn"])
    await room.chair.moderate(fates["dismissed"], "dismiss")
    await room.chair.moderate(fates["dismissed"], "note", text="Ask at the desk.")
    await room.chair.moderate(fates["merged"], "merge", into=kept)
    await room.chair.moderate(fates["written"], "approve")
    await room.chair.moderate(fates["written"], "reply", text="At nine.")
    page = await browser.get(f"{room.venue.page}?sort=mine")
    said = {
        kept: "In the room",
        fates["waiting"]: "Waiting for the moderator",
        fates["withdrawn"]: "Withdrawn",
        fates["dismissed"]: "A moderator wrote to you: Ask at the desk.",
        fates["merged"]: "Merged into another one",
        fates["written"]: "Answered in writing",
    }
    for question, text in said.items():
        own = card(page, question)
        assert own is not None
        assert text in text_of(own)
    written = card(page, fates["written"])
    assert written is not None
    assert "Answer from the speakers At nine." in text_of(written)
    other = words(await (await browser_of(room.venue, room.guests["bo"])).get(f"{room.venue.page}?sort=mine"))
    assert "You have asked nothing yet." in other
    assert "Ask at the desk." not in other


async def test_a_link_to_a_merged_question_leads_to_the_one_that_it_was_merged_into(room: Room) -> None:
    target, source, first = [await room.ask_openly(text) for text in ("What does it cost?", "How much?", "Price?")]
    await room.chair.moderate(first, "merge", into=source)
    await room.chair.moderate(source, "merge", into=target)
    for guest in ("ada", "bo"):
        page = await (await browser_of(room.venue, room.guests[guest])).get(room.venue.page)
        item = card(page, target)
        assert item is not None
        assert {str(found["id"]) for found in item.select("span[id^=q-]")} == {f"q-{source}", f"q-{first}"}
        assert card(page, source) is None
    mine = card(await (await browser_of(room.venue, room.guests["ada"])).get(f"{room.venue.page}?sort=mine"), source)
    assert mine is not None
    assert f"{room.venue.page}#q-{target}" in {link["href"] for link in mine.find_all("a")}


@pytest.mark.parametrize("typed", ["ÅSA", "asa", "  vem betalar ", "betalar VEM"])
async def test_searching_forgives_case_diacritics_and_order(room: Room, typed: str) -> None:
    wanted = await room.ask_openly("Vem betalar Åsa?")
    other = await room.ask_openly("When do we eat?")
    browser = await browser_of(room.venue, room.guests["bo"])
    page = await browser.get(room.venue.page, params={"q": typed, "sort": "new"})
    assert card(page, wanted) is not None
    assert card(page, other) is None
    assert "1 question has these words." in words(page)
    voted = await browser.post(
        f"{room.venue.page}/questions/{wanted}/vote", data=form_at(page, f"{room.venue.page}/questions/{wanted}/vote")
    )
    assert "q=" in voted.headers["location"], "the search is lost with a vote"


async def test_reactions_and_a_hand_by_form_are_seen_in_every_window(room: Room) -> None:
    browser = await browser_of(room.venue, room.guests["bo"])
    reactions, hand = f"{room.venue.page}/reactions", f"{room.venue.page}/hand"
    for reaction in ("clap", "clap", "idea"):
        assert (await browser.post(reactions, data={"reaction": reaction})).status_code == 303
    assert (await browser.post(reactions, data={"reaction": "yawn"})).status_code == 422
    await room.ada.hear(lambda m: m["type"] == "tally" and m.get("reactions") == {"clap": 2, "idea": 1})
    for on, pressed, up in (("1", "true", 1), ("0", "false", 0)):
        assert (await browser.post(hand, data={"on": on})).status_code == 303
        await room.ada.hear(lambda m, up=up: m["type"] == "tally" and m.get("hands") == up)  # type: ignore[misc]
        page = await browser.get(room.venue.page)
        form = tag(page, "form", action=hand)
        button = form.find("button")
        assert isinstance(button, Tag)
        assert button["aria-pressed"] == pressed
        assert ("1 hand up" in text_of(form)) == bool(up)
    assert text_of(tag(page, "button", value="clap")) == "Applause 2"
    stranger = await browser_of(room.venue, await room.venue.guest("Stranger", role=None))
    assert (await stranger.post(hand, data={"on": "1"})).status_code == 403


async def test_whoever_is_muted_reads_so_in_place_of_the_form(room: Room) -> None:
    browser = await browser_of(room.venue, room.guests["ada"])
    await room.chair.succeed("sanction", person=room.guests["ada"].id, action="mute", reason="Too loud")
    page = await browser.get(room.venue.page)
    form = tag(page, "form", action=f"{room.venue.page}/questions")
    assert form.has_attr("hidden")
    assert "The moderators have muted you here." in text_of(tag(page, "div", **{"class": "dock"}))
    refused = await browser.post(f"{room.venue.page}/questions", data={"text": "But why?", "ref": "1"})
    assert refused.status_code == 403
    assert "Too loud" in words(refused)
    assert "But why?" in text_of(tag(refused, "div", **{"class": "dock"}))
    assert (await browser.post(f"{room.venue.page}/reactions", data={"reaction": "clap"})).status_code == 403
    await room.chair.succeed("sanction", person=room.guests["ada"].id, action="unmute")
    form = tag(await browser.get(room.venue.page), "form", action=f"{room.venue.page}/questions")
    assert not form.has_attr("hidden")


async def test_closed_voting_and_slow_mode_are_said(room: Room) -> None:
    question = await room.ask_openly()
    await room.chair.succeed("session", voting="closed", slow=90)
    page = await (await browser_of(room.venue, room.guests["bo"])).get(room.venue.page)
    item = card(page, question)
    assert item is not None
    button = item.select_one(".vote")
    assert button is not None
    assert button.has_attr("disabled")
    assert "Voting is closed right now." in text_of(tag(page, "section", id="questions"))
    assert "Slow mode: one question every 90 seconds." in text_of(tag(page, "div", **{"class": "dock"}))


async def test_a_page_that_refreshes_itself_takes_nothing_that_is_typed(room: Room) -> None:
    question = await room.ask_openly()
    await make_poll(room, title="How did you come?")
    browser = await browser_of(room.venue, room.guests["bo"])
    assert f"{room.venue.page}?follow=1#questions" in (await browser.get(room.venue.page)).text
    page = await browser.get(f"{room.venue.page}?follow=1")
    refresh = tag(page, "meta", **{"http-equiv": "refresh"})
    assert refresh.parent is not None
    assert refresh.parent.name == "noscript", "with scripts the page keeps itself fresh"
    assert not soup(page).select("textarea:not(template *)")
    assert not soup(page).select("input[type=search]")
    stops = [link["href"] for link in soup(page).find_all("a") if "Stop refreshing" in link.get_text()]
    assert f"{room.venue.page}#text" in stops
    voted = await browser.post(
        f"{room.venue.page}/questions/{question}/vote",
        data=form_at(page, f"{room.venue.page}/questions/{question}/vote") | {"on": "1"},
    )
    assert voted.headers["location"] == f"{room.venue.page}?follow=1#q-{question}"


async def test_an_open_poll_is_offered_until_it_is_answered(room: Room) -> None:
    poll = await make_poll(room, title="How did you come?")
    browser = await browser_of(room.venue, room.guests["bo"])
    page = await browser.get(room.venue.page)
    notice = tag(page, "p", **{"data-poll-notice": ""})
    assert "A poll is open: How did you come?" in text_of(notice)
    choice = tag(page, "input", name="choice")["value"]
    assert (await browser.post(f"{room.venue.page}/polls/{poll}", data={"choice": choice})).status_code == 303
    assert tag(await browser.get(room.venue.page), "p", **{"data-poll-notice": ""}).has_attr("hidden")
