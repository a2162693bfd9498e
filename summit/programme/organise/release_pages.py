"""Organisers' pages about releases: what waits in the draft, publishing it, earlier ones, taking the last back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from wtforms import Form, StringField

from summit.core.errors import Invalid, NotFound
from summit.core.services import services
from summit.core.web import render, see_other, submitted
from summit.people.models import AuditEntry, Person
from summit.programme import cards
from summit.programme.cards import Card, Reader
from summit.programme.change_words import counted, groups
from summit.programme.editing.tracking import Editor, editor_of
from summit.programme.organising import Organised, organise
from summit.programme.past_releases import past_release, past_releases
from summit.programme.published import Published
from summit.programme.publishing import (
    NOTE_LENGTH,
    AfterRelease,
    Unseen,
    compared_draft,
    edits_since,
    publish,
    take_back,
    without_last,
)
from summit.programme.values import Programme
from summit.programme.warnings import warnings_of

_LARGEST = 2**31 - 1


class ReleaseForm(Form):
    """A note, and what the organiser had before them: the digest of the draft, and when it was shown."""

    note = StringField()
    seen = StringField()
    shown_at = StringField()


class ReleasePages:
    """The pages, with what follows from a release: each of `after` is called in its transaction."""

    def __init__(self, after: Sequence[AfterRelease]) -> None:
        self._after = tuple(after)

    async def releases(self, request: Request) -> Response:
        """What has changed in the draft since the last release, and all releases."""
        summit, person = await organise(request)
        return await _overview(request, summit, person)

    async def release(self, request: Request) -> Response:
        """Publishes the draft, as far as it is what the organiser saw; else shows what it has become."""
        summit, person = await organise(request)
        form, house = await submitted(request, ReleaseForm), services(request)
        said = form.note.data or ""
        try:
            async with house.db.writer() as db:
                made = await publish(
                    db,
                    summit.id,
                    _editor(request, person),
                    seen=form.seen.data or "",
                    said=said,
                    base_url=house.mail_base_url(request),
                    after=self._after,
                )
        except Invalid as invalid:
            return await _overview(request, summit, person, status=422, errors=invalid.errors, note=said)
        except Unseen as unseen:
            if number := await _is_out(request, summit, person):
                # The same form once more, or a second organiser who wanted the same.
                return see_other(f"/{summit.slug}/organise/releases?published={number}")
            edits = await _edits(request, summit, form.shown_at.data or "")
            return await _overview(request, summit, person, status=409, note=said, unseen=unseen.message, edits=edits)
        return see_other(f"/{summit.slug}/organise/releases?published={made.release.number}")

    async def earlier(self, request: Request) -> Response:
        """One release: what it changed, and the programme as it was."""
        summit, _person = await organise(request)
        async with services(request).db.reader() as db:
            found, programme = await past_release(db, summit.id, _number(request))
        return render(
            request,
            "programme/organise/release.html",
            release=found,
            is_last=found.number == summit.number,
            change_groups=groups(found.changes, summit.tz),
            counted=counted(found.changes),
            **_as_listed(request, summit, programme),
        )

    async def preview(self, request: Request) -> Response:
        """The draft as the public would see it."""
        summit, person = await organise(request)
        async with services(request).db.reader() as db:
            found = await compared_draft(db, summit.id, _editor(request, person))
        listed = _as_listed(request, summit, found.programme)
        return render(request, "programme/organise/release_preview.html", changes=found.changes, **listed)

    async def withdrawal(self, request: Request) -> Response:
        """Says what taking the last release back would do."""
        summit, person = await organise(request)
        return await _withdrawal(request, summit, person)

    async def withdraw(self, request: Request) -> Response:
        """Takes the last release back."""
        summit, person = await organise(request)
        form, house = await submitted(request, ReleaseForm), services(request)
        said = form.note.data or ""
        try:
            async with house.db.writer() as db:
                made = await take_back(
                    db,
                    summit.id,
                    _number(request),
                    _editor(request, person),
                    said=said,
                    base_url=house.mail_base_url(request),
                    after=self._after,
                )
        except Invalid as invalid:
            return await _withdrawal(request, summit, person, status=422, errors=invalid.errors, note=said)
        return see_other(f"/{summit.slug}/organise/releases?published={made.release.number}")


async def _overview(
    request: Request,
    summit: Organised,
    person: Person,
    *,
    status: int = 200,
    errors: dict[str, str] | None = None,
    note: str = "",
    unseen: str = "",
    edits: Sequence[AuditEntry] = (),
) -> Response:
    house = services(request)
    async with house.db.reader() as db:
        found = await compared_draft(db, summit.id, _editor(request, person))
        newest = request.query_params.get("newest", "")
        known = await past_releases(db, summit.id, newest=_page(newest), most=21)
        warnings = await warnings_of(db, summit.id)
    return render(
        request,
        "programme/organise/releases.html",
        status=status,
        errors=errors or {},
        note=note,
        note_length=NOTE_LENGTH,
        unseen=unseen,
        edits=edits,
        draft=found,
        change_groups=groups(found.changes, summit.tz),
        counted=counted(found.changes),
        warnings=len(warnings),
        unplaced=sum(one.start is None and one.state == "confirmed" for one in found.programme.sessions),
        releases=[(one, counted(one.changes)) for one in known[:20]],
        older=known[20].number if len(known) > 20 else None,
        last_number=summit.number,
        published=request.query_params.get("published", ""),
    )


async def _withdrawal(
    request: Request,
    summit: Organised,
    person: Person,
    *,
    status: int = 200,
    errors: dict[str, str] | None = None,
    note: str = "",
) -> Response:
    async with services(request).db.reader() as db:
        last, _programme, changes = await without_last(db, summit.id, _number(request), _editor(request, person))
    return render(
        request,
        "programme/organise/release_withdrawal.html",
        status=status,
        errors=errors or {},
        note=note,
        note_length=NOTE_LENGTH,
        release=last,
        change_groups=groups(changes, summit.tz),
        counted=counted(changes),
    )


def _as_listed(request: Request, summit: Organised, programme: Programme) -> dict[str, Any]:
    """A programme by day, as public pages list it; links lead to where organisers edit the sessions."""
    now = services(request).clock()
    shown = Published(summit.id, summit.slug, summit.open_to_all, "", 0, now, programme)
    reader = Reader(now, summit.tz)
    listed = [_for_organisers(summit, cards.card(shown, one, reader)) for one in shown.placed]
    unplaced = [cards.card(shown, one, reader) for one in programme.sessions if one.start is None]
    return {
        "days": cards.days(shown, listed, now),
        "unplaced": [_for_organisers(summit, one) for one in unplaced],
        "programme": programme,
    }


def _for_organisers(summit: Organised, card: Card) -> Card:
    return replace(card, url=f"/{summit.slug}/organise/sessions/{card.session.code}", ics_url="", live_url="")


async def _is_out(request: Request, summit: Organised, person: Person) -> int | None:
    """The number of the last release, where that is the draft as it stands."""
    async with services(request).db.reader() as db:
        found = await compared_draft(db, summit.id, _editor(request, person))
    return None if found.changes or summit.number is None else summit.number


async def _edits(request: Request, summit: Organised, shown_at: str) -> list[AuditEntry]:
    try:
        since = datetime.fromisoformat(shown_at).astimezone(UTC)
    except (ValueError, OverflowError):
        return []
    async with services(request).db.reader() as db:
        return await edits_since(db, summit.id, since)


def _editor(request: Request, person: Person) -> Editor:
    return editor_of(person, services(request).clock)


def _page(newest: str) -> int | None:
    return int(newest) if newest.isdecimal() and len(newest) < 9 else None


def _number(request: Request) -> int:
    number: int = request.path_params["number"]
    if number > _LARGEST:
        raise NotFound
    return number


def routes(after: Sequence[AfterRelease] = ()) -> list[Route]:
    """The addresses of releases; `after` are called with each release, in its transaction."""
    pages, at = ReleasePages(after), "/{summit}/organise/releases"
    return [
        Route(at, pages.releases, methods=["GET"], name="releases"),
        Route(at, pages.release, methods=["POST"], name="release"),
        Route(f"{at}/{{number:int}}", pages.earlier, methods=["GET"], name="earlier-release"),
        Route(f"{at}/{{number:int}}/withdrawal", pages.withdrawal, methods=["GET"], name="release-withdrawal"),
        Route(f"{at}/{{number:int}}/withdrawal", pages.withdraw, methods=["POST"], name="withdraw-release"),
        Route("/{summit}/organise/preview", pages.preview, methods=["GET"], name="preview"),
    ]
