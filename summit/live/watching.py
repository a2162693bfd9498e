"""What a room's stage shows one reader: which stream, in which way, and what a choice really saves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from summit.live.models import RoomState
from summit.live.streams import (
    Player,
    Source,
    chosen_stream,
    content_sources,
    iframe_permissions,
    player_for,
    sound_of,
)
from summit.programme.values import Session, Stage, Stream

Mode = Literal["picture", "sound", "text"]
Showing = Source | Literal["recording", ""]
Shown = Literal["player", "offer", "link", "text", "over", "nothing"]
Sound = Literal["", "alone", "lowest", "whole", "theirs"]

MODES: Final[tuple[Mode, ...]] = get_args(Mode)
_SOURCES: Final[tuple[Source, ...]] = get_args(Source)


@dataclass(frozen=True)
class Wishes:
    """What a reader has chosen: a way to follow, one of the streams, and the host whose player may be loaded."""

    mode: Mode = "picture"
    stream: Source | Literal[""] = ""
    host: str = ""


@dataclass(frozen=True)
class Watching:
    """What the stage of a room shows.

    `showing` is the stream, empty where the session is over and has no recording. `shown` is what stands in its place:
    the player, the offer to load one from another host, a link to it, nothing for those who want text only, that the
    session is over, or that there is no stream. `sound` says what sound only comes to: a stream of its own (alone), the
    lowest quality or the sound alone as the player finds it (lowest), no saving at all (whole), or what another host
    decides (theirs). `default` is what shows without a choice; `others` may be chosen instead, `live` among them, which
    is what the moderators have on the stage.
    """

    mode: Mode
    showing: Showing
    default: Showing
    live: Source
    player: Player
    shown: Shown
    sound: Sound = ""
    others: tuple[Showing, ...] = ()

    @property
    def has_modes(self) -> bool:
        """Whether there is anything to hear or see here that one could do without."""
        return self.shown in ("player", "offer", "text")

    @property
    def sources(self) -> Mapping[str, Sequence[str]]:
        """What the page's policy has to allow, by directive."""
        return content_sources(self.player) if self.shown == "player" else {}

    @property
    def permissions(self) -> str:
        """The frame's `allow` attribute."""
        return iframe_permissions(self.player)


def wishes(mode: str | None, stream: str | None, host: str | None) -> Wishes:
    """What a browser sent, as far as it makes sense."""
    return Wishes(
        mode=mode if mode in MODES else "picture",
        stream=stream if stream in _SOURCES else "",
        host=host or "",
    )


def watching(stage: Stage | None, session: Session, state: RoomState, choice: str, wanted: Wishes) -> Watching:
    """What that reader gets while the room is in that state and the moderators' choice of stream is `choice`.

    A session that is over shows its recording; the stage may be showing the next one by then, so its stream comes only
    to those who ask for it.
    """
    on_stage = stage.stream if stage else None
    live = chosen_stream(on_stage, choice)[0]
    default: Showing = live
    streams: dict[Showing, Stream] = {}
    if state == "ended":
        recorded = recording_of(session)
        default = "recording" if recorded else ""
        if recorded:
            streams["recording"] = recorded
    for name in ("other", "main", "backup"):
        source, stream = chosen_stream(on_stage, choice if name == "other" else name)
        if stream and source == name:
            streams[source] = stream
    showing: Showing = wanted.stream if wanted.stream in streams else default
    player, sound = _player(streams.get(showing), wanted)
    if sound == "alone":
        showing = "main"
    return Watching(
        mode=wanted.mode,
        showing=showing,
        default=default,
        live=live,
        player=player,
        shown=_shown(player, wanted) if showing else "over",
        sound=sound,
        others=tuple(other for other in streams if other != showing),
    )


def recording_of(session: Session) -> Stream | None:
    """The recording that a session links to."""
    found = (link.url for link in session.links if link.type.strip().lower() == "recording")
    return next((Stream(url=url) for url in found if player_for(Stream(url=url)).kind != "none"), None)


def _player(stream: Stream | None, wanted: Wishes) -> tuple[Player, Sound]:
    player = player_for(stream)
    if wanted.mode != "sound":
        return player, ""
    # Whoever asks for the back-up has trouble with the rest, the sound of which is no help then.
    alone = sound_of(stream) if wanted.stream != "backup" else Player("none")
    if alone.kind != "none":
        return alone, "alone"
    if player.embed:
        return player, "theirs"
    return player, "lowest" if player.kind == "hls" else "whole" if player.kind == "mp4" else ""


def _shown(player: Player, wanted: Wishes) -> Shown:
    if player.kind == "none":
        return "nothing"
    if player.kind == "link":
        return "link"
    if wanted.mode == "text":
        return "text"
    return "offer" if player.is_foreign and wanted.host != player.host else "player"
