"""What was typed into an organisers' form, field by field, and what of it cannot be understood."""

import re
from datetime import date, time

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from summit.core.errors import Invalid
from summit.core.i18n import _
from summit.core.texts import Texts
from summit.programme.editing.texts import texts_from
from summit.programme.editing.tracking import Seen
from summit.programme.years import is_of_our_time, other_years

_MOST_FIELDS = 800
_ROW = re.compile(r"(\d{1,3})\.(\w+)")


class Typed:
    """A form as it was sent. What cannot be understood is noted in `errors`, by field; `demand` then refuses it."""

    def __init__(self, form: FormData) -> None:
        self.sent = self._form = form
        self.errors: dict[str, str] = {}

    @classmethod
    async def read(cls, request: Request, *, most_files: int = 0) -> "Typed":
        """The request's form, with at most that many files."""
        return cls(await request.form(max_files=most_files, max_fields=_MOST_FIELDS))

    @property
    def seen(self) -> Seen:
        """The revision that the form showed; the first where it does not say, so that nothing is lost unseen."""
        return Seen.read(self.text("revision"))

    def text(self, name: str) -> str:
        """One text, without space around it; empty where there is none."""
        value = self._form.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def texts(self, name: str) -> Texts:
        """A text by language."""
        return texts_from(self._form, name)

    def ticked(self, name: str) -> bool:
        """Whether it was ticked, or the button with that name pressed."""
        return name in self._form

    def all(self, name: str) -> list[str]:
        """All values under that name."""
        return [value for value in self._form.getlist(name) if isinstance(value, str)]

    def number(self, name: str) -> int | None:
        """A whole number; None where the field is empty."""
        text = self.text(name)
        found = self._whole(text)
        if text and found is None:
            self.errors.setdefault(name, _("Enter a whole number, in digits."))
        return found

    def day(self, name: str) -> date | None:
        """A date as browsers send it (ISO 8601); None where the field is empty."""
        text = self.text(name)
        try:
            found = date.fromisoformat(text) if text else None
        except ValueError:
            self.errors.setdefault(name, _("Enter a date as year, month and day, such as 2026-11-10."))
            return None
        if found is not None and not is_of_our_time(found):
            self.errors.setdefault(name, other_years())
            return None
        return found

    def clock(self, name: str) -> time | None:
        """A time of day; None where the field is empty."""
        text = self.text(name).replace(".", ":")
        found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?", text)
        if text and not found:
            self.errors.setdefault(name, _("Enter a time as hours and minutes, such as 09:30."))
        return time(int(found[1]), int(found[2])) if found else None

    def rows(self, name: str) -> list[dict[str, str]]:
        """The rows of fields named ``hosts.0.url``, in order, by the last part of these names."""
        return [row for _number, row in self.numbered(name)]

    def numbered(self, name: str) -> list[tuple[int, dict[str, str]]]:
        """As `rows`, each with the number that its fields have."""
        found: dict[int, dict[str, str]] = {}
        start = f"{name}."
        for key, value in self._form.multi_items():
            row = _ROW.fullmatch(key.removeprefix(start)) if key.startswith(start) else None
            if row and isinstance(value, str):
                found.setdefault(int(row[1]), {})[row[2]] = value.strip()
        return sorted(found.items())

    async def file(self, name: str) -> bytes:
        """What was uploaded under that name; empty where nothing was."""
        value = self._form.get(name)
        return await value.read() if isinstance(value, UploadFile) and value.filename else b""

    def demand(self) -> None:
        """Raises `Invalid` where something cannot be understood."""
        if self.errors:
            raise Invalid(errors=self.errors)

    @staticmethod
    def _whole(text: str) -> int | None:
        return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None
