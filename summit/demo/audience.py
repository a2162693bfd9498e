"""The demo's simulated people: they come in by the same doors as everybody, ask and vote; a few of them moderate."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from random import Random
from typing import Any

import uvicorn
from starlette.responses import Response
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from summit.core.clock import system_clock
from summit.core.db import Database
from summit.core.ids import new_id
from summit.core.secrets import signing_key
from summit.core.security import Cookies
from summit.demo.words import CHAIRS, NAMES, OPENERS, QUESTIONS
from summit.live.protocol import SUBPROTOCOL
from summit.people.entering import enter_as
from summit.people.identity import COOKIE, COOKIE_SECONDS
from summit.people.models import Person, Role
from summit.people.roles import grant
from summit.people.sign_in import new_device
from summit.programme.published import published
from summit.programme.values import Session
from summit.settings import Settings

_BROWSER = "Simulated"
_PEOPLE_A_QUESTION = 12
"""So many questions are asked at once as one in this number of people would."""


@dataclass(frozen=True)
class Member:
    """One simulated person: the cookie they come with and the room they are in."""

    cookie: str
    path: str
    language: str
    role: Role


async def gather(db: Database, settings: Settings, slug: str, count: int) -> list[Member]:
    """Makes so many people, spread over the sessions that are on now, and a moderator for each of these."""
    if not count:
        return []
    async with db.reader() as session:
        summit = await published(session, slug)
    on_now = [found for found in summit.programme.sessions if found.is_on(system_clock())]
    cookies = Cookies(await signing_key(db, settings.secret_key), secure=False)
    members = []
    for n in range(count + len(on_now) if on_now else 0):
        role: Role = "moderator" if n < len(on_now) else "participant"
        where = on_now[n % len(on_now)]
        device = await (_take_the_chair if role == "moderator" else _enter)(db, summit.id, n)
        path = f"/{slug}/sessions/{where.code}/live/socket"
        members.append(Member(_cookie(cookies, device), path, _language(where), role))
    return members


async def _enter(db: Database, summit_id: str, n: int) -> str:
    async with db.writer() as session:
        return (await enter_as(session, NAMES[n % len(NAMES)], summit_id, _BROWSER, system_clock)).id


async def _take_the_chair(db: Database, summit_id: str, n: int) -> str:
    # Not by the door of those who take part, where the name of a moderator is refused: also of one from the last start.
    async with db.writer() as session:
        person = Person(name=CHAIRS[n % len(CHAIRS)], made_at=system_clock())
        session.add(person)
        await session.flush()
        await grant(session, person, "moderator", summit_id, system_clock)
        return (await new_device(session, person.id, _BROWSER, system_clock)).id


def _cookie(cookies: Cookies, device_id: str) -> str:
    response = Response()
    cookies.write(response, COOKIE, device_id, COOKIE_SECONDS)
    return response.headers["set-cookie"].partition(";")[0]


def _language(session: Session) -> str:
    return "en" if session.language.startswith("en") else "sv"


async def animate(server: uvicorn.Server, members: list[Member], port: int) -> None:
    """Lets them live until it is cancelled."""
    while not server.started:
        await asyncio.sleep(0.1)
    chance = Random(members[0].cookie)
    await asyncio.gather(*(_live(member, port, len(members), Random(chance.random())) for member in members))


async def _live(member: Member, port: int, among: int, chance: Random) -> None:
    await asyncio.sleep(chance.uniform(0, 8))
    while True:
        with suppress(OSError, WebSocketException):
            async with _socket(member, port) as socket:
                if member.role == "moderator":
                    await _moderate(socket, chance)
                else:
                    await _take_part(socket, member, among, chance)
        await asyncio.sleep(chance.uniform(1, 5))


@asynccontextmanager
async def _socket(member: Member, port: int) -> AsyncIterator[ClientConnection]:
    async with connect(
        f"ws://127.0.0.1:{port}{member.path}",
        subprotocols=[SUBPROTOCOL],  # type: ignore[list-item]
        additional_headers={"Cookie": member.cookie},
        compression=None,
    ) as socket:
        yield socket


async def _take_part(socket: ClientConnection, member: Member, among: int, chance: Random) -> None:
    """Votes now and then for what is in the room, and asks sometimes."""
    room: dict[str, dict[str, Any]] = {}
    loop = asyncio.get_running_loop()
    act_at = loop.time() + chance.uniform(2, 15)
    while True:
        with suppress(TimeoutError):
            async with asyncio.timeout_at(act_at):
                _take_note(room, json.loads(await socket.recv()))
            continue
        act_at = loop.time() + chance.uniform(6, 30)
        open_ones = [question for question in room.values() if question["state"] in ("open", "answering")]
        if not open_ones or chance.random() < 1 / max(_PEOPLE_A_QUESTION, among / 2):
            opener, text = chance.choice(OPENERS[member.language]), chance.choice(QUESTIONS[member.language])
            text = f"{opener} {text}".strip()
            if all(question["text"] != text for question in room.values()):
                await _send(socket, type="ask", text=text, anonymous=chance.random() < 0.3)
        else:
            question = chance.choice(sorted(open_ones, key=lambda each: -each["votes"])[:6])
            await _send(socket, type="vote", question=question["id"], on=chance.random() < 0.95)


async def _moderate(socket: ClientConnection, chance: Random) -> None:
    """Approves most of what waits, and goes through what is in the room."""
    room: dict[str, dict[str, Any]] = {}
    loop = asyncio.get_running_loop()
    act_at = loop.time() + chance.uniform(3, 8)
    turn = 0
    while True:
        with suppress(TimeoutError):
            async with asyncio.timeout_at(act_at):
                _take_note(room, json.loads(await socket.recv()))
            continue
        act_at, turn = loop.time() + chance.uniform(4, 10), turn + 1
        waiting = [question for question in room.values() if question["state"] == "waiting"]
        open_ones = [question for question in room.values() if question["state"] == "open"]
        # Two always stay in the queue, so that the desk has something to show.
        if len(waiting) > 2:
            await _send(socket, type="moderate", question=waiting[0]["id"], action="approve")
        elif len(open_ones) > 4 and turn % 8 == 0:
            best = max(open_ones, key=lambda question: question["votes"])
            await _send(socket, type="moderate", question=best["id"], action="answer")


def _take_note(room: dict[str, dict[str, Any]], message: dict[str, Any]) -> None:
    match message["type"]:
        case "hello" if message["snapshot"]:
            room.clear()
            room.update({question["id"]: question for question in message["snapshot"]["questions"]})
        case "question":
            room[message["question"]["id"]] = message["question"]
        case "gone":
            room.pop(message["question"], None)
        case "tally":
            for question, votes in message.get("votes", {}).items():
                if question in room:
                    room[question]["votes"] = votes


async def _send(socket: ClientConnection, **message: Any) -> None:
    await socket.send(json.dumps({"ref": new_id()} | message))
