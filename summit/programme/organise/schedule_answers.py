"""What the handlers of the schedule share: the fields that were sent, and the day as the script gets it."""

import re
from collections.abc import Mapping
from datetime import date

from starlette.requests import Request
from starlette.responses import Response
from wtforms import Form, StringField

from summit.core.errors import Invalid
from summit.core.i18n import _, locale
from summit.core.services import services
from summit.core.web import json_response, submitted
from summit.programme.conditional import weak_tag
from summit.programme.editing.tracking import Seen
from summit.programme.organise.schedule import Draft, chosen_day, read_draft, state_of
from summit.programme.organise.schedule_document import document, entry
from summit.programme.organising import Organised


class PlacementForm(Form):
    """Where a session is to stand; `shown` is the day that the script shows."""

    day = StringField()
    time = StringField()
    start = StringField()
    minutes = StringField()
    stage = StringField()
    revision = StringField()
    shown = StringField()


class NewSessionForm(PlacementForm):
    """A session of which little is known yet."""

    title = StringField()
    type = StringField()


async def placed_json(request: Request, summit: Organised, code: str, shown: str, status: int = 200) -> Response:
    """The session and the day as they are now, for the script."""
    async with services(request).db.reader() as db:
        draft, state = await read_draft(db, summit.id), await state_of(db, summit.id)
    session = entry(draft, draft.session(code))
    day = document(draft, day_of_page(request, draft, shown)) | {"tag": weak_tag(state, shown, locale())}
    return json_response(day | {"session": session, "revision": session["revision"]}, status)


def day_of_page(request: Request, draft: Draft, asked: str) -> date:
    """The day that a page shows."""
    return chosen_day(draft.programme, asked, services(request).clock())


async def fields_of(request: Request, form: type[PlacementForm]) -> dict[str, str]:
    """The fields that were sent."""
    sent = await submitted(request, form)
    return {name: value for name, value in sent.data.items() if isinstance(value, str)}


def revision_of(fields: Mapping[str, str]) -> Seen:
    """The revision that the form showed; raises `Invalid` where it says none."""
    if not re.fullmatch(r"[0-9]{1,9}(-[0-9]{1,9})?", fields.get("revision", "")):
        raise Invalid(errors={"": _("Open the page again and try once more.")})
    return Seen.read(fields["revision"])
