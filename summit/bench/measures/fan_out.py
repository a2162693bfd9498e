"""One message to everybody in a room: processor time of the server for each frame that arrives."""

from summit.bench.contestants import Contestant, contest, keep_awake
from summit.bench.findings import Finding, Plot, Table, at_least, at_most, middle
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


def run(lab: Lab) -> Finding:
    """The program, the floor and the peers in turn, several times over; a ratio is the middle of those of each turn."""
    finding = Finding(MEASURE.name, MEASURE.title)
    _measure(lab, lab.size(1000, 100), KINDS, finding)
    _measure(lab, lab.size(3000, 200), [kind for kind in KINDS if kind in ("summit", *_BOUNDS)], finding)
    return finding


def _measure(lab: Lab, viewers: int, kinds: list[str], finding: Finding) -> None:
    with contest(lab, kinds, viewers) as contestants:
        taken: dict[str, list[float]] = {one.kind: [] for one in contestants}
        for _round in range(lab.size(7, 1)):
            for one in contestants:
                keep_awake(contestants)
                taken[one.kind].append(_frame_seconds(one, lab.size(40_000, 5_000)))
        late = _late_client(contestants[0], lab.size(200_000, 20_000))
    table = Table(f"{viewers:,} viewers, {SIZE} bytes a message", ("", "µs/frame", "× floor", "Summit against it"))
    for kind, seconds in taken.items():
        name = next(one.name for one in contestants if one.kind == kind)
        table.rows.append(
            (name, middle(seconds) * 1e6, against(seconds, taken["floor"]), against(taken["summit"], seconds))
        )
    table.rows.append(("the benchmark's client, when it is late", late * 1e6, late / middle(taken["floor"]), ""))
    finding.tables.append(table)
    finding.checks += [
        at_most(
            f"{viewers:,} viewers: processor time of a frame, against {one.name}",
            against(taken["summit"], taken[one.kind]),
            _BOUNDS[one.kind],
            floor=against(taken["floor"], taken[one.kind]),
        )
        for one in contestants
        if one.kind in _BOUNDS
    ]
    cheaper = _ELSEWHERE / middle(taken["summit"])
    if viewers == 1000:
        finding.checks.append(at_least("a frame, times cheaper than on the best-known platform", cheaper, 30))
    finding.checks.append(
        at_least(f"{viewers:,} viewers: the client against the floor", middle(taken["floor"]) / late, 1.5)
    )
    bars = [(str(row[0]), float(row[1])) for row in table.rows[:-1]]
    finding.plots.append(
        Plot(f"fan-out-{viewers}", f"One frame to one of {viewers:,} viewers", "µs of the server", bars)
    )


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
