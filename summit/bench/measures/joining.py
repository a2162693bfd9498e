"""Coming in: two thousand people within half a minute, and several hundred at the same moment."""

import time
from collections.abc import Sequence
from functools import partial
from random import Random
from typing import NamedTuple

from summit.bench.children import Child
from summit.bench.crowd import Crowd, Viewer, are_in, handshake
from summit.bench.findings import Finding, Table, at_least, at_most, middle, percentile
from summit.bench.furnishing import Furnished, Guest, fill_room
from summit.bench.lab import Lab, Measure, entry
from summit.bench.serving import BARE_SOCKET

_QUESTIONS = 200
_LAST_SECONDS = 20
_PEER_CPU_SECONDS = 0.137
_PEER_SECONDS = {200: 44.0, 500: 95.0}
"""The best-known open platform of this kind with one worker, measured once on a machine like this: processor time of a
join, and how long it takes until so many who join at once have the questions."""


class Arrivals(NamedTuple):
    """Median and p99 until the first message, and processor time of the server for each, in seconds; and how often the
    snapshot was encoded for all of them."""

    p50: float
    p99: float
    cpu: float
    encodings: int


def run(lab: Lab) -> Finding:
    """Arrivals by chance, of bare handshakes and of people in turn; then crowds that come at once."""
    finding = Finding(MEASURE.name, MEASURE.title)
    people, seconds = lab.size(2000, 100), lab.size(30, 2)
    furnished = lab.furnish(viewers=people)
    lab.do(fill_room(furnished, questions=_QUESTIONS))
    with lab.summit(furnished) as child:
        _warm_up(child, furnished)
        _over_time(lab, child, furnished, seconds, finding)
        _at_once(lab, child, furnished, finding)
    return finding


def _warm_up(child: Child, furnished: Furnished) -> None:
    with Crowd(child.port) as crowd:
        crowd.gather(_requests(child, furnished.viewers[:50], furnished), first_messages=1)


def _requests(child: Child, guests: Sequence[Guest], furnished: Furnished) -> list[bytes]:
    """Handshakes as browsers make them, which all offer compression."""
    return [entry(child, furnished, guest, deflates=True) for guest in guests]


def _over_time(lab: Lab, child: Child, furnished: Furnished, seconds: int, finding: Finding) -> None:
    bare = [handshake(BARE_SOCKET, child.host, deflates=True)] * len(furnished.viewers)
    people = _requests(child, furnished.viewers, furnished)
    taken: dict[str, list[Arrivals]] = {"bare handshake": [], "into a room": []}
    for n in range(lab.size(2, 1)):
        for kind, requests in zip(taken, (bare, people), strict=True):
            taken[kind].append(_arrivals(child, furnished, requests, seconds, Random(n)))
    table = Table(
        f"{len(people):,} in the same {seconds} s, {_QUESTIONS} questions in the room",
        ("", "p50, ms", "p99, ms", "CPU, ms"),
    )
    for name, found in taken.items():
        table.rows.append((name, *(middle([one[n] for one in found]) * 1e3 for n in range(3))))
    table.rows.append(("the peer, elsewhere", "", "", _PEER_CPU_SECONDS * 1e3))
    finding.tables.append(table)
    # The rounds' medians, not the median of their ratios: one pause of the machine in one round must not decide.
    bare_p99, room_p99 = (middle([one.p99 for one in found]) for found in taken.values())
    cpu = middle([one.cpu for one in taken["into a room"]])
    encodings = max(one.encodings for one in taken["into a room"])
    finding.checks += [
        at_most("time to `hello` p99, against a bare handshake", room_p99 / bare_p99, 2),
        at_most("encodings of the snapshot for all of them", encodings, 1),
        at_least("processor time of a join, the peer against us", _PEER_CPU_SECONDS / cpu, 30),
    ]


def _arrivals(
    child: Child, furnished: Furnished, requests: Sequence[bytes], seconds: float, random: Random
) -> Arrivals:
    moments = sorted(random.uniform(0, seconds) for _request in requests)
    opened: list[Viewer] = []
    with Crowd(child.port) as crowd:
        began, used = time.monotonic() + 0.05, child.cpu()

        def arrive(request: bytes) -> None:
            opened.append(crowd.open(request))

        timetable = [
            (began + moment, partial(arrive, request)) for moment, request in zip(moments, requests, strict=True)
        ]
        crowd.run(seconds + _LAST_SECONDS, until=lambda: are_in(opened, len(requests)), timetable=timetable)
        used = child.cpu() - used
        _demand_all(crowd, opened, len(requests))
        encodings = int(child.ask("encodings", session=furnished.session_ids[0])["count"])
    took = [viewer.first_at - viewer.began_at for viewer in opened]
    time.sleep(1)
    return Arrivals(percentile(took, 0.5), percentile(took, 0.99), used / len(took), encodings)


def _demand_all(crowd: Crowd, opened: Sequence[Viewer], count: int) -> None:
    if crowd.refusals or crowd.lost or not are_in(opened, count):
        said = crowd.refusals[0] if crowd.refusals else f"{crowd.lost} connections were lost"
        raise RuntimeError(f"not all {count} got in: {said}")


def _at_once(lab: Lab, child: Child, furnished: Furnished, finding: Finding) -> None:
    table = Table("All at the same moment", ("people", "all have the questions, s", "the peer, s", "the peer / us"))
    for people, theirs in _PEER_SECONDS.items():
        guests = furnished.viewers[: lab.size(people, people // 5)]
        took = middle([_seconds_until_allare_in(child, furnished, guests) for _round in range(lab.rounds)])
        table.rows.append((f"{len(guests)}", took, theirs, theirs / took))
        finding.checks.append(at_least(f"{people} join at once: the peer's seconds against ours", theirs / took, 30))
    finding.tables.append(table)


def _seconds_until_allare_in(child: Child, furnished: Furnished, guests: Sequence[Guest]) -> float:
    requests = _requests(child, guests, furnished)
    with Crowd(child.port) as crowd:
        began = time.monotonic()
        opened = [crowd.open(request) for request in requests]
        crowd.run(60, until=lambda: are_in(opened, len(requests)))
        took = time.monotonic() - began
        _demand_all(crowd, opened, len(requests))
    time.sleep(1)
    return took


MEASURE = Measure("joining", "Coming into a room", run)
