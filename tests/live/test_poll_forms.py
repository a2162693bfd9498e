"""Polls without JavaScript: plain forms do the same, in the room and on the desk."""

from typing import Any

import httpx2
import pytest
from bs4 import Tag

from tests.live.arranging import Room
from tests.live.polling import CHOICES, ballots_in, conduct, ids, make_poll, polls_in, results_in, words_in
from tests.live.test_room_forms import browser_of
from tests.support.pages import soup, words

NEW = {"title": "How did you come?", "kind": "one", "choices": "Train\nBus\n\nBike", "most": "", "low": "", "high": ""}


def poll_on(page: httpx2.Response, poll: str) -> Tag:
    """The poll's own part of a page."""
    found = soup(page).find(id=f"poll-{poll}")
    assert isinstance(found, Tag), "the poll is not on the page"
    return found


def pressed(part: Tag, **chosen: str) -> dict[str, Any]:
    """What a browser sends of the poll's form as it stands, with what is chosen on top."""
    form = part.find("form")
    assert isinstance(form, Tag)
    sent: dict[str, Any] = {}
    for field in form.find_all(["input", "select"]):
        if field.name == "select":
            option = field.find("option", selected=True)
            sent[str(field["name"])] = str(option["value"]) if isinstance(option, Tag) else ""
        elif field.get("type") not in ("radio", "checkbox") or field.has_attr("checked"):
            sent.setdefault(str(field["name"]), []).append(str(field.get("value", "")))
    return sent | chosen


async def test_a_choice_by_form_is_counted_and_marked(room: Room) -> None:
    poll = await make_poll(room, then=("open", "show"))
    browser = await browser_of(room.venue, room.guests["bo"])
    action = f"{room.venue.page}/polls/{poll}"
    bus, bike = ids(room.bo, poll, "Bus", "Bike")
    for choice, label in ((bus, "Bus"), (bike, "Bike")):
        answer = await browser.post(action, data={"choice": choice})
        assert answer.status_code == 303
        assert answer.headers["location"] == f"{room.venue.page}#poll-{poll}"
        await room.ada.until(lambda label=label: results_in(polls_in(room.ada)[poll]) == {label: 1})  # type: ignore[misc]
    part = poll_on(await browser.get(room.venue.page), poll)
    [checked] = part.find_all("input", checked=True)
    assert checked["value"] == bike
    assert "Your answer is saved" in part.get_text()
    assert "1 person has answered" in " ".join(part.get_text().split())
    assert (await browser.post(action, data={"none": "1", "choice": bike})).status_code == 303
    await room.bo.until(lambda: ballots_in(room.bo) == {})


async def test_words_and_rankings_by_form_come_back_as_they_were_given(room: Room) -> None:
    browser = await browser_of(room.venue, room.guests["bo"])
    written = await make_poll(room, kind="words")
    action = f"{room.venue.page}/polls/{written}"
    assert (await browser.post(action, data={"word": ["Peace", "", "love"]})).status_code == 303
    await room.chair.until(lambda: words_in(polls_in(room.chair)[written]) == {"Peace": "waiting", "love": "waiting"})
    page = await browser.get(room.venue.page)
    assert pressed(poll_on(page, written))["word"] == ["Peace", "love", ""]
    ranked = await make_poll(room, kind="ranking")
    train, bus, bike = ids(room.bo, ranked, *CHOICES)
    places = {f"rank-{bike}": "1", f"rank-{train}": "3", f"rank-{bus}": ""}
    assert (await browser.post(f"{room.venue.page}/polls/{ranked}", data=places)).status_code == 303
    await room.bo.until(lambda: ballots_in(room.bo).get(ranked) == [bike, train])
    kept = pressed(poll_on(await browser.get(room.venue.page), ranked))
    assert {kept[f"rank-{bike}"], kept[f"rank-{train}"], kept[f"rank-{bus}"]} == {"1", "2", ""}


