"""The wall: what it shows, who may look at it, and the key in its address."""

import hmac
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import segno
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.db import Database
from summit.core.errors import NotAllowed
from summit.core.i18n import _
from summit.core.ids import new_token
from summit.live.live import Live
from summit.live.models import Room
from summit.live.placing import hand_order
from summit.live.protocol import PollView, QuestionView, Wall
from summit.live.question_models import Question
from summit.live.seats import Place, Seat, authorise
from summit.live.turns import lock_room
from summit.live.views import question_view
from summit.people.audit import record

TOP = 5
ROOM = 32
"""For choices with their bars below them, in hundredths of the width."""
LINE = 42
"""So many letters of a choice are on a line."""
Pane = Literal["question", "ask", "top", "poll", "join", "nothing"]
Crowd = Literal["few", "many", "most"]
Size = Literal["short", "medium", "long", "longer", "longest"]

_WIDEST: tuple[tuple[int, Size], ...] = ((60, "short"), (130, "medium"), (260, "long"), (520, "longer"))
# Letters as wide as high: East Asian ones (UAX #11) and pictures. static/js/screen/size.js has the same.
_WIDE = re.compile(
    "[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\U0001f000-\U0003ffff]"
)


async def wall_seat(db: Database, place: Place, key: str) -> Seat:
    """The seat of whoever has the key of the room's wall: it sees what everybody in the room sees, and says nothing.

    Raises `NotAllowed` for any other key.
    """
    async with db.reader() as session:
        room = await session.get(Room, place.session_id)
    if room is None or not is_key(key, room.screen_key):
        raise NotAllowed(_("The address of this wall is not valid any more. Get the new one from the moderators."))
    return Seat(place, "", "", "participant", "participants", screen_key=key)


def is_key(given: str, kept: str) -> bool:
    """Whether that is the room's key; told in the same time however much of it is right."""
    return bool(kept) and hmac.compare_digest(given.encode(), kept.encode())


async def keys_of(db: AsyncSession, session_ids: Iterable[str]) -> dict[str, str]:
    """The keys of these rooms as they are now."""
    found = await db.execute(select(Room.session_id, Room.screen_key).where(Room.session_id.in_(set(session_ids))))
    return dict(found.all())


async def renew_key(live: Live, seat: Seat) -> str:
    """Makes a key for the wall; the one before lets nobody in any more. Raises `NotAllowed`."""
    place, now = seat.place, live.clock()
    async with live.db.writer() as db:
        await authorise(db, seat, "moderator")
        room = await lock_room(db, place.session_id)
        action = "wall address renewed" if room.screen_key else "wall address made"
        room.screen_key = new_token()
        await record(db, place.summit.id, seat.person_id, seat.name, action, place.session.code, now)
        return room.screen_key


@dataclass(frozen=True)
class OnWall:
    """What the wall shows: the question being answered, the most wanted open ones, those that were chosen for the
    speakers (in the moderators' order), and a poll."""

    pane: Pane
    answering: QuestionView | None
    top: tuple[QuestionView, ...]
    picked: tuple[QuestionView, ...]
    poll: PollView | None


def on_wall(wall: Wall, questions: Sequence[Question], polls: Iterable[PollView]) -> OnWall:
    """The picture that follows from what moderators set; where that is not there (yet), how to ask."""
    views = [question_view(question, "participants") for question in questions]
    answering = next((view for view in views if view.state == "answering"), None)
    top = sorted(
        (view for view in views if view.state == "open"), key=lambda view: (-view.votes, view.asked_at, view.id)
    )
    picked = hand_order(question for question in questions if question.picked)
    poll = next((poll for poll in polls if poll.id == wall.poll and poll.state != "draft"), None)
    is_there = {"question": answering, "top": top, "poll": poll}.get(wall.show, wall.show)
    return OnWall(
        pane=wall.show if is_there else "ask",
        answering=answering,
        top=tuple(top[:TOP]),
        picked=tuple(question_view(question, "participants") for question in picked),
        poll=poll,
    )


def size_of(text: str) -> Size:
    """How large a text may be written so that all of it is on the wall."""
    width = len(text) + len(_WIDE.findall(text))
    return next((size for most, size in _WIDEST if width <= most), "longest")


def crowd_of(labels: Iterable[str]) -> Crowd:
    """How much room there is for each choice of a poll. static/js/screen/size.js has the same."""
    lines = [1 + len(label) // LINE for label in labels]
    if 3.4 * sum(lines) + 2.3 * len(lines) <= ROOM:
        return "few"
    return "many" if len(lines) <= 6 else "most"


@lru_cache(maxsize=256)
def qr_code(address: str) -> Markup:
    """The address as a QR code (ISO/IEC 18004) in SVG, with its quiet zone, dark on light whatever is around it."""
    code = segno.make_qr(address, error="m")
    drawn = code.svg_inline(omitsize=True, border=4, dark="#000", light="#fff", svgclass=None, lineclass=None)
    return Markup(drawn.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1))
