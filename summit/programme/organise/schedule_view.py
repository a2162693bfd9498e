"""The schedule as lists in words: what the editor's page shows before, and without, a script."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from summit.core.i18n import _, clock_time, locale, short_date
from summit.programme import values
from summit.programme.kinds import type_name
from summit.programme.organise.schedule import Draft, day_of, days_of
from summit.programme.organise.schedule_document import day_list
from summit.programme.warning_words import said


@dataclass(frozen=True)
class Line:
    """A session in a list: when it is, who appears, and what to look at, in words."""

    session: values.Session
    when: str
    speakers: list[str]
    warnings: list[str]


@dataclass(frozen=True)
class ListView:
    """One day: the sessions by stage (None gathers those without one), and the tray."""

    stages: list[tuple[values.Stage | None, list[Line]]]
    tray: list[Line]
    days: list[dict[str, object]]
    day_choices: list[tuple[str, str]]
    stage_choices: list[tuple[str, str]]
    _draft: Draft

    def warnings_of(self, code: str) -> list[str]:
        """What to look at with one session, in words."""
        return _warnings(self._draft, [code])[code]


def list_view(draft: Draft, day: date) -> ListView:
    """The day in the reader's language."""
    programme, placed, tray = draft.programme, draft.of_day(day), draft.tray()
    told = _warnings(draft, [one.code for one in (*placed, *tray)])
    known = {stage.slug for stage in programme.stages}

    def line(session: values.Session) -> Line:
        return Line(session, span(programme, session), draft.names_of(session), told[session.code])

    stages: list[tuple[values.Stage | None, list[Line]]] = [
        (stage, [line(one) for one in placed if one.stage == stage.slug]) for stage in programme.stages
    ]
    if rest := [line(one) for one in placed if one.stage not in known]:
        stages.append((None, rest))
    days = [(one.isoformat(), short_date(one)) for one in days_of(programme)]
    names = [(one.slug, one.name.best(locale()).text) for one in programme.stages]
    return ListView(
        stages=stages,
        tray=[line(one) for one in tray],
        days=day_list(draft),
        day_choices=[("", _("Not placed")), *days],
        stage_choices=[("", _("No stage")), *names],
        _draft=draft,
    )


def span(programme: values.Programme, session: values.Session) -> str:
    """``10.00–10.45`` in the summit's zone; empty in the tray."""
    if session.start is None or session.end is None:
        return ""
    return f"{clock_time(session.start, programme.tz)}–{clock_time(session.end, programme.tz)}"


def in_words(programme: values.Programme, session: values.Session) -> str:
    """Where a session stands: ``Tue 10 Nov, 10.00–10.45, Main stage``; empty in the tray."""
    day = day_of(session, programme)
    if day is None:
        return ""
    stage = next((one.name.best(locale()).text for one in programme.stages if one.slug == session.stage), _("No stage"))
    return ", ".join((short_date(day), span(programme, session), stage))


def type_choices(programme: values.Programme) -> list[tuple[str, str, int]]:
    """The types that a session can have, each with its usual length; where the summit has none, those in use."""
    if programme.types:
        return [(one.key, type_name(programme, one.key), one.minutes) for one in programme.types]
    used = sorted({one.type for one in programme.sessions if one.type})
    return [(key, type_name(programme, key), 45) for key in used]


def _warnings(draft: Draft, codes: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {code: [] for code in codes}
    for warning in draft.told(codes):
        text = said(warning, draft.programme.tz)
        for code in warning.sessions:
            if code in found:
                found[code].append(text)
    return found
