"""A day of the schedule as plain JSON: what the editor's script shows and keeps up to date."""

from collections import Counter
from datetime import UTC, date
from typing import Any

from summit.core.i18n import locale, short_date
from summit.core.texts import Texts
from summit.programme import values
from summit.programme.kinds import type_name
from summit.programme.organise.schedule import Draft, day_of, days_of, hours_of, window_of
from summit.programme.warning_words import kind_name, said


def document(draft: Draft, day: date) -> dict[str, Any]:
    """The day as plain JSON, in the reader's language, with the tray; moments in UTC."""
    programme, placed = draft.programme, draft.of_day(day)
    opens, closes = hours_of(programme, day)
    first, last = window_of(programme, day, placed)
    shown = [*placed, *draft.tray()]
    return {
        "day": day.isoformat(),
        "from": first.isoformat(),
        "until": last.isoformat(),
        "opens": opens.isoformat(),
        "closes": closes.isoformat(),
        "step": programme.slot_minutes or 5,
        "days": day_list(draft),
        "stages": [{"slug": stage.slug} | _text("name", stage.name) for stage in programme.stages],
        "sessions": [entry(draft, one) for one in shown],
        "warnings": [
            {"kind": one.kind, "name": kind_name(one.kind), "text": said(one, programme.tz), "sessions": one.sessions}
            for one in draft.told([one.code for one in shown])
        ],
    }


def day_list(draft: Draft) -> list[dict[str, Any]]:
    """The days with the numbers of their sessions and warnings."""
    programme = draft.programme
    days = {one.code: day_of(one, programme) for one in programme.sessions}
    sessions = Counter(day for code, day in days.items() if draft.rows[code].state != "cancelled")
    warnings = Counter(day for one in draft.warnings for day in {days[code] for code in one.sessions})
    return [
        {"date": day.isoformat(), "name": short_date(day), "sessions": sessions[day], "warnings": warnings[day]}
        for day in days_of(programme)
    ]


def entry(draft: Draft, session: values.Session) -> dict[str, Any]:
    """One session as plain JSON, in the reader's language."""
    programme, row = draft.programme, draft.rows[session.code]
    theme = draft.themes.get(session.theme)
    day = day_of(session, programme)
    return {
        "code": session.code,
        "type": type_name(programme, session.type),
        "theme": {"colour": theme.colour or "ink", "shape": theme.shape} | _text("name", theme.name) if theme else None,
        "stage": session.stage,
        "start": session.start.astimezone(UTC).isoformat() if session.start else None,
        "day": day.isoformat() if day else "",
        "minutes": session.minutes,
        "speakers": draft.names_of(session),
        "cancelled": session.state == "cancelled",
        "revision": row.revision,
        "by": row.changed_by,
    } | _text("title", session.title)


def _text(name: str, texts: Texts) -> dict[str, str]:
    """The best text, and its language where that is not the reader's."""
    found = texts.best(locale())
    return {name: found.text} | ({f"{name}_lang": found.lang} if found.lang and found.lang != locale() else {})
