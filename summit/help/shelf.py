"""Which pages of help there are, for whom, and in which languages."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image

from summit.core.i18n import LANGUAGES
from summit.help.rendering import Rendered, rendered

FOLDER = Path(__file__).parent
_SVG_SIZE = re.compile(r"(?:width|height)='(\d+)'")
PICTURES, EXAMPLES = "pictures", "deploy"

SHELF: dict[str, tuple[str, ...]] = {
    "participants": ("calendars",),
    "moderators": (),
    "organisers": ("calendars",),
    "operators": ("deployment", "benchmarks", "calendars"),
}
"""For whom, and the names of their pages in the order in which to read them."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page in a language, which may be another than the reader's."""

    name: str
    lang: str
    text: Rendered


def page_named(name: str, language: str) -> Page | None:
    """The page in that language, or else in another; None where there is no page of that name."""
    if not any(name in names for names in SHELF.values()):
        return None
    found = (_read(FOLDER, name, tag) for tag in (language, *LANGUAGES))
    return next((page for page in found if page), None)


def shelf(language: str) -> dict[str, list[Page]]:
    """All pages, by for whom they are."""
    return {
        readers: [page for name in names if (page := page_named(name, language))] for readers, names in SHELF.items()
    }


def picture(name: str) -> Path | None:
    """The file of a picture; None where there is none of that name."""
    return _file(PICTURES, name)


def example(name: str) -> Path | None:
    """A file for operators to begin with; None where there is none of that name."""
    return _file(EXAMPLES, name)


def _file(folder: str, name: str) -> Path | None:
    return next((path for path in (FOLDER / folder).iterdir() if path.name == name), None)


# The files come with the program and change only with it.
@cache
def _read(folder: Path, name: str, lang: str) -> Page | None:
    path = folder / f"{name}.{lang}.md"
    return Page(name, lang, rendered(path.read_text(encoding="utf-8"), _size)) if path.is_file() else None


def _size(path: str) -> tuple[int, int]:
    if path.endswith(".svg"):
        width, height = _SVG_SIZE.findall((FOLDER / path).read_text(encoding="utf-8"))[:2]
        return int(width), int(height)
    with Image.open(FOLDER / path) as found:
        return found.size
