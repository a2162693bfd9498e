"""The WebSocket endpoint: lets people in, decodes what they send, calls the command, encodes the answer."""

import asyncio
from functools import partial

import msgspec
import structlog
from starlette.responses import Response
from starlette.types import Message
from starlette.websockets import WebSocket

from summit.core import i18n
from summit.core.errors import Invalid, NotAllowed, Refused, TooLarge, TooMany
from summit.core.i18n import _
from summit.core.security import is_trusted_origin
from summit.live.announcements import announce, retract
from summit.live.asking import ask, edit, withdraw
from summit.live.ballots import cast_ballot
from summit.live.chat import say
from summit.live.connections import Writer
from summit.live.entrance import come_in
from summit.live.hands import raise_hand
from summit.live.listeners import Listener
from summit.live.live import Live
from summit.live.moderating import moderate
from summit.live.plain_writer import converse
from summit.live.polls import conduct_poll
from summit.live.protocol import (
    LONGEST_MESSAGE,
    SUBPROTOCOL,
    Ack,
    Announce,
    Ask,
    CastBallot,
    CastVote,
    Chat,
    ConductPoll,
    Edit,
    Error,
    Incoming,
    Look,
    Moderate,
    NotUnderstood,
    RaiseHand,
    React,
    Retract,
    SetSanction,
    SetSession,
    Withdraw,
    decode,
    reference,
)
from summit.live.reactions import react
from summit.live.rooms import set_session
from summit.live.sanctions import sanction
from summit.live.seats import Seat
from summit.live.voting import vote

log = structlog.get_logger()


async def room_socket(websocket: WebSocket) -> None:
    """`/{summit}/sessions/{code}/live/socket`: refused with 403 for a foreign Origin, 401 or 403 for one who may not
    enter, 404 for a session that is not there."""
    live: Live = websocket.state.live
    try:
        _demand_own_page(websocket, live)
        seat = await come_in(websocket, live)
    except Refused as refused:
        await _refuse(websocket, refused)
        return
    try:
        await websocket.accept(subprotocol=SUBPROTOCOL if SUBPROTOCOL in websocket.scope["subprotocols"] else None)
    except OSError:
        # Whoever asked to come in has left the page meanwhile.
        return
    stay = partial(_Stay, live, seat, _after(websocket), i18n.locale())
    await converse(websocket, stay)


class _Stay:
    """Somebody's time in a room, in their language."""

    __slots__ = ("_after", "_language", "_listener", "_live")

    def __init__(self, live: Live, seat: Seat, after: int | None, language: str, writer: Writer) -> None:
        self._live, self._after, self._language = live, after, language
        self._listener = Listener(seat, writer, live.hub.outbox)

    async def begin(self) -> None:
        """Comes in."""
        try:
            await self._live.hub.join(self._listener, self._after)
        except BaseException:
            self.end()
            raise

    async def hear(self, message: Message) -> None:
        """Carries out what was sent, and answers."""
        live, listener = self._live, self._listener
        seat = listener.seat
        i18n.speak(self._language)
        if (wait := live.pace.count(seat.person_id)) > 0:
            await asyncio.sleep(wait)
            if listener.is_over:
                return
        text = message.get("text") or message.get("bytes") or ""
        try:
            await _carry_out(live, seat, listener, _decoded(text))
        except Refused as refused:
            listener.answer(error_of(refused, reference(text)))
        except Exception as error:  # one broken command must not cost the connection, nor show what broke
            log.error("live command", exc_info=error)
            broken = _("Something broke on our side. Try again in a minute.")
            listener.answer(Error(ref=reference(text), code="invalid", message=broken))
        await listener.drained()

    def pause(self) -> None:
        """Is told no more until what was told is read."""
        self._listener.pause()

    def end(self) -> None:
        """Goes."""
        self._live.hub.leave(self._listener)
        self._listener.let_go()


async def _refuse(websocket: WebSocket, refused: Refused) -> None:
    if "websocket.http.response" in (websocket.scope.get("extensions") or {}):
        answer = Response(refused.message, refused.status, media_type="text/plain")
        await websocket.send_denial_response(answer)
    else:
        await websocket.close()  # Which is 403 to the peer: this server has no way to say more.


def _demand_own_page(websocket: WebSocket, live: Live) -> None:
    """Browsers send cookies along with any page's handshake, but they say whose page it is. Programs send no Origin."""
    origin = websocket.headers.get("origin")
    scheme = {"ws": "http", "wss": "https"}[websocket.scope["scheme"]]
    if origin is not None and not is_trusted_origin(origin, websocket.headers, scheme, live.settings.base_url):
        raise NotAllowed(_("This request came from another site. Open the page here and try again."))


def _after(websocket: WebSocket) -> int | None:
    after = websocket.query_params.get("after", "")
    return int(after) if after.isascii() and after.isdigit() and len(after) < 16 else None


def _decoded(text: str | bytes) -> Incoming:
    # A sign takes at most four bytes (RFC 3629 §3): few messages are so long that one has to count.
    if 4 * len(text) > LONGEST_MESSAGE < len(text.encode() if isinstance(text, str) else text):
        raise TooLarge(_("That is more than we can take in at once. Send something shorter."))
    try:
        return decode(text)
    except NotUnderstood as error:
        raise Invalid(_("That message was not understood.")) from error


async def _carry_out(live: Live, seat: Seat, listener: Listener, message: Incoming) -> Ack:
    if not seat.person_id:
        raise NotAllowed(_("The wall only shows; it takes no part."))
    match message:
        case Ask():
            return await ask(live, seat, message)
        case Edit():
            return await edit(live, seat, message)
        case CastVote():
            return await vote(live, seat, message)
        case Withdraw():
            return await withdraw(live, seat, message)
        case Moderate():
            return await moderate(live, seat, message)
        case Announce():
            return await announce(live, seat, message)
        case Retract():
            return await retract(live, seat, message)
        case SetSession():
            return await set_session(live, seat, message)
        case React():
            return await react(live, seat, message)
        case RaiseHand():
            return await raise_hand(live, seat, message)
        case SetSanction():
            return await sanction(live, seat, message)
        case Chat():
            return await say(live, seat, message)
        case Look():
            return look(seat, listener, message)
        case CastBallot():
            return await cast_ballot(live, seat, message)
        case ConductPoll():
            return await conduct_poll(live, seat, message)


def look(seat: Seat, listener: Listener, message: Look) -> Ack:
    """Notes which question a moderator looks at; the hub tells the other moderators. Raises `NotAllowed`."""
    if seat.audience != "moderators":
        raise NotAllowed(_("Only a moderator may do this."))
    listener.looking_at = message.question
    ack = Ack(message.ref, 0, message.question or "")
    seat.acknowledge(ack)
    return ack


def error_of(refused: Refused, ref: str | None) -> Error:
    """A refusal as the socket says it."""
    wait = refused.retry_after if isinstance(refused, TooMany) else msgspec.UNSET
    cause = refused.__cause__
    detail = str(cause) if isinstance(cause, NotUnderstood) else msgspec.UNSET
    return Error(ref=ref, code=refused.code, message=refused.message, retry_after=wait, detail=detail)
