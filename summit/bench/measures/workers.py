"""What one, two and four processes carry over PostgreSQL and Redis: messages, votes, and people coming in."""

import json
import time
from collections.abc import Iterator
from itertools import count
from typing import NamedTuple

from summit.bench.crowd import Crowd, Viewer, client_frame, handshake
from summit.bench.databases import postgresql
from summit.bench.findings import Finding, Plot, Table, at_most, percentile
from summit.bench.furnishing import Furnished, Guest, fill_room
from summit.bench.lab import Lab, Measure
from summit.bench.many_workers import Workers, demand_redis, many_workers
from summit.bench.voting import Voters, votes_kept
from summit.live.protocol import SUBPROTOCOL

_LATE = 0.1
"""Seconds: the delay, from a moderator's announcement to a viewer (p95), up to which messages count as carried."""
_FASTER, _MUCH_FASTER = 1.25, 1.7
"""From step to step, in a whole run and in a quick one."""
_LISTEN = 25
"""One of so many viewers notes when messages come: to look into all would make the benchmark the bottleneck."""


class Carried(NamedTuple):
    """What some workers carry a second; `uneven` is the most sockets that one has, against an even share."""

    frames: float
    delay: float
    votes: float
    joins: float
    uneven: float
    lost: int


def run(lab: Lab) -> Finding:
    """The same room with each number of workers. They, PostgreSQL, Redis and the viewers share the machine."""
    finding = Finding(MEASURE.name, MEASURE.title)
    demand_redis()
    viewers = lab.size(1000, 100)
    table = Table(
        f"{viewers:,} viewers; messages a second that are there within {_LATE * 1e3:.0f} ms (p95)",
        ("workers", "messages/s", "their delay p95, ms", "votes/s", "people in/s", "most sockets × even share"),
    )
    bars = []
    for workers in (1, 2, 4):
        with postgresql() as url:
            found = _carried(lab, lab.furnish(viewers=viewers, url=url), workers)
        table.rows.append((str(workers), found.frames, found.delay * 1e3, found.votes, found.joins, found.uneven))
        bars.append((f"{workers}", found.frames))
        finding.checks.append(at_most(f"{workers} workers: votes acknowledged and lost", found.lost, 0))
    finding.tables.append(table)
    finding.plots.append(Plot("workers", f"Messages to {viewers:,} viewers, by workers", "a second", bars))
    finding.notes.append(
        "The viewers and PostgreSQL are on the same cores as the workers: on a machine with few cores, more workers "
        "carry no more. This says what sharing costs, not how far it goes."
    )
    return finding


def _carried(lab: Lab, furnished: Furnished, workers: int) -> Carried:
    questions = lab.do(fill_room(furnished, questions=200))
    with many_workers(lab, furnished, workers) as server:
        joins = _people_in(server, furnished)
        with Crowd(server.port) as crowd:
            viewers = crowd.gather([_entry(server, furnished, guest) for guest in furnished.viewers], first_messages=1)
            crowd.run(2)
            sockets = server.sockets()
            frames, delay = _messages(lab, server, furnished, crowd, viewers)
            voters = Voters(viewers, questions)
            votes = _votes(lab, crowd, voters)
    uneven = sockets[0] * len(sockets) / sum(sockets)
    return Carried(frames, delay, votes, joins, uneven, voters.acknowledged - lab.do(votes_kept(furnished)))


def _entry(server: Workers, furnished: Furnished, guest: Guest) -> bytes:
    return handshake(furnished.socket(), server.host, cookie=guest.cookie, subprotocol=SUBPROTOCOL)


def _people_in(server: Workers, furnished: Furnished) -> float:
    """How many come in a second, a hundred under way."""
    requests = [_entry(server, furnished, guest) for guest in furnished.viewers]
    with Crowd(server.port) as crowd:
        crowd.gather(requests[: len(requests) // 5], first_messages=1)
    with Crowd(server.port) as crowd:
        began = time.monotonic()
        crowd.gather(requests, first_messages=1)
        return len(requests) / (time.monotonic() - began)


class _Announcing:
    """A moderator who announces; viewers of the sample note how long each announcement took to come."""

    def __init__(self, moderator: Viewer, sample: list[Viewer]) -> None:
        self._moderator = moderator
        self._numbers = count()
        self._at: list[float] = []
        self.delays: list[float] = []
        self.wanted = 0
        for viewer in sample:
            viewer.hear, viewer.is_counted = self._hear, False

    def announce(self) -> None:
        """The next one."""
        number = next(self._numbers)
        text = f"#{number}#" + "x" * 150
        self._at.append(time.monotonic())
        self._moderator.send(client_frame(json.dumps({"type": "announce", "ref": f"{number}", "text": text}).encode()))

    def is_done(self) -> bool:
        """Whether all that are `wanted` have come."""
        return len(self.delays) >= self.wanted

    def _hear(self, _viewer: Viewer, _first: int, payload: bytes) -> None:
        if payload.startswith(b'{"type":"announcement"'):
            start = payload.index(b"#") + 1
            self.delays.append(time.monotonic() - self._at[int(payload[start : payload.index(b"#", start)])])


def _messages(
    lab: Lab, server: Workers, furnished: Furnished, crowd: Crowd, viewers: list[Viewer]
) -> tuple[float, float]:
    """The most that come in time, in steps upwards, and their delay; 0 where not even the first step does."""
    (moderator,) = crowd.gather([_entry(server, furnished, furnished.moderator)], first_messages=1)
    sample = viewers[::_LISTEN]
    announcing = _Announcing(moderator, sample)
    carried, late = 0.0, 0.0
    for rate in _rates(lab.size(15_000, 3_000), _MUCH_FASTER if lab.is_quick else _FASTER):
        announcing.delays.clear()
        seconds = lab.size(3, 1)
        announcements = max(5, round(rate * seconds / len(viewers)))
        began, before = time.monotonic(), crowd.frames
        timetable = ((began + n * seconds / announcements, announcing.announce) for n in range(announcements))
        announcing.wanted = wanted = announcements * len(sample)
        crowd.run(seconds + 5, until=announcing.is_done, timetable=timetable)
        took = time.monotonic() - began
        if len(announcing.delays) < wanted or percentile(announcing.delays, 0.95) > _LATE:
            break
        carried, late = (crowd.frames - before) / took, percentile(announcing.delays, 0.95)
    crowd.run(2)
    for viewer in sample:
        viewer.hear = None
    return carried, late


def _rates(first: float, factor: float) -> Iterator[float]:
    rate = first
    while rate < 1_000_000:
        yield rate
        rate *= factor


def _votes(lab: Lab, crowd: Crowd, voters: Voters) -> float:
    """Acknowledged a second, with one under way from each of two hundred."""
    for _viewer in range(200):
        voters.vote()
    voters.then = lambda _viewer: voters.vote()
    crowd.run(1)
    before, began = voters.acknowledged, time.monotonic()
    crowd.run(lab.size(5, 1))
    rate = (voters.acknowledged - before) / (time.monotonic() - began)
    voters.then = None
    crowd.run(30, until=lambda: voters.acknowledged == voters.sent)
    return rate


MEASURE = Measure("workers", "One, two and four processes", run)