@pytest.mark.parametrize(
    ("kind", "sent", "wrong"),
    [
        ("one", {}, "Choose or write something first."),
        ("several", {"choice": ["Train", "Bus", "Bike"]}, "Choose at most 2."),
        ("ranking", {"rank-Bus": "1", "rank-Bike": "1"}, "Give each place once."),
        ("words", {"word": ["one", "two", "three"]}, "Write at most 2."),
    ],
)
async def test_what_does_not_fit_is_said_at_the_poll_with_all_kept(
    room: Room, kind: str, sent: dict[str, Any], wrong: str
) -> None:
    poll = await make_poll(room, kind=kind, most=2 if kind in ("several", "words") else None)
    known = {choice["label"]: choice["id"] for choice in polls_in(room.bo)[poll]["choices"]}
    sent = {
        name if name in ("choice", "word") else f"rank-{known[name[5:]]}": [known.get(v, v) for v in value]
        if isinstance(value, list)
        else value
        for name, value in sent.items()
    }
    browser = await browser_of(room.venue, room.guests["bo"])
    answer = await browser.post(f"{room.venue.page}/polls/{poll}", data=sent)
    assert answer.status_code == 422
    part = poll_on(answer, poll)
    assert wrong in part.get_text()
    kept = pressed(part)
    if kind != "words":
        assert {name: value for name, value in kept.items() if value} == sent
    assert ballots_in(room.bo) == {}


async def test_a_closed_poll_says_so(room: Room) -> None:
    poll = await make_poll(room)
    choice = ids(room.bo, poll, "Bus")
    browser = await browser_of(room.venue, room.guests["bo"])
    await conduct(room, poll, "close")
    answer = await browser.post(f"{room.venue.page}/polls/{poll}", data={"choice": choice})
    assert answer.status_code == 409
    assert "This poll is closed." in words(answer)
    assert (await browser.post(f"{room.venue.page}/polls/nosuch", data={"choice": choice})).status_code == 404
    assert (await browser.post(f"{room.venue.page}/polls/%00", data={"choice": choice})).status_code == 404


async def test_a_poll_is_prepared_conducted_and_shown_by_form(room: Room) -> None:
    desk = await browser_of(room.venue, room.guests["chair"])
    polls = f"{room.venue.desk}/polls"
    for _ in range(2):
        answer = await desk.post(polls, data=NEW | {"ref": "poll-once"})
        assert answer.status_code == 303
    [poll] = polls_in(room.chair)
    assert answer.headers["location"] == f"{room.venue.desk}#poll-{poll}"
    steps: list[tuple[dict[str, str], dict[str, Any]]] = [
        ({"action": "edit", **NEW, "kind": "several", "most": "2"}, {"kind": "several", "most": 2}),
        ({"action": "open"}, {"state": "open"}),
        ({"action": "edit", **NEW, "choices": "Rail\nBus\nBike"}, {"most": 2}),
        ({"action": "show"}, {"shown": True}),
        ({"action": "hide"}, {"shown": False}),
        ({"action": "close"}, {"state": "closed"}),
    ]
    for fields, wanted in steps:
        assert (await desk.post(f"{polls}/{poll}", data=fields)).status_code == 303, fields
        await room.chair.until(lambda wanted=wanted: polls_in(room.chair)[poll].items() >= wanted.items())  # type: ignore[misc]
    assert [choice["label"] for choice in polls_in(room.chair)[poll]["choices"]] == ["Rail", "Bus", "Bike"]
    other = await make_poll(room, then=())
    gone = await desk.post(f"{polls}/{other}", data={"action": "delete"})
    assert (gone.status_code, gone.headers["location"]) == (303, f"{room.venue.desk}#polls")


async def test_words_are_shown_and_hidden_by_form(room: Room) -> None:
    poll = await make_poll(room, kind="words", then=("open", "show"))
    await room.ada.succeed("ballot", poll=poll, choices=["peace"])
    await room.chair.until(lambda: words_in(polls_in(room.chair)[poll]) == {"peace": "waiting"})
    [word] = ids(room.chair, poll, "peace")
    desk = await browser_of(room.venue, room.guests["chair"])
    part = poll_on(await desk.get(room.venue.desk), poll)
    assert part.find("li", attrs={"data-word": word}) is not None
    for on, state in (("1", "shown"), ("0", "hidden")):
        fields = {"action": "word", "word": word, "on": on}
        assert (await desk.post(f"{room.venue.desk}/polls/{poll}", data=fields)).status_code == 303
        await room.chair.until(lambda state=state: words_in(polls_in(room.chair)[poll]) == {"peace": state})  # type: ignore[misc]


