"""How far a summit has come: figures, and what is to be done until it can be published."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.i18n import _, ngettext
from summit.programme import values
from summit.programme.changes import Changes, changes_between
from summit.programme.drafts import programme_of, rows_of
from summit.programme.editing.summits import summit_row
from summit.programme.models import Release
from summit.programme.plain import decoded
from summit.programme.releases import carried_on, last_release
from summit.programme.warnings import Warning, find, is_pause, private_of

Standing = Literal["done", "open", "look"]


@dataclass(frozen=True)
class Step:
    """One thing to do: whether it is done, open, or done with something to look at; `path` leads there."""

    name: str
    standing: Standing
    detail: str
    path: str


@dataclass(frozen=True)
class Overview:
    """The draft in figures, beside the last release."""

    programme: values.Programme
    changes: Changes
    warnings: list[Warning]
    last: Release | None
    confirmed: list[values.Session] = field(default_factory=list)

    @property
    def placed(self) -> int:
        """How many sessions have a time."""
        return sum(session.start is not None for session in self.confirmed)

    @property
    def unplaced(self) -> int:
        """How many wait in the tray."""
        return len(self.confirmed) - self.placed

    @property
    def released_at(self) -> datetime | None:
        """When the public got what it sees now."""
        return self.last.made_at if self.last else None

    @property
    def has_changes(self) -> bool:
        """Whether a release would change anything."""
        return self.last is None or bool(len(self.changes))

    @property
    def steps(self) -> list[Step]:
        """What is to be done, in the order in which it is best done."""
        return _steps(self)

    @property
    def next(self) -> Step | None:
        """The first thing that is open, else what should be looked at; None when all is done."""
        steps = self.steps
        return next((step for kind in ("open", "look") for step in steps if step.standing == kind), None)


async def overview_of(db: AsyncSession, summit_id: str, now: datetime) -> Overview:
    """How far it is; raises `NotFound`."""
    rows = await rows_of(db, await summit_row(db, summit_id))
    programme, last = programme_of(rows), await last_release(db, summit_id)
    before = decoded(last.body) if last else None
    changes = changes_between(before, carried_on(before, programme, now))
    warnings = find(programme, await private_of(db, rows))
    confirmed = [session for session in programme.sessions if session.state == "confirmed"]
    return Overview(programme, changes, warnings, last, confirmed)


def _steps(found: Overview) -> list[Step]:
    programme = found.programme
    return [
        _texts(programme),
        _stages(programme),
        _step(
            _("Themes"),
            bool(programme.themes),
            ngettext("%(num)s theme", "%(num)s themes", len(programme.themes)) % {"num": len(programme.themes)}
            if programme.themes
            else _("Give visitors a few themes to find their way by."),
            "themes",
        ),
        _types(programme, found.confirmed),
        _sessions(found.confirmed),
        _placing(found),
        _warnings(found),
        _rules(programme),
        _release(found),
    ]


def _texts(programme: values.Programme) -> Step:
    lacking = [
        name
        for name, text in ((_("tagline"), programme.tagline), (_("description"), programme.description))
        if not text
    ]
    half = [
        language
        for language in programme.languages
        if any(text and not text.get(language) for text in (programme.title, programme.tagline, programme.description))
    ]
    if lacking:
        detail = _("Still missing: %(what)s.") % {"what": ", ".join(lacking)}
        return Step(_("Texts of the front page"), "open", detail, "summit")
    if half:
        return Step(_("Texts of the front page"), "look", _("Some are not there in all languages."), "summit")
    return Step(_("Texts of the front page"), "done", _("Name, tagline and description"), "summit")


def _stages(programme: values.Programme) -> Step:
    count = len(programme.stages)
    without = [stage for stage in programme.stages if stage.stream is None or not stage.stream.url]
    if not count:
        detail = _("Add the stages, and where each sends its stream.")
        return Step(_("Stages with streams"), "open", detail, "stages")
    if without:
        words = ngettext("%(num)s stage has no stream yet.", "%(num)s stages have no stream yet.", len(without))
        return Step(_("Stages with streams"), "look", words % {"num": len(without)}, "stages")
    words = ngettext("%(num)s stage", "%(num)s stages", count)
    return Step(_("Stages with streams"), "done", words % {"num": count}, "stages")


def _types(programme: values.Programme, sessions: list[values.Session]) -> Step:
    known = {one.key for one in programme.types}
    strange = Counter(session.type for session in sessions if session.type and session.type not in known)
    name = _("Types of sessions")
    if not known and not strange:
        return Step(name, "open", _("Add the usual ones with one button."), "types")
    if strange:
        words = ngettext(
            "%(num)s type is used but not in your list.", "%(num)s types are used but not in your list.", len(strange)
        )
        return Step(name, "look", words % {"num": len(strange)}, "types")
    words = ngettext("%(num)s type", "%(num)s types", len(known))
    return Step(name, "done", words % {"num": len(known)}, "types")


def _sessions(sessions: list[values.Session]) -> Step:
    name, talks = _("Sessions and speakers"), [session for session in sessions if not is_pause(session)]
    if not sessions:
        return Step(name, "open", _("Write them here, or import a file."), "sessions")
    alone = sum(not session.speakers for session in talks)
    if alone:
        words = ngettext("%(num)s session has no speaker yet.", "%(num)s sessions have no speaker yet.", alone)
        return Step(name, "look", words % {"num": alone}, "sessions")
    words = ngettext("%(num)s session", "%(num)s sessions", len(sessions))
    return Step(name, "done", words % {"num": len(sessions)}, "sessions")


def _placing(found: Overview) -> Step:
    name = _("Every session in the schedule")
    if not found.confirmed:
        return Step(name, "open", _("Sessions wait beside the schedule until you place them."), "schedule")
    if found.unplaced:
        words = ngettext("%(num)s waits for a time.", "%(num)s wait for a time.", found.unplaced)
        return Step(name, "open", words % {"num": found.unplaced}, "schedule")
    return Step(name, "done", _("All have a time."), "schedule")


def _warnings(found: Overview) -> Step:
    name, count = _("Warnings"), len(found.warnings)
    if count:
        words = ngettext("%(num)s warning", "%(num)s warnings", count)
        return Step(name, "look", words % {"num": count}, "schedule#warnings")
    return Step(name, "done" if found.placed else "open", _("None"), "schedule")


def _rules(programme: values.Programme) -> Step:
    is_done = bool(programme.code_of_conduct and programme.privacy)
    detail = _("Both are there.") if is_done else _("Say how people treat each other, and what you keep about them.")
    return _step(_("Code of conduct and privacy"), is_done, detail, "summit/rules")


def _release(found: Overview) -> Step:
    if found.last is None:
        return Step(_("Publishing"), "open", _("The public sees nothing of it yet."), "releases")
    count = len(found.changes)
    if count:
        words = ngettext("%(num)s change is not published.", "%(num)s changes are not published.", count)
        return Step(_("Publishing"), "look", words % {"num": count}, "releases")
    return Step(_("Publishing"), "done", _("The public sees everything."), "releases")


def _step(name: str, is_done: bool, detail: str, path: str) -> Step:
    return Step(name, "done" if is_done else "open", detail, path)
