"""JSON that knows its lines."""

import json
import re
from collections.abc import Mapping
from functools import cached_property

from summit.programme.values import UnreadableProgramme

_TOKEN = re.compile(r'("(?:[^"\\]|\\.)*")(\s*:)?|[{}]', re.DOTALL)


class Source:
    """A JSON text and its objects' places."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._objects = 0

    def parsed(self) -> object:
        """Its value; raises `UnreadableProgramme` with the line for what is not JSON (RFC 8259)."""
        try:
            return json.loads(self._text, object_pairs_hook=self._numbered)
        except json.JSONDecodeError as error:
            raise UnreadableProgramme(f"is not JSON: {error.msg}", line=error.lineno) from None
        except RecursionError:
            raise UnreadableProgramme("is nested too deeply") from None
        except ValueError as error:
            raise UnreadableProgramme(f"is not JSON: {error}") from None

    def place(self, value: Mapping[str, object]) -> "Place":
        """Where the fields of an object stand that this text has given."""
        return Place(self, value.number if isinstance(value, _Numbered) else -1)

    def _numbered(self, pairs: list[tuple[str, object]]) -> "_Numbered":
        found = _Numbered()
        for key, value in pairs:
            known = found.get(key)
            # A room that comes twice keeps all its events.
            found[key] = [*known, *value] if isinstance(known, list) and isinstance(value, list) else value
        found.number, self._objects = self._objects, self._objects + 1
        return found

    @cached_property
    def positions(self) -> list[dict[str, int]]:
        """By object, in the order in which they end: where it begins (``""``) and where its fields stand."""
        ended: list[dict[str, int]] = []
        still_open: list[dict[str, int]] = []
        for token in _TOKEN.finditer(self._text):
            if token[0] == "{":
                still_open.append({"": token.start()})
            elif token[0] == "}":
                ended.append(still_open.pop())
            elif token[2] is not None:
                still_open[-1].setdefault(json.loads(token[1]), token.start())
        return ended

    def line_at(self, position: int) -> int:
        return self._text.count("\n", 0, position) + 1


class Place:
    """The line of each field of one object; the object's own where a field is missing."""

    def __init__(self, source: Source, number: int) -> None:
        self._source, self._number = source, number

    def __call__(self, field: str) -> int | None:
        if self._number < 0:
            return None
        fields = self._source.positions[self._number]
        return self._source.line_at(fields.get(field, fields[""]))


class _Numbered(dict[str, object]):
    """An object that knows as which one it ended: so its place is found again when somebody asks for it."""

    number = -1
