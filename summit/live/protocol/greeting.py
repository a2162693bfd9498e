"""`hello` in three parts, so that what many get alike is encoded (and may be compressed) once for all of them."""

import msgspec
from msgspec import UNSET, Struct, UnsetType

from summit.live.protocol.outgoing import Hello, Snapshot
from summit.live.protocol.things import ChatView, HandView, SanctionView

_encoder = msgspec.json.Encoder()


class Backstage(Struct, frozen=True, kw_only=True):
    """The end of a snapshot, for moderators alone."""

    hands: tuple[HandView, ...] | UnsetType = UNSET
    sanctions: tuple[SanctionView, ...] | UnsetType = UNSET
    chat: tuple[ChatView, ...] | UnsetType = UNSET


class Shared:
    """A snapshot's text without its closing brace. `deflated` is for whoever compresses it: once for all."""

    __slots__ = ("body", "deflated")

    def __init__(self, snapshot: Snapshot) -> None:
        self.body = _encoder.encode(snapshot)[:-1]
        self.deflated: bytes | None = None


class Greeting:
    """The text of a `hello` as of `seq`: `head`, then what is `shared` (nothing where one resumes), then `tail`."""

    __slots__ = ("head", "seq", "shared", "tail")

    def __init__(self, hello: Hello, shared: Shared | None, backstage: Backstage | None = None) -> None:
        text = _encoder.encode(hello)
        self.seq, self.shared = hello.seq, shared
        if shared is None:
            self.head, self.tail = text, b""
            return
        # `snapshot` is the last field of a `hello`, and null in one that is encoded without it.
        self.head, self.tail = text.removesuffix(b"null}"), b"}}"
        if backstage is not None and (more := _encoder.encode(backstage)) != b"{}":
            self.tail = b"," + more[1:] + b"}"
