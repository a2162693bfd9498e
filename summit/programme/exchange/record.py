"""What a reader of a format found, before anybody has understood it. All formats come to this one form."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from summit.programme.values import UnreadableProgramme

T = TypeVar("T")
Place = Callable[[str], int | None]
_NO_ALIASES: Mapping[str, str] = {}


class Record:
    """One object of a file, with raw values under the names of the frab JSON format, and where each stands.

    `line_of` gives the line of a field, or of the whole for ``""``. `aliases` are the names that the file's own format
    has for fields: people know only those.
    """

    def __init__(
        self, fields: Mapping[str, object], path: str, line_of: Place, aliases: Mapping[str, str] = _NO_ALIASES
    ) -> None:
        self.fields, self.path = fields, path
        self._line_of, self._aliases = line_of, aliases

    def read(self, field: str, how: Callable[[object], T]) -> T:
        """The field's value as `how` understands it; raises `UnreadableProgramme` where that raises ValueError."""
        try:
            return how(self.fields.get(field))
        except ValueError as error:
            raise self.wrong(str(error), field) from None

    def has(self, field: str) -> bool:
        """Whether the file says anything there."""
        return self.fields.get(field) not in (None, "")

    def each(self, field: str, how: Callable[[object], T]) -> list[T]:
        """As `read`, for each item of a list; none where it is missing or empty."""
        value = self.fields.get(field)
        if value in (None, "", {}):
            return []
        if not isinstance(value, list):
            raise self.wrong("is not a list", field)
        try:
            return [how(item) for item in value]
        except ValueError as error:
            raise self.wrong(str(error), field) from None

    def line(self, field: str = "") -> int | None:
        """The line that the field stands on."""
        return self._line_of(field)

    def wrong(self, problem: str, field: str = "") -> UnreadableProgramme:
        """The error to raise for that field, or for the whole record."""
        named = self._aliases.get(field, field)
        path = ", ".join(part for part in (self.path, named) if part)
        return UnreadableProgramme(problem, line=self.line(field), field=path)


class Room(NamedTuple):
    """A room within a day. `name` and `guid` are raw."""

    name: object
    guid: object
    events: Sequence[Record]


class DayFound(NamedTuple):
    """A day as the file has it; a table has one that says nothing."""

    record: Record
    rooms: Sequence[Room]


class Found(NamedTuple):
    """A whole file.

    `conference` has the fields of the schedule around it, too (`version`, `base_url`, `rooms`), and in `beyond` what
    that module explains. `table` says that rows may be without a time, and that they know fields which the schedule
    formats don't have.
    """

    conference: Record
    days: Sequence[DayFound]
    table: bool = False
