"""People in a room whose lines break and come back, and who are never to see what is not for them."""

import asyncio
import json
import re
from collections.abc import Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from websockets.exceptions import InvalidStatus

from tests.live.arranging import Guest, Venue
from tests.live.client import SEQUENCED, Message, Window
from tests.live.model import Model, Room
from tests.live.model_polls import ballots_as_labels, seen_poll
from tests.live.model_questions import Person
from tests.support.servers import Server

TOKEN = re.compile(r"tu\d+u")
"""No id looks like that."""
PATIENCE = 8.0
SURVEYED = (("moderate", "place"), ("poll", "create"), ("poll", "edit"))
"""After these, the model has to be told ids or ranks that the server has given."""


@dataclass(eq=False)
class Line:
    """One place of somebody's in the room: window after window. `lost` is the last one, where it broke."""

    guest: Guest
    person: Person
    at_desk: bool = False
    as_participant: bool = False
    is_next_door: bool = False
    window: Window | None = None
    lost: Window | None = None
    before: list[Message] = field(default_factory=list)
    scanned: int = 0

    @property
    def heard(self) -> list[Message]:
        """All that came over all windows."""
        return self.before + (self.window.heard if self.window else [])

    def new(self) -> list[Message]:
        """What came since this was asked last."""
        heard = self.heard
        found, self.scanned = heard[self.scanned :], len(heard)
        return found


