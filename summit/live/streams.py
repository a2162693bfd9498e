"""Players: what shows a stage's stream, which other hosts that needs, and what a visitor is told before a click.

Addresses come from organisers and imported files, so nothing of them is trusted: what cannot be read without doubt is
not played at all, and only a checked host ever gets into a header.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, cast, get_args
from urllib.parse import SplitResult, parse_qs, urlsplit

from msgspec.structs import replace

from summit.core.errors import Invalid
from summit.core.i18n import _
from summit.programme.values import Caption, Stream

Kind = Literal["hls", "mp4", "youtube", "vimeo", "peertube", "jitsi", "bigbluebutton", "link", "none"]
Source = Literal["main", "backup", "other"]

_SUFFIXES: Final[dict[str, Kind]] = {".m3u8": "hls", ".mp4": "mp4", ".m4v": "mp4", ".webm": "mp4"}
_KNOWN_AS: Final = {
    "youtu.be": "youtube.com",
    "m.youtube.com": "youtube.com",
    "youtube-nocookie.com": "youtube.com",
    "player.vimeo.com": "vimeo.com",
}
_ROOMS: Final = ("jitsi", "bigbluebutton")
_YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_YOUTUBE_PATH = re.compile(r"/(?:live|shorts|embed|v)/([^/]+)/?")
_YOUTUBE_CHANNEL = re.compile(r"UC[A-Za-z0-9_-]{22}")
_VIMEO_PATH = re.compile(r"/(?:(?:channels/[\w-]+|video|videos)/)?(\d{1,15})(?:/([0-9a-fA-F]+))?/?")
_VIMEO_EVENT = re.compile(r"/event/(\d{1,15})(?:/embed)?(?:/([0-9a-fA-F]+))?/?")
_VIMEO_HASH = re.compile(r"[0-9a-fA-F]{1,40}")
_PEERTUBE_PATH = re.compile(r"/(?:w|videos/watch|videos/embed)/([A-Za-z0-9-]{20,40}|\d{1,12})/?")
_BIGBLUEBUTTON_PATH = re.compile(r"(?:/gl)?(?:/b/[\w-]+|/rooms/[\w-]+/join)/?")
_JITSI_PATH = re.compile(r"/[^/]+(?:/[^/]+)?/?")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*")
_NEVER_IN_AN_ADDRESS = re.compile('[\x00-\x20\x7f-\xa0\\\\"<>^`{|}\u2028\u2029\ufeff]')


@dataclass(frozen=True)
class Player:
    """What plays a stream.

    `source` is the stream's own address, `embed` the frame's where a foreign host's page plays it. `host` is what
    people are shown before their click, empty for this site. `is_foreign`: nothing may be loaded before that click.
    """

    kind: Kind
    source: str = ""
    embed: str = ""
    host: str = ""
    captions: tuple[Caption, ...] = ()
    is_foreign: bool = False


def player_for(stream: Stream | None) -> Player:
    """The player for a stream: of its stated kind, where its address fits that; else of the kind the address shows.

    Kind ``none`` where there is no stream or its address is not acceptable (only http, https and paths of this site;
    no credentials; a host by RFC 1123 or its IDNA form), ``link`` where it can only be opened on its own.
    """
    address = _read(stream.url) if stream else None
    if stream is None or address is None:
        return Player("none")
    kind, embed = _recognise(address, stream.kind.strip().lower())
    captions: tuple[Caption, ...] = ()
    if kind in ("hls", "mp4"):
        captions = tuple(caption for caption in stream.captions if _is_at_home(caption.url, address))
    return Player(kind, address.url, embed, address.shown_host, captions, is_foreign=bool(address.host))


def chosen_stream(stream: Stream | None, choice: str) -> tuple[Source, Stream | None]:
    """The stream that ``main``, ``backup`` or an address stands for, and which of these it is in the end.

    A stage without a back-up shows its main stream instead. Its captions go with both; an address has none.
    """
    if choice == "backup" and stream and stream.backup:
        return "backup", replace(stream, url=stream.backup, kind=_kind_of(stream.backup, stream.kind))
    if choice in ("", "main", "backup"):
        return "main", stream
    return "other", Stream(url=choice)


def sound_of(stream: Stream | None) -> Player:
    """The player of the stream's sound alone; kind ``none`` where it has none that can be played here."""
    if stream is None or not stream.audio:
        return Player("none")
    kind = "hls" if _kind_of(stream.audio, "mp4") == "hls" else "mp4"
    return player_for(replace(stream, url=stream.audio, kind=kind))


def content_sources(player: Player) -> dict[str, list[str]]:
    """What the page's Content-Security-Policy (CSP 3) has to allow for this player, by directive; mostly nothing."""
    if player.embed:
        return {"frame-src": [_origin(player.embed)]}
    if player.is_foreign and player.kind in ("hls", "mp4"):
        origin = _origin(player.source)
        return {"media-src": [origin], "connect-src": [origin]}
    return {}


def iframe_permissions(player: Player) -> str:
    """The frame's `allow` attribute (Permissions Policy): meeting rooms need camera and microphone, films do not."""
    if not player.embed:
        return ""
    talking = "; camera; microphone; display-capture" if player.kind in _ROOMS else ""
    return f"autoplay; fullscreen; picture-in-picture{talking}"


