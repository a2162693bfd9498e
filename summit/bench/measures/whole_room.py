"""A whole room at work: a thousand viewers who ask, vote and react, and a moderator, for five minutes; nothing lost."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from heapq import merge
from typing import NamedTuple

from sqlalchemy import func, select

from summit.bench.children import Child
from summit.bench.crowd import Crowd, Due, Viewer, client_frame, evenly, handshake
from summit.bench.findings import Finding, Table, at_most, percentile
from summit.bench.furnishing import Furnished, fill_room
from summit.bench.lab import Lab, Measure, entry
from summit.bench.room import Room, listen
from summit.bench.serving import BARE_SOCKET
from summit.core.db import Database
from summit.live.models import ReactionCount
from summit.live.question_models import Question, Vote

_QUESTIONS_A_MINUTE, _VOTES_A_SECOND, _REACTIONS_A_SECOND, _ECHOES_A_SECOND, _COMMITS_A_SECOND = 20, 50, 5, 2, 4
_LAST_SECONDS = 3
"""After the last message sent: for the last tally to come."""


class Echo:
    """Empty round trips on the same server, beside the room: `delays` in seconds."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer, self._sent_at = viewer, 0.0
        self.delays: list[float] = []
        listen(viewer, lambda *_heard: self.delays.append(time.monotonic() - self._sent_at))

    def send(self) -> None:
        """The next one."""
        self._sent_at = time.monotonic()
        self._viewer.send(client_frame(b"{}"))


class Cost(NamedTuple):
    """Of one part of the time: processor time of the room and of the floor for the same frames, in seconds."""

    room: float
    floor: float
    frames: int


def run(lab: Lab) -> Finding:
    """The room at work, part by part, and after each the floor writing frames of the same number and sizes."""
    finding = Finding(MEASURE.name, MEASURE.title)
    seconds, parts = lab.size(60, 5), lab.size(5, 2)
    furnished = lab.furnish(viewers=lab.size(1000, 100))
    questions = lab.do(fill_room(furnished, questions=lab.size(60, 20)))
    with ExitStack() as stack:
        alone, quiet = stack.enter_context(_committing(lab, seconds * parts))
        child = stack.enter_context(lab.summit(furnished))
        crowd = stack.enter_context(Crowd(child.port))
        room, echo = _enter(child, crowd, furnished, questions)
        floor = stack.enter_context(_floor(lab, len(furnished.viewers)))
        costs = [_part(lab, child, crowd, floor, room, echo, seconds) for _part_of_it in range(parts)]
        lost, commits = crowd.lost, alone.answer()["each"]
    losses = _losses(room, lost) + lab.do(_losses_in_database(furnished, room))
    _tell(finding, room, costs, seconds * parts, losses)
    _tell_delays(finding, room, echo, quiet, commits)
    finding.notes += losses[:5]
    return finding


def _tell(finding: Finding, room: Room, costs: list[Cost], seconds: int, losses: list[str]) -> None:
    used, floor, frames = (sum(one[n] for one in costs) for n in range(3))
    table = Table(f"{len(room.viewers):,} viewers, {seconds} s", ("", ""))
    table.rows = [
        ("frames", frames),
        ("server, CPU seconds", used),
        ("of one core", f"{used / seconds:.0%}"),
        ("the floor for the same frames, CPU seconds", floor),
        ("lost or refused", len(losses)),
    ]
    finding.tables.append(table)
    finding.checks += [
        at_most("processor time of the room, against the floor for the same frames", used / floor, 2.5),
        at_most("lost or refused", len(losses), 0),
    ]


def _tell_delays(finding: Finding, room: Room, echo: "Echo", quiet: list[float], commits: list[float]) -> None:
    delays = [delay for of_kind in room.delays.values() for delay in of_kind]
    kinds = {
        **dict(sorted(room.delays.items())),
        "all acknowledgements": delays,
        "an empty round trip meanwhile": echo.delays,
        "one commit before": quiet,
        "one commit meanwhile": commits,
    }
    table = Table("How long it takes", ("", "times", "p50, ms", "p99, ms"))
    table.rows = [
        (kind, len(found), percentile(found, 0.5) * 1e3, percentile(found, 0.99) * 1e3) for kind, found in kinds.items()
    ]
    finding.tables.append(table)
    ack, trip, commit = (percentile(found, 0.99) for found in (delays, echo.delays, quiet))
    finding.checks.append(at_most("acknowledgement p99, against a round trip and a commit", ack / (trip + commit), 3))