class Company:
    """Three participants and two moderators, one of them at the desk and in the room, and one person also next door."""

    def __init__(self, server: Server, venue: Venue, lines: list[Line], model: Model, stack: AsyncExitStack) -> None:
        self.server, self.venue, self.lines, self.model, self._stack = server, venue, lines, model, stack
        self.told: dict[str, set[str]] = {line.person.id: set() for line in lines}
        self.desk = [line for line in lines if line.at_desk]

    @property
    def room(self) -> Room:
        """What the room has to be."""
        return self.model.room

    @property
    def open(self) -> list[Line]:
        """The lines that stand, of this room."""
        return [line for line in self.lines if line.window and not line.is_next_door]

    async def enter(self) -> None:
        """Opens all windows."""
        for line in self.lines:
            await self.come_back(line)

    async def carry_out(self, line: Line, message: Message) -> Message:
        """Sends a message, and demands the answer that the model has for it."""
        [answer] = await self.carry_out_together([(line, message)])
        return answer

    async def carry_out_together(self, messages: list[tuple[Line, Message]]) -> list[Message]:
        """Sends several at the same time, of which none changes what another one comes to."""
        answers = await asyncio.gather(*(_do(line, message) for line, message in messages))
        for (line, message), answer in zip(messages, answers, strict=True):
            self.told[line.person.id] |= self._tokens(message)
            await self._check(line, message, answer)
        await self.look_around()
        return list(answers)

    async def cut_off(self, line: Line, message: Message, *, resumes: bool) -> None:
        """Sends a message over a line that breaks at once, and sends it again when it is back."""
        assert line.window is not None
        await line.window.send(message["type"], **_fields(message))
        await self.break_off(line, rudely=True)
        await self.come_back(line, resumes=resumes, quietly=False)
        await self.carry_out(line, message)

    async def _check(self, line: Line, message: Message, answer: Message) -> None:
        seen: Message = {}
        if (message["type"], message.get("action")) in SURVEYED and answer["type"] == "ack":
            seen = await self.survey()
        self.model.check(line.person, message, answer, self.server.clock(), seen)

    async def survey(self) -> Message:
        """What a moderator sees who comes in now."""
        async with self.desk[0].guest.window() as fresh:
            snapshot: Message = fresh.hello["snapshot"]
            return snapshot

    async def break_off(self, line: Line, *, rudely: bool) -> None:
        """The connection is closed, or breaks without a word."""
        assert line.window is not None
        if rudely:
            line.window.connection.transport.abort()
        await line.window.close()
        _lose(line)

    async def come_back(self, line: Line, *, resumes: bool = True, quietly: bool = True) -> None:
        """Opens a window again, which goes on where the last one was, or begins anew. Who was removed is refused.

        Where it is quiet, nothing happens meanwhile, and what comes first is as of now: nothing that was taken away.
        """
        options: dict[str, Any] = {"as_participant": line.as_participant}
        if resumes and line.lost:
            options["resuming"] = line.lost
        opening = line.guest.window(**options)
        if self.is_out(line):
            with _refused():
                await self._stack.enter_async_context(opening)
            return
        line.window = window = await self._stack.enter_async_context(opening)
        await window.until(lambda: window.seq >= window.hello["seq"])
        if quietly and not line.at_desk:
            texts = set(TOKEN.findall(json.dumps(window.heard)))
            assert texts <= self._visible(line) | self._names(), "a past that is no more"

    def is_out(self, line: Line) -> bool:
        """Whether the moderators have shown the person out there."""
        removed = self.room.removed(line.person)
        return any(one.everywhere for one in removed) if line.is_next_door else bool(removed)

    async def look_around(self) -> None:
        """Whoever was removed is out; nobody has heard what is not for them."""
        for line in self.lines:
            if line.window and self.is_out(line):
                assert await line.window.closed(PATIENCE) == 4403
                _lose(line)
        for line in self.lines:
            told = self.told[line.person.id]
            told |= self._visible(line)
            told |= self._tokens([one.reason for one in self.room.sanctions if one.person == line.person])
            if line.at_desk:
                told |= self._tokens(self.room.view_of(line.person, at_desk=True)) | self._names(moderators=True)
        for line in self.lines:
            heard = line.new()
            may_hear = self.told[line.person.id] if not line.is_next_door else self._visible(line)
            assert self._tokens(heard) <= may_hear, (line.person.name, self._tokens(heard) - may_hear, heard)

    def _visible(self, line: Line) -> set[str]:
        """What that line may show at this moment."""
        own = {line.person.id, *TOKEN.findall(line.person.name)}
        if line.is_next_door:
            reasons = [one.reason for one in self.room.sanctions if one.person == line.person and one.everywhere]
            return own | self._tokens([self.room.next_door, reasons])
        return own | self._tokens(self.room.view_of(line.person, at_desk=False))

    def _names(self, *, moderators: bool = False) -> set[str]:
        """The names and ids of everybody, or of the moderators."""
        people = [one for one in self.room.here.values() if one.moderates or not moderators]
        return {token for one in people for token in (one.id, *TOKEN.findall(one.name))}

    def _tokens(self, things: Any) -> set[str]:
        """Which texts and ids are in there that not everybody may see."""
        text = json.dumps(things, default=list)
        ids = {*self.room.here, *self.room.questions, *self.room.polls, *self.room.chat}
        return {*TOKEN.findall(text)} | {id for id in ids if id in text}

    async def agree(self) -> None:
        """All come back; what they see then is what the model says, and so it is for whoever comes in now."""
        for line in self.lines:
            if line.window is None:
                await self.come_back(line)
        standing = self.open
        fresh = [Line(line.guest, line.person, line.at_desk, line.as_participant) for line in standing]
        for line in fresh:
            await self.come_back(line, resumes=False)
        replayed = [Line(line.guest, line.person, line.at_desk, line.as_participant) for line in standing]
        for line in replayed:
            opening = line.guest.window(after=0, as_participant=line.as_participant)
            line.window = await self._stack.enter_async_context(opening)
        for line in (*standing, *fresh, *replayed):
            await self._agrees(line)
        for at_desk in (False, True):
            await _have_the_same_seq([line for line in (*standing, *fresh, *replayed) if line.at_desk == at_desk])
        await self.look_around()
        for line in self.lines:
            has_no_gap(line.heard)
            if line.is_next_door and line.window:
                await self._agrees_next_door(line.window)
        for line in (*fresh, *replayed):
            assert line.window is not None
            await line.window.close()

    async def _agrees(self, line: Line) -> None:
        window, room = line.window, self.room
        assert window is not None
        expected = _comparable(room.view_of(line.person, at_desk=line.at_desk))

        def seen() -> Message:
            return _comparable(seen_in(window, room, at_desk=line.at_desk))

        try:
            await window.until(lambda: seen() == expected, PATIENCE)
        except AssertionError:
            there = seen()
            wrong = {name: (there[name], expected[name]) for name in expected if there[name] != expected[name]}
            raise AssertionError(f"{line.person.name} sees, and should see: {wrong}") from None

    async def _agrees_next_door(self, window: Window) -> None:

        def said() -> list[str]:
            return [one["text"] for one in window.announcements.values()]

        await window.until(lambda: said() == self.room.next_door, PATIENCE)
        assert window.questions == {}


