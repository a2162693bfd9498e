"""How the time of a page grows with what there is: programmes of more sessions, lists of more registrations."""

import asyncio
from collections.abc import Callable

from summit.bench.children import Child
from summit.bench.findings import Check, Finding, Line, Plot, Table, at_most, growth, middle
from summit.bench.furnishing import SLUG, sign_in
from summit.bench.lab import Lab, Measure
from summit.bench.registrations import register
from summit.bench.requests import get, timed
from summit.core.db import Database

FLAT = 0.01
"""Of linear: with a thousand times as many, a page may take eleven times as long."""
Address = Callable[[int], str]
Points = dict[str, list[tuple[float, float]]]
"""Milliseconds of each page, by how many there were."""

# Another one each time, so that no page is kept from the time before.
_ZONES = (
    *("Africa/Cairo", "Africa/Lagos", "Africa/Nairobi", "America/Bogota", "America/Chicago", "America/Denver"),
    *("America/Lima", "America/New_York", "America/Toronto"),
)
_PROGRAMME: dict[str, Address] = {
    "the programme": lambda n: f"/{SLUG}/programme?tz={_ZONES[n]}",
    "all of it on one page, to print": lambda n: f"/{SLUG}/programme/print?tz={_ZONES[n]}",
    "a search that finds one": lambda n: f"/{SLUG}/programme?q=S0000{n}",
}
_LIST = f"/{SLUG}/organise/registrations"
_REGISTRATIONS: dict[str, Address] = {
    "the list": lambda _n: _LIST,
    "its last page": lambda _n: f"{_LIST}?page=999999",
    "a search for one": lambda n: f"{_LIST}?q=.{n}@example",
    "a search that finds one in twenty": lambda _n: f"{_LIST}?q=%C3%A5sa+",
    "those who wait": lambda _n: f"{_LIST}?state=waiting",
    "all by name": lambda _n: f"{_LIST}?sort=name",
}
_NOT_FLAT = ("all by name",)
"""Names are sorted anew: in the language's order, which no index of every database has."""


def run(lab: Lab) -> Finding:
    """Both, as each page is made: none is given again."""
    finding = Finding(MEASURE.name, MEASURE.title)
    points: Points = {}
    for sessions in (10, 100, 1_000)[: lab.size(3, 2)]:
        furnished = lab.furnish(sessions=sessions)
        with lab.summit(furnished, log_level="warning") as child:
            _take(child, _PROGRAMME, sessions, points)
    _tell(finding, "programme-growth", "Pages of a programme, as they are made anew", "sessions", points)
    finding.checks += [_linear(f"{name}, growth with sessions", points[name]) for name in points]
    points = _registrations(lab)
    _tell(finding, "registrations-growth", "Organisers' list of registrations", "registrations", points)
    finding.checks += [
        at_most(f"{name}, growth with registrations", growth(taken), 1 if name in _NOT_FLAT else FLAT)
        for name, taken in points.items()
    ]
    finding.notes.append(
        "Growth: 1 is linear, 0 flat, from the fewest to the most. A page counts as flat where a thousand times as "
        "many registrations make it no more than eleven times as slow: to count them all, an index is walked through."
    )
    return finding


def _registrations(lab: Lab) -> Points:
    """In one database that fills up, over SQLite."""
    furnished, points, there = lab.furnish(), Points(), 0
    organiser = asyncio.run(_an_organiser(furnished.url, furnished.summit_id))
    for wanted in (100, 1_000, 10_000, 100_000)[: lab.size(4, 2)]:
        asyncio.run(register(furnished.url, furnished.summit_id, there, wanted - there))
        there = wanted
        with lab.summit(furnished, log_level="warning") as child:
            _take(child, _REGISTRATIONS, wanted, points, cookie=organiser)
    return points


async def _an_organiser(url: str, summit_id: str) -> str:
    db = Database(url)
    try:
        (organiser,) = await sign_in(db, summit_id, 1, "organiser")
    finally:
        await db.close()
    return organiser.cookie


def _take(child: Child, addresses: dict[str, Address], count: int, points: Points, **headers: str) -> None:
    for name, address in addresses.items():
        requests = [get(address(n), child.host, **headers) for n in range(len(_ZONES))]
        # What is done once in the life of a process, such as compiling a template, is none of it.
        _first, *times = [timed(child.port, request, 1)[0] for request in requests]
        points.setdefault(name, []).append((float(count), middle(times) * 1e3))


def _tell(finding: Finding, slug: str, title: str, what: str, points: Points) -> None:
    counts = [count for count, _ms in next(iter(points.values()))]
    table = Table(f"{title}, milliseconds", ("", *(f"{count:,.0f} {what}" for count in counts), "growth"))
    table.rows = [(name, *(ms for _count, ms in taken), growth(taken)) for name, taken in points.items()]
    finding.tables.append(table)
    lines = [Line(name, taken) for name, taken in points.items()]
    finding.plots.append(Plot(slug, title, "milliseconds", lines=lines, x=what, is_logarithmic=True))


def _linear(what: str, taken: list[tuple[float, float]]) -> Check:
    return at_most(what, growth(taken), 1)


MEASURE = Measure("growth_of_lists", "Pages and lists that grow", run)
