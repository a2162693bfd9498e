"""The Swedish words: whole, in step with the source, and safe to fill in."""

import re
import tomllib
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
SWEDISH = ROOT / "summit" / "core" / "locales" / "sv.po"
# Whatever begins with a per cent sign is filled in: a name with its kind, or by mistake something else.
PLACEHOLDER = re.compile(r"%(?:\(\w+\)\w|.|$)", re.DOTALL)


def test_messages_are_found_in_code_pages_and_mail() -> None:
    places = {Path(place).suffix for message in _said().values() for place, _line in message.locations}
    assert places == {".py", ".html", ".txt"}


def test_every_message_has_a_swedish_one() -> None:
    swedish = _swedish()
    assert [key for key in _said() if key not in swedish] == []
    assert [key for key, message in swedish.items() if not all(part.strip() for part in _parts(message.string))] == []


def test_no_swedish_message_is_a_guess() -> None:
    assert [key for key, message in _swedish().items() if message.fuzzy] == []


def test_one_and_many_are_told_apart_where_the_source_does() -> None:
    swedish = _swedish()
    uneven = [
        key
        for key, message in _said().items()
        if key in swedish and len(_parts(message.id)) != len(_parts(swedish[key].string))
    ]
    assert uneven == []


def test_swedish_messages_are_filled_in_with_the_same_values() -> None:
    different = [
        (english, swedish)
        for message in _swedish().values()
        for english, swedish in zip(_parts(message.id), _parts(message.string), strict=False)
        if sorted(PLACEHOLDER.findall(english)) != sorted(PLACEHOLDER.findall(swedish))
    ]
    assert different == []


def test_no_swedish_message_is_left_over() -> None:
    said = _said()
    assert [key for key in _swedish() if key not in said] == []
    assert [message.id for message in _read().obsolete.values()] == []


def test_swedish_is_quoted_the_swedish_way() -> None:
    assert [key for key, message in _swedish().items() if re.search('["“„]', "".join(_parts(message.string)))] == []


def _said() -> dict[tuple[str, ...], Message]:
    """What the source says, found as ``pybabel extract -F pyproject.toml .`` finds it."""
    return _by_key(_extracted())


@cache
def _extracted() -> Catalog:
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    methods = [(mapping["pattern"], mapping["method"]) for mapping in mappings]
    options = {
        mapping["pattern"]: {name: value for name, value in mapping.items() if name not in ("pattern", "method")}
        for mapping in mappings
    }
    found = Catalog()
    for file, line, text, _comments, context in extract_from_dir(ROOT, methods, options):
        found.add(text, locations=[(file, line)], context=context)
    return found


def _swedish() -> dict[tuple[str, ...], Message]:
    return _by_key(_read())


@cache
def _read() -> Catalog:
    with SWEDISH.open("rb") as file:
        return read_po(file, locale="sv")


def _by_key(catalog: Catalog) -> dict[tuple[str, ...], Message]:
    return {(*_parts(message.context), *_parts(message.id)): message for message in catalog if message.id}


def _parts(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    """The forms for one and for many; the only one where there is no number in it."""
    return (text,) if isinstance(text, str) else tuple(text or ())
