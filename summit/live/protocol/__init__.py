"""The messages of the live socket (subprotocol ``summit.v1``): the only place that knows the wire."""

import msgspec
from msgspec import Struct

from summit.live.protocol.greeting import Backstage, Greeting, Shared
from summit.live.protocol.incoming import (
    Action,
    Announce,
    Ask,
    CastBallot,
    CastVote,
    Chat,
    ConductPoll,
    Edit,
    Id,
    Incoming,
    Level,
    Look,
    Moderate,
    NewChoice,
    PollAction,
    RaiseHand,
    React,
    Ref,
    Retract,
    SetSanction,
    SetSession,
    Withdraw,
)
from summit.live.protocol.outgoing import (
    Ack,
    Announced,
    Desk,
    Error,
    Gone,
    HandChanged,
    Hello,
    Holdings,
    Mine,
    Outgoing,
    PollChanged,
    QuestionChanged,
    Said,
    Sanctioned,
    SessionChanged,
    Snapshot,
    Tally,
)
from summit.live.protocol.things import (
    AnnouncementView,
    AtDesk,
    Author,
    ChatView,
    Choice,
    HandView,
    PollView,
    QuestionView,
    SanctionView,
    SessionView,
    StreamView,
    Wall,
    You,
)

SUBPROTOCOL = "summit.v1"
LONGEST_MESSAGE = 32 * 1024
"""In bytes; what is longer gets the error ``too_large``. A reply of emoji that are all escaped has 24 kB."""

__all__ = [
    "LONGEST_MESSAGE",
    "SUBPROTOCOL",
    "Ack",
    "Action",
    "Announce",
    "Announced",
    "AnnouncementView",
    "Ask",
    "AtDesk",
    "Author",
    "Backstage",
    "CastBallot",
    "CastVote",
    "Chat",
    "ChatView",
    "Choice",
    "ConductPoll",
    "Desk",
    "Edit",
    "Error",
    "Gone",
    "Greeting",
    "HandChanged",
    "HandView",
    "Hello",
    "Holdings",
    "Id",
    "Incoming",
    "Level",
    "Look",
    "Mine",
    "Moderate",
    "NewChoice",
    "NotUnderstood",
    "Outgoing",
    "PollAction",
    "PollChanged",
    "PollView",
    "QuestionChanged",
    "QuestionView",
    "RaiseHand",
    "React",
    "Ref",
    "Retract",
    "Said",
    "SanctionView",
    "Sanctioned",
    "SessionChanged",
    "SessionView",
    "SetSanction",
    "SetSession",
    "Shared",
    "Snapshot",
    "StreamView",
    "Tally",
    "Wall",
    "Withdraw",
    "You",
    "decode",
    "encode",
    "reference",
]

_decoder: msgspec.json.Decoder[Incoming] = msgspec.json.Decoder(Incoming)
_encoder = msgspec.json.Encoder()


# Lists in lists in lists are valid JSON, and deeper than the decoder goes.
_UNREADABLE = (msgspec.MsgspecError, UnicodeError, RecursionError)


class NotUnderstood(ValueError):
    """No message of ours."""


class _Reference(Struct):
    ref: str


def decode(text: str | bytes) -> Incoming:
    """A client's message; raises `NotUnderstood` for anything else."""
    try:
        return _decoder.decode(text)
    except _UNREADABLE as error:
        raise NotUnderstood(str(error)) from error


def reference(text: str | bytes) -> str | None:
    """The `ref` of a message that could not be decoded as a whole."""
    try:
        return msgspec.json.decode(text, type=_Reference).ref
    except _UNREADABLE:
        return None


def encode(message: Struct) -> bytes:
    """A message as JSON; moments in UTC as RFC 3339."""
    return _encoder.encode(message)
