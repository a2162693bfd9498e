"""Static files under an address that changes with their content, so that browsers may keep them for ever."""

import gzip
import hashlib
import mimetypes
import re
from functools import cached_property
from pathlib import Path
from posixpath import dirname, normpath

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from summit.core.errors import NotFound
from summit.core.paths import folder

_FOREVER = "public, max-age=31536000, immutable"
_SQUEEZED = {".js", ".mjs", ".css", ".svg", ".vtt", ".m3u8"}
_STYLES = "css/all.css"
_IMPORT = re.compile(r'^import (?:[^"]* from )?"(\.[^"]+)";', re.MULTILINE)

mimetypes.add_type("text/vtt", ".vtt")
mimetypes.add_type("application/vnd.apple.mpegurl", ".m3u8")
mimetypes.add_type("video/mp2t", ".ts")
mimetypes.add_type("video/iso.segment", ".m4s")
mimetypes.add_type("font/woff2", ".woff2")
mimetypes.add_type("text/javascript", ".mjs")


class Assets:
    """The files of one folder. All style sheets are joined into one answer, in the order of their names."""

    def __init__(self, root: Path | None = None) -> None:
        self.root = root or folder("static")
        self._modules: dict[tuple[str, ...], list[str]] = {}

    @cached_property
    def version(self) -> str:
        """Changes when any file does."""
        digest = hashlib.sha256()
        for path in sorted(self.root.rglob("*")):
            if path.is_file() and "media" not in path.relative_to(self.root).parts:
                digest.update(str(path.relative_to(self.root)).encode() + b"\0" + path.read_bytes())
        return digest.hexdigest()[:12]

    @cached_property
    def styles(self) -> bytes:
        """All style sheets, joined."""
        return b"\n".join(path.read_bytes() for path in sorted((self.root / "css").glob("*.css")))

    def url(self, path: str) -> str:
        """The address of a file, such as ``js/live/room.js``."""
        return f"/static/{self.version}/{path}"

    def modules(self, *scripts: str) -> list[str]:
        """These scripts and all that they import, as addresses for the browser to fetch at once (`modulepreload`)."""
        if scripts not in self._modules:
            self._modules[scripts] = [self.url(path) for path in self._imported(scripts)]
        return self._modules[scripts]

    def _imported(self, scripts: tuple[str, ...]) -> list[str]:
        found: list[str] = []
        wanted = [*scripts]
        while wanted:
            name = wanted.pop(0)
            if name not in found:
                found.append(name)
                text = (self.root / name).read_text(encoding="utf-8")
                wanted += [normpath(f"{dirname(name)}/{imported}") for imported in _IMPORT.findall(text)]
        return found

    def routes(self) -> list[Route]:
        return [Route("/static/{version}/{path:path}", self._serve, name="static")]

    async def _serve(self, request: Request) -> Response:
        name = request.path_params["path"]
        # Media are named without a version by programmes and captions: those addresses must not be kept for ever.
        if request.path_params["version"] == "media":
            return self._file(request, f"media/{name}", "public, max-age=3600")
        return self._file(request, name, _FOREVER)

    def _file(self, request: Request, name: str, caching: str) -> Response:
        headers = {"cache-control": caching}
        if name == _STYLES:
            return self._squeezed(request, self.styles, "text/css", headers)
        if "\0" in name:
            raise NotFound
        path = (self.root / name).resolve()
        if not path.is_relative_to(self.root.resolve()) or not path.is_file():
            raise NotFound
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        if path.suffix in _SQUEEZED:
            return self._squeezed(request, path.read_bytes(), kind, headers)
        return FileResponse(path, media_type=kind, headers=headers)

    def _squeezed(self, request: Request, body: bytes, kind: str, headers: dict[str, str]) -> Response:
        headers["vary"] = "Accept-Encoding"
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["content-encoding"] = "gzip"
            body = gzip.compress(body, mtime=0)
        return Response(body, media_type=kind, headers=headers)
