"""Announcements: what moderators tell everybody in the room, and taking that back."""

from functools import partial

from sqlalchemy import or_, select

from summit.core.errors import Invalid, NotFound
from summit.core.i18n import _
from summit.core.ids import new_id
from summit.core.text import is_visible, tame
from summit.live.live import Live
from summit.live.models import Announcement
from summit.live.protocol import Ack, Announce, Announced, Gone, Retract
from summit.live.rooms import rooms_of
from summit.live.seats import Seat, authorise
from summit.live.turns import Turn
from summit.live.views import announcement_view

ANNOUNCEMENT_LENGTH = 500


async def announce(live: Live, seat: Seat, message: Announce) -> Ack:
    """Says something to the room, or to all rooms of the summit that are open. Raises `NotAllowed` or `Invalid`."""
    text = tame(message.text)
    if not is_visible(text):
        raise Invalid(errors={"text": _("Write something first.")})
    if len(text) > ANNOUNCEMENT_LENGTH:
        raise Invalid(errors={"text": _("Use at most %(most)d characters.") % {"most": ANNOUNCEMENT_LENGTH}})

    everywhere_id = new_id() if message.everywhere else None

    async def act(turn: Turn) -> str:
        await authorise(turn.db, seat, "moderator", everywhere=message.everywhere)
        rooms = (turn, *turn.beside)
        first, *_others = [await _say(each, seat, message.level, text, everywhere_id) for each in rooms]
        return first

    beside = await rooms_of(live, seat.place.summit.id) if message.everywhere else ()
    return await live.take_turn(seat, message.ref, act, beside=beside)


async def retract(live: Live, seat: Seat, message: Retract) -> Ack:
    """Takes an announcement back: it is gone for everybody, also where it is told again. Raises `NotAllowed` or
    `NotFound`.

    `everywhere` takes back what was said with it in the other rooms, too, also in those that have ended.
    """

    async def act(turn: Turn) -> str:
        await authorise(turn.db, seat, "moderator", everywhere=message.everywhere)
        made = await turn.db.get(Announcement, message.announcement)
        if made is None or made.session_id != turn.session_id:
            raise NotFound(_("There is no such announcement here. Somebody may have taken it back already."))
        for each in (turn, *turn.beside):
            await _take_back(each, made.id, made.everywhere_id)
        return message.announcement

    beside = await _rooms_told(live, message.announcement) if message.everywhere else ()
    return await live.take_turn(seat, message.ref, act, beside=beside)


async def _rooms_told(live: Live, announcement: str) -> list[str]:
    """The sessions in which that was said."""
    said = select(Announcement.everywhere_id).where(Announcement.id == announcement).scalar_subquery()
    async with live.db.reader() as db:
        return list(await db.scalars(select(Announcement.session_id).where(Announcement.everywhere_id == said)))


async def _take_back(turn: Turn, id: str, everywhere_id: str | None) -> None:
    same = (
        or_(Announcement.id == id, Announcement.everywhere_id == everywhere_id)
        if everywhere_id
        else Announcement.id == id
    )
    for made in await turn.db.scalars(select(Announcement).where(Announcement.session_id == turn.session_id, same)):
        await turn.db.delete(made)
        turn.tell_all(partial(Gone, announcement=made.id))


async def _say(turn: Turn, seat: Seat, level: str, text: str, everywhere_id: str | None) -> str:
    made = Announcement(
        session_id=turn.session_id,
        text=text,
        level=level,
        everywhere_id=everywhere_id,
        made_at=turn.now,
        made_by=seat.person_id,
    )
    turn.db.add(made)
    await turn.db.flush()
    view = announcement_view(made)
    turn.tell_all(lambda seq: Announced(seq, view))
    return made.id
