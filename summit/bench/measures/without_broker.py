"""A broker that stops answering, is killed, or refuses: how long acknowledgements take then, and when others hear."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from heapq import merge
from typing import NamedTuple

from summit.bench.children import Child
from summit.bench.crowd import Crowd, Due, Viewer, evenly
from summit.bench.databases import postgresql
from summit.bench.findings import Finding, Table, at_most, middle, percentile
from summit.bench.furnishing import Furnished, fill_room
from summit.bench.lab import Lab, Measure, entry
from summit.bench.own_redis import OwnRedis, own_redis
from summit.bench.room import SEQUENCED, Room, listen

_VOTES_A_SECOND, _QUESTIONS_A_SECOND, _REACTIONS_A_SECOND = 40, 2, 5
_QUESTIONS = 20
_ALLOWED = 0.2
"""Seconds by which a dead broker may delay an acknowledgement at most."""
_LAST_SECONDS = 4
"""For what was told last to reach the other process: it looks into the log every two seconds."""


class Round(NamedTuple):
    """Seconds until acknowledgements, and until an event was at the other process, too; and what never came there."""

    delays: list[float]
    elsewhere: list[float]
    missed: int


def run(lab: Lab) -> Finding:
    """Two processes over PostgreSQL; people act at the first, and somebody listens at each."""
    finding = Finding(MEASURE.name, MEASURE.title)
    with own_redis(lab) as redis, postgresql() as url:
        furnished = lab.furnish(viewers=lab.size(200, 40), url=url)
        questions = lab.do(fill_room(furnished, questions=_QUESTIONS * 4 * lab.rounds))
        with lab.summit(furnished, broker_url=redis.url) as left, lab.summit(furnished, broker_url=redis.url) as right:
            taken = _rounds(lab, redis, _Place(furnished, left, right, questions))
    table = Table(
        f"{len(furnished.viewers)} viewers, {_VOTES_A_SECOND} votes a second, {lab.rounds} times each; milliseconds",
        ("Redis", "acknowledgement p50", "p99", "longest", "longest until at the other process"),
    )
    usual = middle([max(one.delays) for one in taken["as usual"]])
    for state, rounds in taken.items():
        delays = [delay for one in rounds for delay in one.delays]
        longest = middle([max(one.delays) for one in rounds])
        elsewhere = max(delay for one in rounds for delay in one.elsewhere)
        table.rows.append(
            (state, *(seconds * 1e3 for seconds in (middle(delays), percentile(delays, 0.99), longest, elsewhere)))
        )
        if state != "as usual":
            what = f"Redis {state}: ms that the longest acknowledgement takes more than usual"
            finding.checks.append(at_most(what, max(0.0, longest - usual) * 1e3, _ALLOWED * 1e3))
    missed = sum(one.missed for rounds in taken.values() for one in rounds)
    finding.checks.append(at_most("events that never came to the other process", missed, 0))
    finding.tables.append(table)
    return finding


def _rounds(lab: Lab, redis: OwnRedis, place: "_Place") -> dict[str, list[Round]]:
    """Each state in turn, from the moment in which Redis gets into it."""
    states: dict[str, Callable[[], None]] = {
        "as usual": lambda: None,
        "frozen": redis.freeze,
        "killed": redis.kill,
        "refusing": redis.refuse,
    }
    taken: dict[str, list[Round]] = {state: [] for state in states}
    for _round in range(lab.rounds):
        for state, bring_about in states.items():
            taken[state].append(_one_round(lab, place, bring_about))
            redis.recover()
            time.sleep(lab.size(6, 1))
    return taken


@dataclass
class _Place:
    """A summit over two processes, and the questions that nobody has voted for yet."""

    furnished: Furnished
    left: Child
    right: Child
    questions: list[str]

    def next_questions(self) -> list[str]:
        """Some of them."""
        taken, self.questions = self.questions[:_QUESTIONS], self.questions[_QUESTIONS:]
        return taken


def _one_round(lab: Lab, place: _Place, bring_about: Callable[[], None]) -> Round:
    furnished, seconds = place.furnished, lab.size(6, 2)
    with Crowd(place.left.port) as crowd:
        guests = [furnished.moderator, *furnished.viewers]
        moderator, *viewers = crowd.gather([entry(place.left, furnished, one) for one in guests], first_messages=1)
        beyond = entry(place.right, furnished, furnished.viewers[0])
        (listening,) = crowd.gather([beyond], first_messages=1, port=place.right.port)
        crowd.run(1)
        room = Room(furnished, viewers, moderator, place.next_questions())
        here, there = _Heard(viewers[0], room.hear), _Heard(listening)
        bring_about()
        crowd.run(seconds + _LAST_SECONDS, timetable=_timetable(room, seconds))
    delays = [delay for of_kind in room.delays.values() for delay in of_kind]
    if room.refused or len(delays) != len(room.sent):
        raise RuntimeError(f"{len(room.sent)} messages, {len(delays)} acknowledged, refused: {room.refused[:3]}")
    elsewhere = [there.at[seq] - at for seq, at in here.at.items() if seq in there.at]
    return Round(delays, elsewhere, len(here.at.keys() - there.at.keys()))


class _Heard:
    """When a viewer heard each event of the log, by its number."""

    def __init__(self, viewer: Viewer, then: Callable[[Viewer, int, bytes], object] | None = None) -> None:
        self.at: dict[int, float] = {}
        self._then = then
        listen(viewer, self._hear)

    def _hear(self, viewer: Viewer, first: int, payload: bytes) -> None:
        if payload.startswith(SEQUENCED):
            self.at[json.loads(payload)["seq"]] = time.monotonic()
        if self._then:
            self._then(viewer, first, payload)


def _timetable(room: Room, seconds: int) -> Iterator[Due]:
    now = time.monotonic()
    kinds = ((_VOTES_A_SECOND, room.vote), (_REACTIONS_A_SECOND, room.react), (_QUESTIONS_A_SECOND, room.ask))
    return merge(*(evenly(now, rate, [act] * (rate * seconds)) for rate, act in kinds), key=lambda due: due[0])


MEASURE = Measure("without_broker", "A broker that is away", run)
