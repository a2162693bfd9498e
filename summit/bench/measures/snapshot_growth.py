"""How a snapshot grows with the questions in the room: to make it anew, and to come into a room where it is ready."""

import time

from summit.bench.children import Child
from summit.bench.crowd import Crowd
from summit.bench.findings import Finding, Line, Plot, Table, at_most, growth, middle
from summit.bench.furnishing import Furnished, fill_room
from summit.bench.lab import Lab, Measure, entry

_ROOMS = (10, 100, 300, 1000)
"""Questions in each."""
Cost = tuple[float, float, float]


def run(lab: Lab) -> Finding:
    """Rooms of several sizes beside each other, each entered while empty and then again and again."""
    finding = Finding(MEASURE.name, MEASURE.title)
    furnished = lab.furnish(viewers=lab.size(200, 40), sessions=len(_ROOMS))
    for n, questions in enumerate(_ROOMS):
        lab.do(fill_room(furnished, questions=questions, room=n))
    found: dict[int, list[Cost]] = {questions: [] for questions in _ROOMS}
    with lab.summit(furnished) as child:
        for n, _questions in enumerate(_ROOMS):
            _cost(child, furnished, n)
        for _round in range(max(3, lab.rounds)):
            for n, questions in enumerate(_ROOMS):
                found[questions].append(_cost(child, furnished, n))
    table = Table("A room", ("questions", "bytes of `hello`", "made anew, CPU ms", "when it is ready, CPU ms"))
    lines = [Line("made anew", []), Line("when it is ready", [])]
    for questions, costs in found.items():
        size, anew, ready = (middle([cost[n] for cost in costs]) for n in range(3))
        table.rows.append((f"{questions:,}", size, anew * 1e3, ready * 1e3))
        for line, seconds in zip(lines, (anew, ready), strict=True):
            line.points.append((questions, seconds * 1e3))
    finding.tables.append(table)
    finding.plots.append(
        Plot("snapshot-growth", "A snapshot by the number of questions", "CPU ms", lines=lines, x="questions")
    )
    first, last = _ROOMS[0], _ROOMS[-1]
    for line in lines:
        what = f"snapshot {line.name}, {first} to {last:,} questions: growth of its cost (1 is linear)"
        finding.checks.append(at_most(what, growth(line.points), 1))
    return finding


def _cost(child: Child, furnished: Furnished, room: int) -> Cost:
    """Bytes of the first message; processor seconds for the first to come in, and for each of the others."""
    requests = [entry(child, furnished, guest, room=room, deflates=True) for guest in furnished.viewers]
    with Crowd(child.port) as crowd:
        used = child.cpu()
        crowd.gather(requests[:1], first_messages=1)
        anew = child.cpu() - used
        (size,) = (viewer.octets for viewer in crowd.viewers.values())
        used = child.cpu()
        crowd.gather(requests[1:], first_messages=1)
        ready = (child.cpu() - used) / len(requests[1:])
    # Until the server has seen that they have gone, and has closed the room.
    time.sleep(0.5)
    return float(size), anew, ready


MEASURE = Measure("snapshot_growth", "How a snapshot grows", run)
