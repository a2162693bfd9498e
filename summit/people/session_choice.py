"""The part of a form in which sessions to moderate are chosen: all, or some of a list by day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from starlette.datastructures import FormData
from starlette.requests import Request

from summit.core.errors import Invalid
from summit.core.i18n import _
from summit.people.names import SessionName

_MOST_FIELDS = 3000


@dataclass(frozen=True)
class Choice:
    """What was chosen: the role (``sessions`` for a moderator of single ones) and the ids that are ticked."""

    role: str
    session_ids: tuple[str, ...]
    form: FormData

    def text(self, name: str, most: int) -> str:
        """Another field of the form."""
        found = self.form.get(name)
        return found[:most].replace("\0", "") if isinstance(found, str) else ""

    def checked(self, sessions: Sequence[SessionName]) -> tuple[str, ...]:
        """The ids of the sessions to moderate, none for all; raises `Invalid` where one has to be chosen."""
        if self.role not in ("organiser", "moderator", "sessions"):
            raise Invalid(errors={"role": _("Choose what they are to do.")})
        if self.role != "sessions":
            return ()
        known = {one.id for one in sessions}
        chosen = tuple(id for id in self.session_ids if id in known)
        if not chosen:
            raise Invalid(errors={"sessions": _("Choose at least one session.")})
        return chosen


async def read_choice(request: Request) -> Choice:
    """The form as it was sent; nothing is checked yet."""
    form = await request.form(max_files=0, max_fields=_MOST_FIELDS)
    role = form.get("role")
    ids = tuple(dict.fromkeys(id for id in form.getlist("sessions") if isinstance(id, str)))
    return Choice(role if isinstance(role, str) else "", ids, form)


def by_day(sessions: Sequence[SessionName]) -> list[tuple[date | None, list[SessionName]]]:
    """The sessions that take place, by day, those without a time last."""
    placed = [one for one in sessions if not one.is_cancelled]
    return [(day, list(some)) for day, some in groupby(placed, key=lambda one: one.day)]
