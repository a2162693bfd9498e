"""Blocked words: a question with one always waits, with a mark, and never goes silently away."""

import pytest

from summit.live.blocked import blocked_in
from summit.live.models import LiveRules
from tests.live.arranging import Room
from tests.live.seeing import has_asked, sees

WORDS = ["idiot", "får", "hell", "Skit prat", "c++", "🖕"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("You IDIOT!", ["idiot"]),
        ("ＩＤＩＯＴ", ["idiot"]),
        ("an i.d.i.o.t, I D I O T or i-d-i-o-t", ["idiot"]),
        ("1d10t", ["idiot"]),
        ("idiooooot", ["idiot"]),
        ("i\u200bd\u0332iot", ["idiot"]),
        ("FÅR, fa\u030ar", ["får"]),
        ("skit-prat och skit  prat", ["Skit prat"]),
        ("c++?", ["c++"]),
        ("hej🖕du", ["🖕"]),
        ("he11 is 4 får", ["får", "hell"]),
        ("ïdiot, idíot, ıdıot", ["idiot"]),
        ("\u0456diot", ["idiot"]),
        ("f\u0430\u030ar", ["får"]),
        ("\u03b9di\u03bft", ["idiot"]),
        ("id.iot", ["idiot"]),
        ("idi-ot", ["idiot"]),
        ("id\u3164io\u2800t \U0001f178\U0001f173\U0001f178\U0001f17e\U0001f183", ["idiot"]),
        ("hel-l", ["hell"]),
    ],
)
def test_it_is_found_in_any_dress(text: str, found: list[str]) -> None:
    assert blocked_in(text, WORDS) == found


@pytest.mark.parametrize(
    "text",
    [
        "far",
        "fär",
        "fár",
        "för",
        "idiots",
        "idiotic",
        "shell",
        "she'll say he'll",
        "skit",
        "1107",
        "c",
        "idio",
        "",
        "vid iot",
    ],
)
def test_nothing_else_is(text: str) -> None:
    assert blocked_in(text, WORDS) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("idiot", ["idiot*"]),
        ("IDIOTERNA, id-ioter", ["idiot*"]),
        ("skit prat", []),
        ("skitpratet", ["skitprat*"]),
        ("a superidiot", []),
        ("2 * 3", ["*"]),
    ],
)
def test_a_star_takes_all_words_that_begin_so(text: str, found: list[str]) -> None:
    assert blocked_in(text, ["idiot*", "skitprat*", "*"]) == found


def test_words_of_other_scripts_are_found_in_their_own() -> None:
    assert blocked_in("ДУРАК и дурак", ["дурак"]) == ["дурак"]
    assert blocked_in("\u0e44\u0e2d\u0e49\u0e1a\u0e49\u0e32", ["\u0e44\u0e2d\u0e1a\u0e32"]) == []
    assert blocked_in("Βλάκας, ΒΛΑΚΑΣ", ["βλάκας"]) == ["βλάκας"]


def test_long_texts_take_no_time() -> None:
    assert blocked_in("1" * 500, ["ililililil", "llilli"]) == []
    assert blocked_in("a@" * 250, ["a a a a a", "aaaab"]) == []
    assert blocked_in("i.d" * 160, ["iddi", "idi*", "i d i d"]) == ["idi*"]
    assert blocked_in("l l " * 125, [f"l{n}" for n in range(2, 300)]) == []


async def block(room: Room, *words: str) -> None:
    async with room.venue.site.db.writer() as db:
        db.add(LiveRules(summit_id=room.venue.summit_id, blocked_words=list(words), replies=[]))


async def test_a_question_with_one_waits_with_a_mark_whatever_the_moderation(room: Room) -> None:
    await block(room, "idiot", "far")
    await room.chair.succeed("session", moderation="after")
    marked, clean = await room.ada.ask("Who is the 1d10t?"), await room.ada.ask("Who is it?")
    await sees(room.bo, clean, state="open")
    await sees(room.chair, marked, state="waiting", marks=["idiot"])
    await sees(room.chair, clean, marks=[])
    await has_asked(room.ada, marked, state="waiting")
    assert marked not in room.bo.questions
    await room.chair.moderate(marked, "approve")
    await sees(room.bo, marked, state="open")
    assert "marks" not in str(room.bo.heard) + str(room.ada.heard)


async def test_the_mark_follows_the_text(room: Room) -> None:
    await block(room, "idiot")
    question = await room.ada.ask("Who is it?")
    await room.ada.succeed("edit", question=question, text="Who is the idiot?")
    await sees(room.chair, question, marks=["idiot"])
    await room.ada.succeed("edit", question=question, text="Who is it then?")
    await sees(room.chair, question, marks=[])
    await room.chair.moderate(question, "edit", text="Which idiot?")
    await sees(room.chair, question, marks=["idiot"])
    await room.chair.moderate(question, "undo")
    await sees(room.chair, question, marks=[], text="Who is it then?")
    assert room.chair.questions[question]["state"] == "waiting"


async def test_put_right_in_a_room_without_moderation_it_still_waits_for_a_moderator(room: Room) -> None:
    await block(room, "idiot")
    await room.chair.succeed("session", moderation="after")
    question = await room.ada.ask("Which idiot?")
    await room.ada.succeed("edit", question=question, text="Which one?")
    await sees(room.chair, question, state="waiting", marks=[], text="Which one?")
    assert question not in room.bo.questions


async def test_a_name_that_is_shown_counts_too(room: Room) -> None:
    await block(room, "ada*", "far")
    await room.chair.succeed("session", moderation="after")
    named, nameless = await room.ada.ask("Who is it?"), await room.ada.ask("Who?", anonymous=True)
    await sees(room.chair, named, state="waiting", marks=["ada*"])
    await sees(room.bo, nameless, state="open")
    await room.ada.succeed("edit", question=named, text="Who is my far?")
    await sees(room.chair, named, marks=["ada*", "far"])
    await room.chair.moderate(named, "edit", text="Who is it then?")
    await sees(room.chair, named, marks=["ada*"])
