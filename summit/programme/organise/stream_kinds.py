"""What an organiser is told about the address of a stream: what it is taken for, and whether it can be shown at all.

What plays it in the end the room decides, when it opens; it trusts nothing of this.
"""

import re
from urllib.parse import SplitResult, urlsplit

KINDS = ("hls", "mp4", "youtube", "vimeo", "peertube", "jitsi", "bigbluebutton", "link")

_NEVER = re.compile('[\x00-\x20\x7f-\xa0\\\\"<>^`{|}\u2028\u2029\ufeff]')
_FILES = {".m3u8": "hls", ".mp4": "mp4", ".m4v": "mp4", ".webm": "mp4"}
_PATHS: dict[str, re.Pattern[str]] = {
    "peertube": re.compile(r"/(?:w|videos/watch|videos/embed)/(?:[A-Za-z0-9-]{20,40}|\d{1,12})/?"),
    "bigbluebutton": re.compile(r"(?:/gl)?(?:/b/[\w-]+|/rooms/[\w-]+/join)/?"),
}
_YOUTUBE = {"youtube.com", "youtube-nocookie.com", "music.youtube.com", "youtu.be"}
_YOUTUBE_FILM = re.compile(r"(?:[?&]v=|/(?:live|shorts|embed|v)/|youtu\.be/)[A-Za-z0-9_-]{11}(?![A-Za-z0-9_-])")
_VIMEO_FILM = re.compile(r"/(?:(?:channels/[\w-]+|video|videos|event)/)?\d{1,15}(?:/[0-9a-fA-F]+|/embed)*/?")


def is_playable(address: str) -> bool:
    """Whether a room can show it: an address with https and a host, or a path on this site."""
    parts = _parts(address)
    if parts is None:
        return False
    return parts.scheme == "https" or (not parts.scheme and not parts.netloc)


def kind_of(address: str, stated: str = "") -> str:
    """What the stream is taken for: one of `KINDS`, ``link`` for what can only be opened on its own; empty for nothing.

    What an organiser has stated holds.
    """
    parts = _parts(address)
    if parts is None:
        return ""
    if stated in KINDS:
        return stated
    suffix = re.search(r"\.[a-z0-9]+$", parts.path.lower())
    if suffix and suffix[0] in _FILES:
        return _FILES[suffix[0]]
    return _kind_by_host(parts) or _kind_by_path(parts) or "link"


def captions_fit(caption: str, stream: str) -> bool:
    """Whether a browser may load the captions with the stream: from this site, or from where the stream is."""
    own, its = _parts(caption), _parts(stream)
    if own is None or its is None:
        return False
    return not own.netloc or (own.scheme, own.netloc.lower()) == (its.scheme, its.netloc.lower())


def host_of(address: str) -> str:
    """Whose server it is; empty for this site."""
    parts = _parts(address)
    return (parts.hostname or "").removeprefix("www.") if parts else ""


def _parts(address: str) -> SplitResult | None:
    if not address or _NEVER.search(address) or address.startswith("//"):
        return None
    try:
        parts = urlsplit(address)
        _port = parts.port
    except ValueError:
        return None
    if parts.scheme in ("http", "https"):
        return parts if parts.hostname and "@" not in parts.netloc else None
    return parts if address.startswith("/") else None


def _kind_by_host(parts: SplitResult) -> str:
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    if host in _YOUTUBE and ("live_stream" in parts.path or _YOUTUBE_FILM.search(parts.geturl())):
        return "youtube"
    if host in ("vimeo.com", "player.vimeo.com") and _VIMEO_FILM.fullmatch(parts.path):
        return "vimeo"
    return "jitsi" if host == "meet.jit.si" and len(parts.path) > 1 else ""


def _kind_by_path(parts: SplitResult) -> str:
    if not parts.netloc:
        return ""
    return next((kind for kind, path in _PATHS.items() if path.fullmatch(parts.path)), "")