async def test_a_new_poll_that_does_not_fit_is_said_at_its_fields_with_all_kept(room: Room) -> None:
    desk = await browser_of(room.venue, room.guests["chair"])
    answer = await desk.post(f"{room.venue.desk}/polls", data=NEW | {"title": "", "choices": "Only one", "most": "x"})
    assert answer.status_code == 422
    page = soup(answer)
    field = page.find("textarea", attrs={"name": "choices", "aria-invalid": "true"})
    assert isinstance(field, Tag)
    assert field.get_text().strip() == "Only one"
    assert page.find("input", attrs={"name": "title", "aria-invalid": "true"}) is not None
    assert polls_in(room.chair) == {}
    draft = await make_poll(room, then=())
    answer = await desk.post(f"{room.venue.desk}/polls/{draft}", data={"action": "close"})
    assert answer.status_code == 409
    assert "Open it first" in words(answer)
    assert (await desk.post(f"{room.venue.desk}/polls/{draft}", data={"action": "explode"})).status_code == 422
    assert (await desk.post(f"{room.venue.desk}/polls/nosuch", data={"action": "open"})).status_code == 404


async def test_forms_of_polls_are_for_those_who_may(room: Room) -> None:
    poll = await make_poll(room)
    nobody = await room.venue.site.client()
    stranger = await browser_of(room.venue, await room.venue.guest("Stranger", role=None))
    participant = await browser_of(room.venue, room.guests["bo"])
    ballot, polls = f"{room.venue.page}/polls/{poll}", f"{room.venue.desk}/polls"
    fields = NEW | {"action": "close", "choice": ids(room.bo, poll, "Bus")[0]}
    for address in (ballot, polls, f"{polls}/{poll}"):
        assert (await nobody.post(address, data=fields)).status_code in (303, 401), address
        assert (await stranger.post(address, data=fields)).status_code == 403, address
    for address in (polls, f"{polls}/{poll}", f"{polls}/nosuch"):
        assert (await participant.post(address, data=fields)).status_code == 403, address
    async with room.guests["chair"].window() as fresh:
        [seen] = polls_in(fresh).values()
        assert (seen["state"], seen["voters"]) == ("open", 0)


async def test_markup_in_polls_stays_text(room: Room) -> None:
    strange = "<script>alert(1)</script> & <b>"
    poll = await make_poll(room, title=strange, choices=[strange, "x"], then=("open", "show"))
    for guest, path in (("bo", room.venue.page), ("chair", room.venue.desk)):
        page = await (await browser_of(room.venue, room.guests[guest])).get(path)
        assert "<script>alert(1)" not in page.text
        assert strange in " ".join(poll_on(page, poll).get_text().split())


async def test_a_ranking_shows_the_best_first_to_everybody(room: Room) -> None:
    poll = await make_poll(room, kind="ranking", then=("open", "show"), choices=["Train", "Bus", "Bike", "Boat"])
    await room.ada.succeed("ballot", poll=poll, choices=ids(room.ada, poll, "Bike", "Bus"))
    await room.bo.succeed("ballot", poll=poll, choices=ids(room.bo, poll, "Bike", "Train"))
    await room.chair.succeed("session", wall={"show": "poll", "poll": poll})
    wall = f"/{room.venue.slug}/sessions/{room.venue.code}/screen"
    for who, path in (("bo", room.venue.page), ("chair", room.venue.desk), ("chair", wall)):
        page = soup(await (await browser_of(room.venue, room.guests[who])).get(path))
        shown = [label.get_text() for label in page.select("tbody [data-part=label]") if label.get_text()]
        assert shown == ["Bike", "Train", "Bus", "Boat"], "those with the same points stay in the order of the choices"


async def test_what_was_typed_over_somebody_elses_change_is_kept_and_saved_once_it_was_seen(room: Room) -> None:
    poll = await make_poll(room, then=())
    browser = await browser_of(room.venue, room.guests["chair"])
    action = f"{room.venue.desk}/polls/{poll}"
    sent = {"action": "edit", "version": "1"} | NEW | {"title": "How did you get here?"}
    await room.chair.succeed("poll", poll=poll, action="edit", title="Which way did you come?", choices=CHOICES)
    refused = await browser.post(action, data=sent)
    assert refused.status_code == 409
    assert "Chair changed this poll" in words(refused)
    form = poll_on(refused, poll).select_one("[data-poll-edit]")
    assert form is not None
    kept = {str(field["name"]): str(field.get("value", "")) for field in form.find_all("input")}
    assert kept["title"] == "How did you get here?"
    assert (await browser.post(action, data=sent | {"version": kept["version"]})).status_code == 303
    await room.chair.until(lambda: polls_in(room.chair)[poll]["title"] == "How did you get here?")
    assert (await browser.post(action, data=sent | {"version": "9" * 5000})).status_code == 422