async def _have_the_same_seq(lines: list[Line]) -> None:
    windows = [line.window for line in lines if line.window]

    def all_same() -> bool:
        return len({window.seq for window in windows}) < 2

    for window in windows:
        await window.until(all_same, PATIENCE)


def seen_in(window: Window, room: Room, *, at_desk: bool) -> Message:
    """The window's picture in the model's words."""
    picture = window.picture
    common = {
        "session": {name: picture.session[name] for name in room.session},
        "questions": picture.questions,
        "polls": {id: seen_poll(poll, at_desk=at_desk) for id, poll in picture.polls.items()},
        "announcements": _without_id(picture.announcements),
        "reactions": picture.reactions,
        "hands_up": picture.hands_up,
        "mine": {
            "questions": picture.mine.questions,
            "votes": picture.mine.votes,
            "ballots": ballots_as_labels(picture.mine.ballots, room.polls.values()),
            "hand": picture.mine.hand,
            "muted": picture.mine.muted,
            "mute_reason": picture.mine.mute_reason,
        },
    }
    if not at_desk:
        assert not [*picture.hands, *picture.sanctions, *picture.chat, *picture.desk]
        return common
    sanctions = {id: one for id, one in picture.sanctions.items() if not one["lifted"]}
    lifted = {id: {name: value for name, value in one.items() if name != "lifted"} for id, one in sanctions.items()}
    return common | {"hands": picture.hands, "sanctions": _without_id(lifted), "chat": _without_id(picture.chat)}


def has_no_gap(heard: Iterable[Message]) -> None:
    """Each event's number follows the one before, over all connections."""
    seq: int | None = None
    for message in heard:
        if message["type"] == "hello" and message["snapshot"] is not None:
            seq = message["seq"]
        elif message["type"] in SEQUENCED:
            assert seq is not None
            seq += 1
            assert message["seq"] == seq


def _comparable(view: Message) -> Message:
    """Votes of one's own question are news only while everybody sees it."""
    own = view["mine"]["questions"]
    kept = {
        id: one if id in view["questions"] else {name: value for name, value in one.items() if name != "votes"}
        for id, one in own.items()
    }
    return view | {"mine": view["mine"] | {"questions": kept}}


def _without_id(things: dict[str, Message]) -> dict[str, Message]:
    return {id: {name: value for name, value in one.items() if name != "id"} for id, one in things.items()}


def _fields(message: Message) -> Message:
    return {name: value for name, value in message.items() if name != "type"}


async def _do(line: Line, message: Message) -> Message:
    assert line.window is not None
    return await line.window.do(message["type"], **_fields(message))


def _lose(line: Line) -> None:
    assert line.window is not None
    line.before += line.window.heard
    line.lost, line.window = line.window, None


class _refused:
    """Demands that the door stays shut."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        assert isinstance(error, InvalidStatus), "who was removed came in"
        assert error.response.status_code == 403
        return True


async def gather_company(server: Server, venue: Venue, stack: AsyncExitStack, *, names: bool) -> Company:
    """Everybody at their place."""
    guests = await venue.guests([f"{name} tu{n}u" for n, name in enumerate(("Ada", "Bo", "Cy"), 1)])
    moderators = await venue.guests([f"{name} tu{n}u" for n, name in enumerate(("Dag", "Eva"), 4)], "moderator")
    people = {guest.id: Person(guest.id, guest.name) for guest in guests}
    people |= {guest.id: Person(guest.id, guest.name, moderates=True) for guest in moderators}
    ada, bo, cy, dag, eva = (*guests, *moderators)
    next_door = Guest(cy.id, cy.name, cy.cookie, cy.socket.replace(venue.code, "NEXT02"))
    lines = [
        *(Line(guest, people[guest.id]) for guest in (ada, ada, bo, cy)),
        Line(next_door, people[cy.id], is_next_door=True),
        *(Line(guest, people[guest.id], at_desk=True) for guest in (dag, eva)),
        Line(dag, people[dag.id], as_participant=True),
    ]
    company = Company(server, venue, lines, Model(Room(people, venue.code, names)), stack)
    await company.enter()
    return company
