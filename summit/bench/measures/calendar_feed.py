"""A calendar of 600 sessions: sent against the same bytes from a bare response, and built against icalendar alone."""

import gc
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import msgspec
from icalendar import Calendar, Component, Event

from summit.bench.bare import a_second, against_bare, compared
from summit.bench.findings import Finding, Plot, Table, at_most, middle
from summit.bench.furnishing import SLUG, programme_of
from summit.bench.lab import Lab, Measure
from summit.bench.requests import ask, get
from summit.calendar.feeds import feed
from summit.core.texts import Texts
from summit.programme.values import Programme

EVENTS = 600
_CURRENT = datetime(2026, 1, 1, tzinfo=UTC)
Property = tuple[str, Any, dict[str, str]]
"""Its name, a value of Python's own, and its parameters."""


def run(lab: Lab) -> Finding:
    """Both."""
    finding = Finding(MEASURE.name, MEASURE.title)
    _send(lab, finding)
    _build(lab, finding)
    return finding


def _send(lab: Lab, finding: Finding) -> None:
    furnished = lab.furnish(sessions=lab.size(EVENTS, 60))
    path = f"/{SLUG}/programme.ics"
    with lab.summit(furnished) as child, lab.python_server("page") as bare_server:
        whole = ask(child.port, get(path, child.host))
        what = f"a calendar of {lab.size(EVENTS, 60)} sessions, {len(whole.body) / 1000:.0f} kB compressed"
        ours, bare = against_bare(lab, child, path, whole, bare_server)
    table, check, client = compared(what, ours, bare, 0.6)
    finding.tables.append(table)
    finding.checks += [check, client]
    bars = [("Summit", a_second(ours)), ("bare response", a_second(bare))]
    finding.plots.append(Plot("calendar-feed", "A calendar is sent", "requests a second", bars=bars))


def _build(lab: Lab, finding: Finding) -> None:
    """Each time with other texts, as what was built before is remembered in parts."""
    ours, alone, programme = [], [], programme_of(lab.size(EVENTS, 60))
    for number in range(lab.rounds + 2):
        fresh = _with_other_texts(programme, number)
        took, built = _timed(partial(_feed, fresh))
        ours.append(took)
        parts = [[*_plain(one)] for one in Calendar.from_ical(built).walk("VEVENT")]
        took, again = _timed(partial(_by_icalendar, parts))
        alone.append(took)
        if again.count(b"BEGIN:VEVENT") != built.count(b"BEGIN:VEVENT"):
            raise RuntimeError("icalendar alone built another calendar")
    ratios = [one / other for one, other in zip(ours, alone, strict=True)]
    table = Table(f"building a calendar of {lab.size(EVENTS, 60)} sessions", ("", "ms of processor time"))
    table.rows = [("Summit, from the programme", middle(ours) * 1e3), ("icalendar alone", middle(alone) * 1e3)]
    finding.tables.append(table)
    finding.checks.append(at_most("first build of a calendar, against icalendar alone", middle(ratios), 1.2))


def _feed(programme: Programme) -> bytes:
    return feed(
        programme,
        programme.sessions,
        base_url="https://summit.example",
        slug=SLUG,
        language="sv",
        released_at=_CURRENT,
    )


def _with_other_texts(programme: Programme, number: int) -> Programme:
    def other(texts: Texts) -> Texts:
        return Texts({language: f"{text} ({number})" for language, text in texts.items()})

    change = msgspec.structs.replace
    return change(
        programme,
        speakers=tuple(change(one, name=f"{one.name} {number}") for one in programme.speakers),
        stages=tuple(change(one, name=other(one.name)) for one in programme.stages),
        themes=tuple(change(one, name=other(one.name)) for one in programme.themes),
        sessions=tuple(change(one, title=other(one.title), abstract=other(one.abstract)) for one in programme.sessions),
    )


def _plain(component: Component) -> Iterable[Property]:
    """What is in an event, as somebody would hand it to the package."""
    for name, value in component.property_items(recursive=False):
        if name not in ("BEGIN", "END"):
            params = {key: str(said) for key, said in value.params.items() if key != "TZID"}  # type: ignore[attr-defined]
            yield name, _native(value), params


def _native(value: Any) -> Any:
    if hasattr(value, "dt"):
        return value.dt
    if hasattr(value, "cats"):
        return [str(one) for one in value.cats]
    return int(value) if isinstance(value, int) else str(value)


def _by_icalendar(events: list[list[Property]]) -> bytes:
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", "-//Summit//Programme//EN")
    for properties in events:
        event = Event()
        for name, value, params in properties:
            event.add(name, value, parameters=params)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _timed(make: Callable[[], bytes]) -> tuple[float, bytes]:
    gc.collect()
    began = time.process_time()
    made = make()
    return time.process_time() - began, made


MEASURE = Measure("calendar_feed", "A calendar of the whole programme", run)
