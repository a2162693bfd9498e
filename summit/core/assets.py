"""Static files under an address that changes with their content, so that browsers may keep them for ever."""

import gzip
import hashlib
import mimetypes
from functools import cache, cached_property, lru_cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from summit.core import joining
from summit.core.errors import NotFound
from summit.core.joining import join, short
from summit.core.paths import folder

_FOREVER = "public, max-age=31536000, immutable"
_TEXTS = {".js", ".mjs", ".css", ".svg"}

mimetypes.add_type("text/vtt", ".vtt")
mimetypes.add_type("application/vnd.apple.mpegurl", ".m3u8")
mimetypes.add_type("video/mp2t", ".ts")
mimetypes.add_type("video/iso.segment", ".m4s")
mimetypes.add_type("font/woff2", ".woff2")
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("text/javascript", ".mjs")


@cache
def our_assets() -> "Assets":
    """Those of this installation, read once in each process."""
    return Assets(folder("static"))


class Assets:
    """The files of one folder. Browsers get all style sheets as one answer, and each page's script with its modules.

    They are joined when a browser first asks for one: a server is to be there at once. `CannotJoin` is raised then,
    where a script is written in a way that cannot be joined.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.version = self._digest()[:12]

    def url(self, path: str) -> str:
        """The address of a file, such as ``js/room.js``."""
        return f"/static/{self.version}/{path}"

    def routes(self) -> list[Route]:
        return [Route("/static/{version}/{path:path}", self._serve, name="static")]

    @cached_property
    def _joined(self) -> dict[str, bytes]:
        """By path: the pages' scripts; the style sheets of all pages as ``css/all.css``, those in ``css/desk/`` as
        ``css/desk.css`` and so on, in the order of their names."""
        styles = {"css/all.css": self._styles("css")}
        styles |= {f"css/{one.name}.css": self._styles(f"css/{one.name}") for one in (self.root / "css").glob("*/")}
        pages = sorted(f"js/{path.name}" for path in (self.root / "js").glob("*.js"))
        scripts = join(pages, lambda path: (self.root / path).read_text(encoding="utf-8"))
        return {path: text.encode() for path, text in sorted((styles | scripts).items())}

    def _styles(self, folder: str) -> str:
        return short("\n".join(path.read_text(encoding="utf-8") for path in sorted((self.root / folder).glob("*.css"))))

    def _digest(self) -> str:
        """Changes when any answer does."""
        # What is joined follows from the files and from how that is done.
        digest = hashlib.sha256(Path(joining.__file__).read_bytes())
        for path in sorted(self.root.rglob("*")):
            if path.is_file() and "media" not in path.relative_to(self.root).parts:
                digest.update(str(path.relative_to(self.root)).encode() + b"\0" + path.read_bytes())
        return digest.hexdigest()

    async def _serve(self, request: Request) -> Response:
        name = request.path_params["path"]
        # Media are named without a version by programmes and captions: those addresses must not be kept for ever.
        if request.path_params["version"] == "media":
            return self._file(f"media/{name}", "public, max-age=3600")
        if name in self._joined or Path(name).suffix in _TEXTS:
            return self._text(name, is_gzipped="gzip" in request.headers.get("accept-encoding", ""))
        return self._file(name, _FOREVER)

    def _file(self, name: str, caching: str) -> Response:
        return FileResponse(self._path(name), media_type=_kind(name), headers={"cache-control": caching})

    def _text(self, name: str, *, is_gzipped: bool) -> Response:
        headers = {"cache-control": _FOREVER, "vary": "Accept-Encoding"}
        body = self._joined.get(name) or self._path(name).read_bytes()
        if is_gzipped:
            headers["content-encoding"] = "gzip"
            body = _gzipped(body)
        return Response(body, media_type=_kind(name), headers=headers)

    def _path(self, name: str) -> Path:
        path = (self.root / name).resolve() if "\0" not in name else self.root
        if not path.is_relative_to(self.root) or not path.is_file():
            raise NotFound
        return path


def _kind(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


# The texts are few and change only with the program: each is compressed as well as can be, but once.
@lru_cache(maxsize=100)
def _gzipped(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)