def _kind_of(url: str, otherwise: str) -> str:
    """The kind that an address shows by itself."""
    kind = player_for(Stream(url=url)).kind
    return otherwise if kind == "link" else kind


class _Address(NamedTuple):
    """An address that passed the checks; `host` is empty for a path of this site."""

    url: str
    origin: str
    host: str
    path: str
    query: str

    @property
    def shown_host(self) -> str:
        host = self.host.removeprefix("www.")
        return _KNOWN_AS.get(host, host)

    def first(self, name: str) -> str:
        """The first value of a query parameter."""
        return parse_qs(self.query).get(name, [""])[0]


def _read(url: str) -> _Address | None:
    """None where a browser and we might disagree about where an address leads."""
    url = url.strip()
    if not url or _NEVER_IN_AN_ADDRESS.search(url):
        return None
    if url.startswith("/"):
        return None if url.startswith("//") else _here(url)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    host = _host(parts)
    if parts.scheme not in ("http", "https") or host is None or "@" in parts.netloc or port == 0:
        return None
    origin = f"{parts.scheme}://{host}" + ("" if port is None else f":{port}")
    rest = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return _Address(origin + rest + fragment, origin, host, parts.path, parts.query)


def _here(url: str) -> _Address:
    path, _, query = url.partition("#")[0].partition("?")
    return _Address(url, "", "", path, query)


def _host(parts: SplitResult) -> str | None:
    """The host in ASCII; no IPv6 literals, which a policy cannot name (CSP 3 §2.3.1)."""
    try:
        host = (parts.hostname or "").encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    return host if _HOST.fullmatch(host) else None


def _is_at_home(url: str, address: _Address) -> bool:
    """Captions come from this site or from where the stream itself comes from."""
    caption = _read(url)
    return caption is not None and (not caption.host or caption.origin == address.origin)


def _recognise(address: _Address, stated: str) -> tuple[Kind, str]:
    """The kind, and the frame's address where it needs one."""
    kind = cast(Kind, stated) if stated in get_args(Kind) else ""
    if kind in ("hls", "mp4", "link", "none"):
        return kind, ""
    path = address.path.lower()
    for suffix, played in _SUFFIXES.items():
        if not kind and path.endswith(suffix):
            return played, ""
    if not address.host:
        return "link", ""
    for name, embed_of in _EMBEDS.items():
        if kind in ("", name) and (embed := embed_of(address, kind == name)):
            return name, embed
    return "link", ""


def _youtube(address: _Address, _stated: bool) -> str:
    host = address.host.removeprefix("www.").removeprefix("m.")
    if host == "youtu.be":
        video = address.path.strip("/")
    elif host not in ("youtube.com", "youtube-nocookie.com", "music.youtube.com"):
        return ""
    elif address.path.rstrip("/") == "/watch":
        video = address.first("v")
    else:
        found = _YOUTUBE_PATH.fullmatch(address.path)
        video = found[1] if found else ""
    # Not a film but "whatever this channel sends now"; it has the length of a film's id.
    if video == "live_stream":
        channel = address.first("channel")
        embed = f"https://www.youtube-nocookie.com/embed/live_stream?channel={channel}"
        return embed if _YOUTUBE_CHANNEL.fullmatch(channel) else ""
    return f"https://www.youtube-nocookie.com/embed/{video}" if _YOUTUBE_ID.fullmatch(video) else ""


def _vimeo(address: _Address, _stated: bool) -> str:
    if address.host.removeprefix("www.") not in ("vimeo.com", "player.vimeo.com"):
        return ""
    if event := _VIMEO_EVENT.fullmatch(address.path):
        return f"https://vimeo.com/event/{event[1]}/embed" + (f"/{event[2]}" if event[2] else "")
    film = _VIMEO_PATH.fullmatch(address.path)
    if not film:
        return ""
    secret = film[2] or address.first("h")
    # An unlisted film cannot be seen without its hash.
    with_hash = f"h={secret}&" if _VIMEO_HASH.fullmatch(secret) else ""
    return f"https://player.vimeo.com/video/{film[1]}?{with_hash}dnt=1"


def _peertube(address: _Address, _stated: bool) -> str:
    found = _PEERTUBE_PATH.fullmatch(address.path)
    return f"{address.origin}/videos/embed/{found[1]}" if found else ""


def _jitsi(address: _Address, stated: bool) -> str:
    is_one = (stated or address.host == "meet.jit.si") and _JITSI_PATH.fullmatch(address.path)
    return address.url if is_one else ""


def _bigbluebutton(address: _Address, stated: bool) -> str:
    is_one = stated or _BIGBLUEBUTTON_PATH.fullmatch(address.path)
    return address.url if is_one else ""


_EMBEDS: Final[dict[Kind, Callable[[_Address, bool], str]]] = {
    "youtube": _youtube,
    "vimeo": _vimeo,
    "jitsi": _jitsi,
    "bigbluebutton": _bigbluebutton,
    "peertube": _peertube,
}


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def demand_playable(address: str) -> None:
    """Raises `Invalid` where nothing could play a stream at that address: of this site, or of another over https."""
    player = player_for(Stream(url=address))
    if len(address) > 2000 or player.kind == "none" or player.source.startswith("http:"):
        raise Invalid(errors={"stream": _("Give the address of a stream, such as https://example.org/live.m3u8.")})
