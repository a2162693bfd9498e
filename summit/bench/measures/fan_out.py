"""One message to everybody in a room: processor time of the server for each frame that arrives."""

from dataclasses import dataclass

from summit.bench.contestants import NAMES, Contestant, contest, keep_awake
from summit.bench.findings import Finding, Line, Plot, Table, at_least, at_most, growth, middle
from summit.bench.lab import Lab, Measure
from summit.bench.machine import cpu_seconds

SIZE = 300
"""Bytes of a message."""
KINDS = ["floor", "summit", "picows", "ws", "broadcast", "asgi", "starlette", "socketio", "python_socketio"]
_PER_SECOND = 50_000
"""Frames, which the floor sends in about half of a core: so nobody has to queue."""
_SLOWER = {"python_socketio": 8}
_ELSEWHERE = 267e-6
"""Seconds of processor time of a frame on the best-known platform of this kind, at its best."""
_BOUNDS = {"floor": 1.20, "broadcast": 0.85, "ws": 0.95, "socketio": 0.65}


@dataclass(frozen=True)
class Taken:
    """Seconds of the server's processor time for a frame, by the kind of server and in each round; and of the client's,
    when it is late."""

    viewers: int
    seconds: dict[str, list[float]]
    late: float

    def middle(self, kind: str) -> float:
        """In the middle of all rounds."""
        return middle(self.seconds[kind])

    def against(self, kind: str, other: str) -> float:
        """The middle of the ratios of each round."""
        return against(self.seconds[kind], self.seconds[other])


def run(lab: Lab) -> Finding:
    """The program, the floor and the peers in turn, several times over; a ratio is the middle of those of each turn."""
    finding = Finding(MEASURE.name, MEASURE.title)
    few = _taken(lab, lab.size(100, 20), ["floor", "summit"])
    usual = _taken(lab, lab.size(1000, 100), KINDS)
    many = _taken(lab, lab.size(3000, 200), [kind for kind in KINDS if kind in ("summit", *_BOUNDS)])
    cheaper = _ELSEWHERE / usual.middle("summit")
    for taken in (usual, many):
        _tell(taken, finding)
    over = _ELSEWHERE / usual.middle("floor")
    finding.tables[0].rows.append(("the best-known platform, measured elsewhere", _ELSEWHERE * 1e6, over, 1 / cheaper))
    finding.checks.append(at_least("a frame, times cheaper than on the best-known platform", cheaper, 30))
    _tell_growth([few, usual, many], finding)
    return finding


def _taken(lab: Lab, viewers: int, kinds: list[str]) -> Taken:
    with contest(lab, kinds, viewers) as contestants:
        seconds: dict[str, list[float]] = {one.kind: [] for one in contestants}
        for _round in range(lab.size(7, 1)):
            for one in contestants:
                keep_awake(contestants)
                seconds[one.kind].append(_frame_seconds(one, lab.size(40_000, 5_000)))
        late = _late_client(contestants[0], lab.size(200_000, 20_000))
    return Taken(viewers, seconds, late)


def _tell(taken: Taken, finding: Finding) -> None:
    there = f"{taken.viewers:,} viewers"
    table = Table(f"{there}, {SIZE} bytes a message", ("", "µs/frame", "× floor", "Summit against it"))
    bars = []
    for kind in taken.seconds:
        micros = taken.middle(kind) * 1e6
        table.rows.append((NAMES[kind], micros, taken.against(kind, "floor"), taken.against("summit", kind)))
        bars.append((NAMES[kind], micros))
    faster = taken.middle("floor") / taken.late
    table.rows.append(("the benchmark's client, when it is late", taken.late * 1e6, 1 / faster, ""))
    finding.tables.append(table)
    for kind, bound in _BOUNDS.items():
        if kind not in taken.seconds:
            finding.left_out.append(f"{there}: {NAMES[kind]}")
            continue
        what = f"{there}: processor time of a frame, against {NAMES[kind]}"
        floor = taken.against("floor", kind)
        finding.checks.append(at_most(what, taken.against("summit", kind), bound, floor=floor))
    finding.checks.append(at_least(f"{there}: the client against the floor", faster, 1.5))
    title = f"One frame to one of {there}"
    finding.plots.append(Plot(f"fan-out-{taken.viewers}", title, "µs of the server", bars))


def _tell_growth(all_taken: list[Taken], finding: Finding) -> None:
    """How the processor time of a message to everybody grows with how many there are."""
    points = {
        kind: [(float(one.viewers), one.middle(kind) * one.viewers * 1e3) for one in all_taken]
        for kind in ("floor", "summit")
    }
    counts = [f"{one.viewers:,} viewers" for one in all_taken]
    table = Table("A message to everybody, ms of the server", ("", *counts, "growth"))
    table.rows = [(NAMES[kind], *(ms for _viewers, ms in line), growth(line)) for kind, line in points.items()]
    finding.tables.append(table)
    lines = [Line(NAMES[kind], line) for kind, line in points.items()]
    finding.plots.append(Plot("fan-out-growth", table.title, "ms", lines=lines, x="viewers", is_logarithmic=True))
    what = "a message to everybody, 100 to 3,000 viewers: growth of its cost (1 is linear)"
    finding.checks.append(at_most(what, growth(points["summit"]), 1, floor=growth(points["floor"])))


def against(ours: list[float], theirs: list[float]) -> float:
    """The middle of the ratios of each round."""
    return middle([one / other for one, other in zip(ours, theirs, strict=True)])


def _frame_seconds(one: Contestant, frames: int) -> float:
    viewers = len(one.crowd.viewers)
    slower = _SLOWER.get(one.kind, 1)
    count = max(2, frames // viewers // slower)
    return one.publish(count=count, per_second=_PER_SECOND / slower / viewers, size=SIZE) / count / viewers


def _late_client(floor: Contestant, frames: int) -> float:
    """Processor time of the client for a frame where the server is faster: it then finds several at once."""
    viewers, at_once, before = len(floor.crowd.viewers), 20, floor.crowd.frames
    count = max(1, frames // viewers // at_once)
    used = cpu_seconds(0)
    floor.child.tell("flood", count=count, at_once=at_once, size=SIZE)
    floor.crowd.run(60, until=lambda: floor.crowd.frames - before >= count * at_once * viewers)
    floor.child.answer()
    return (cpu_seconds(0) - used) / (floor.crowd.frames - before)


MEASURE = Measure("fan_out", "One message to everybody", run)