@contextmanager
def _committing(lab: Lab, seconds: int) -> Iterator[tuple[Child, list[float]]]:
    """A server that does nothing but commit a row now and then meanwhile, on the same core and the same disk; and what
    commits took before."""
    furnished = lab.furnish(viewers=1)
    lab.do(fill_room(furnished, questions=1))
    one = {"session": furnished.session_ids[0], "person": furnished.viewers[0].id, "tasks": 1}
    with lab.summit(furnished) as alone:
        alone.ask("commits", **one, count=100)
        quiet = alone.ask("commits", **one, count=lab.size(300, 50))["each"]
        alone.tell("commits", **one, count=_COMMITS_A_SECOND * seconds, apart_seconds=1 / _COMMITS_A_SECOND)
        yield alone, quiet


def _enter(child: Child, crowd: Crowd, furnished: Furnished, questions: list[str]) -> tuple[Room, Echo]:
    guests = [furnished.moderator, *furnished.viewers]
    moderator, *viewers = crowd.gather([entry(child, furnished, guest) for guest in guests], first_messages=1)
    (echoing,) = crowd.gather([handshake(BARE_SOCKET, child.host)], first_messages=1)
    crowd.run(1)
    return Room(furnished, viewers, moderator, questions), Echo(echoing)


def _timetable(room: Room, echo: Echo, seconds: int) -> Iterator[Due]:
    now = time.monotonic()
    kinds = (
        (_VOTES_A_SECOND, room.vote),
        (_REACTIONS_A_SECOND, room.react),
        (_QUESTIONS_A_MINUTE / 60, room.ask),
        (_ECHOES_A_SECOND, echo.send),
    )
    acts = [evenly(now, rate, [act] * int(rate * seconds)) for rate, act in kinds]
    return merge(*acts, key=lambda due: due[0])


def _losses(room: Room, lost: int) -> list[str]:
    """What did not come to those who were there."""
    found = [f"{lost} connections were lost"] if lost else []
    found += [f"refused: {payload.decode()}" for payload in room.refused]
    unanswered = len(room.sent) - sum(map(len, room.delays.values())) - len(room.refused)
    found += [f"{unanswered} messages were never answered"] if unanswered else []
    heard = {room.events[viewer.sock.fileno()] for viewer in room.viewers}
    found += [f"viewers heard {sorted(heard)} events: not all the same"] if len(heard) != 1 else []
    return found


async def _losses_in_database(furnished: Furnished, room: Room) -> list[str]:
    """What was acknowledged and is not there."""
    db = Database(furnished.url)
    try:
        async with db.reader() as session:
            votes = await session.scalar(select(func.count()).select_from(Vote)) or 0
            asked = (await session.scalar(select(func.count()).select_from(Question)) or 0) - len(room.questions)
            claps = await session.scalar(select(func.sum(ReactionCount.count))) or 0
    finally:
        await db.close()
    kept = {"vote": votes, "ask": asked, "react": claps}
    return [
        f"{kind}: {len(room.delays[kind])} were acknowledged, {count} are kept"
        for kind, count in kept.items()
        if len(room.delays[kind]) != count
    ]


def _part(
    lab: Lab, child: Child, crowd: Crowd, floor: tuple[Child, Crowd], room: Room, echo: "Echo", seconds: int
) -> Cost:
    """The room at work, and then the floor for a share of that time.

    What went to everybody and what went to one is written with the sizes and at the pace in which it came.
    """
    shared, personal = len(room.sizes), len(room.personal)
    frames, used = crowd.frames, child.cpu()
    crowd.run(seconds, timetable=_timetable(room, echo, seconds))
    crowd.run(_LAST_SECONDS)
    frames, used = crowd.frames - frames, child.cpu() - used
    share = lab.size(15, 100) / 100
    written = _first(room.sizes[shared:], share), _first(room.personal[personal:], share)
    return Cost(used, _floor_seconds(floor, len(room.viewers), *written, seconds * share) * frames, frames)


def _first(sizes: list[int], share: float) -> list[int]:
    return sizes[: max(1, int(len(sizes) * share))]


@contextmanager
def _floor(lab: Lab, viewers: int) -> Iterator[tuple[Child, Crowd]]:
    with lab.python_server("floor") as child, Crowd(child.port) as crowd:
        crowd.gather([handshake("/", child.host)] * viewers)
        yield child, crowd


def _floor_seconds(
    floor: tuple[Child, Crowd], viewers: int, shared: list[int], personal: list[int], seconds: float
) -> float:
    """Processor time of a frame."""
    child, crowd = floor
    before, used = crowd.frames, child.cpu()
    child.tell("replay", shared=shared, personal=personal, seconds=seconds)
    crowd.run(seconds + 60, until=partial(_are_there, crowd, before + len(shared) * viewers + len(personal)))
    child.answer()
    return (child.cpu() - used) / (crowd.frames - before)


def _are_there(crowd: Crowd, frames: int) -> bool:
    return crowd.frames >= frames


MEASURE = Measure("whole_room", "A whole room at work", run)
