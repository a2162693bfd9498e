"""A restart: everybody is sent away at once, and comes back with jitter, as the page does."""

import time
from contextlib import ExitStack
from functools import partial
from heapq import heappop, heappush
from random import Random

from summit.bench.children import Child
from summit.bench.crowd import Crowd, Viewer, are_in
from summit.bench.findings import Finding, Table, at_most
from summit.bench.furnishing import Furnished, Guest, fill_room
from summit.bench.lab import Lab, Measure, entry
from summit.live.client import LONGEST_SECONDS, RESTART_SECONDS, SHORTEST_SECONDS

_QUESTIONS = 200
_WITHIN = 30
"""Seconds until all have to be back."""
_STEP = 0.01
_ARRIVING = 10
"""Seconds in which they come at first."""
_RESTARTS = 1012
"""The closing code of a server that is about to come back (RFC 6455's registry)."""


def run(lab: Lab) -> Finding:
    """Fills a room, restarts the server, and watches everybody come back."""
    finding = Finding(MEASURE.name, MEASURE.title)
    furnished = lab.furnish(viewers=lab.size(2000, 100))
    lab.do(fill_room(furnished, questions=_QUESTIONS))
    with ExitStack() as stopped:
        child = stopped.enter_context(lab.summit(furnished))
        crowd = stopped.enter_context(Crowd(child.port))
        before = _settled(child, crowd, furnished)
        first = _Returning(furnished)
        stopped_at = time.monotonic()
        child.stop()
        crowd.run(_WITHIN, until=lambda: not crowd.viewers)
        told = crowd.closings[_RESTARTS]
    # The next one comes up while those who were sent away already knock.
    with lab.summit(furnished) as child, Crowd(child.port) as crowd:
        up_at = time.monotonic()
        back = first.come_back(child, crowd, stopped_at, up_at)
        seconds, used = time.monotonic() - stopped_at, child.cpu()
        crowd.run(2)
        child.ask("collect")
        after = child.memory()
        errors = len(crowd.refusals) + crowd.lost + len(furnished.viewers) - back
    finding.tables.append(
        Table(
            f"{len(furnished.viewers):,} viewers, {_QUESTIONS} questions",
            ("", ""),
            [
                ("told that it restarts (1012)", told),
                ("server away, s", up_at - stopped_at),
                ("all back after, s", seconds),
                ("processor time of the new server, s", used),
                ("refused or lost", errors),
                ("memory before, MiB", before / 2**20),
                ("memory after, MiB", after / 2**20),
            ],
        )
    )
    finding.checks += [
        at_most("sent away without being told why", len(furnished.viewers) - told, 0),
        at_most("seconds until all are back", seconds, _WITHIN),
        at_most("refused or lost", errors, 0),
        at_most("memory after it, against before", after / before, 1.1),
    ]
    return finding


def _settled(child: Child, crowd: Crowd, furnished: Furnished) -> int:
    """Bytes that the server holds with everybody in the room, who came one by one as they will come back.

    Of a hundred who come at once, what is kept lies closer together.
    """
    chance, now, opened = Random(2), time.monotonic(), list[Viewer]()

    def arrive(request: bytes) -> None:
        opened.append(crowd.open(request))

    requests = [entry(child, furnished, guest, deflates=True) for guest in furnished.viewers]
    moments = sorted(now + chance.uniform(0, _ARRIVING) for _request in requests)
    timetable = [(moment, partial(arrive, request)) for moment, request in zip(moments, requests, strict=True)]
    crowd.run(_ARRIVING + 60, until=lambda: are_in(opened, len(requests)), timetable=timetable)
    crowd.run(2)
    child.ask("collect")
    return child.memory()


class _Returning:
    """Those who come back: each after a pause by chance, longer with each attempt that fails."""

    def __init__(self, furnished: Furnished) -> None:
        self._furnished, self._random = furnished, Random(1)

    def come_back(self, child: Child, crowd: Crowd, stopped_at: float, up_at: float) -> int:
        """Gives how many are in again. Attempts before the new server was up have failed."""
        knocking: list[tuple[float, int]] = []
        for n in range(len(self._furnished.viewers)):
            failures, at = 1, stopped_at + self._pause(1)
            while at < up_at:
                failures += 1
                at += self._pause(failures)
            heappush(knocking, (at, n))
        opened: list[Viewer] = []
        while knocking or not all(viewer.frames or viewer.is_over for viewer in opened):
            now = time.monotonic()
            if now > stopped_at + 2 * _WITHIN:
                break
            while knocking and knocking[0][0] <= now:
                _at, n = heappop(knocking)
                opened.append(crowd.open(self._request(child, self._furnished.viewers[n])))
            crowd.run(_STEP)
        return sum(bool(viewer.frames) for viewer in opened)

    def _pause(self, failures: int) -> float:
        return self._random.uniform(SHORTEST_SECONDS, min(LONGEST_SECONDS, RESTART_SECONDS * 2**failures))

    def _request(self, child: Child, guest: Guest) -> bytes:
        return entry(child, self._furnished, guest, deflates=True, after=0)


MEASURE = Measure("reconnecting", "Everybody comes back after a restart", run)
