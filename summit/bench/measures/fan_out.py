"""One message to everybody in a room: processor time of the server for each frame that arrives."""

from contextlib import ExitStack

from summit.bench.children import Child
from summit.bench.crowd import Crowd, handshake
from summit.bench.findings import Finding, Table, at_least, at_most, middle
from summit.bench.lab import Lab, Measure, entry
from summit.bench.machine import cpu_seconds

SIZE = 300
"""Bytes of a message."""
_BUSY = 0.5
"""The share of a core that the floor is to be busy with, about: so that nobody has to queue."""
_FRAME_SECONDS = 9e-6


def run(lab: Lab) -> Finding:
    """The program, the floor and the peers in turn, several times over."""
    finding = Finding(MEASURE.name, MEASURE.title)
    for viewers in (lab.size(1000, 100), lab.size(3000, 200)):
        _measure(lab, viewers, finding)
    return finding


def _measure(lab: Lab, viewers: int, finding: Finding) -> None:
    kinds = ["floor", "summit", "broadcast", "starlette", "asgi"]
    taken: dict[str, list[float]] = {kind: [] for kind in kinds}
    furnished = lab.furnish(viewers=viewers)
    with ExitStack() as stack:
        servers: dict[str, tuple[Child, Crowd, dict[str, str]]] = {}
        for kind in kinds:
            if kind == "summit":
                child = stack.enter_context(lab.summit(furnished))
                crowd = stack.enter_context(Crowd(child.port))
                crowd.gather([entry(child, furnished, guest) for guest in furnished.viewers], first_messages=1)
            else:
                child = stack.enter_context(lab.python_server(kind))
                crowd = stack.enter_context(Crowd(child.port))
                crowd.gather([handshake("/", child.host)] * viewers)
            crowd.run(1)
            values = {"session": furnished.session_ids[0]} if kind == "summit" else {}
            servers[kind] = (child, crowd, values)
        for _round in range(lab.rounds):
            for kind, (child, crowd, values) in servers.items():
                seconds = _seconds_a_frame(child, crowd, viewers, lab.size(200_000, 10_000), values)
                taken[kind].append(seconds)
        child, crowd, _values = servers["floor"]
        client = _flooded(child, crowd, viewers)
    floor = middle(taken["floor"])
    table = Table(f"{viewers:,} viewers, {SIZE} bytes", ("", "µs/frame", "× floor", "Summit against it"))
    ours = middle(taken["summit"])
    for kind in kinds:
        table.rows.append((kind, middle(taken[kind]) * 1e6, middle(taken[kind]) / floor, ours / middle(taken[kind])))
    table.rows.append(("the client, when it is late", client * 1e6, client / floor, ""))
    finding.tables.append(table)
    ratios = [ours_once / floor_once for ours_once, floor_once in zip(taken["summit"], taken["floor"], strict=True)]
    finding.checks += [
        at_most(f"{viewers:,} viewers: processor time of a frame, against the floor", middle(ratios), 1.20),
        at_least(f"{viewers:,} viewers: the client against the floor", floor / client, 1.5),
    ]


def _seconds_a_frame(child: Child, crowd: Crowd, viewers: int, frames: int, values: dict[str, str]) -> float:
    """Processor time of the server."""
    count, before = max(1, frames // viewers), crowd.frames
    used = child.cpu()
    child.tell("publish", count=count, per_second=_BUSY / _FRAME_SECONDS / viewers, size=SIZE, **values)
    crowd.run(120, until=lambda: crowd.frames - before >= count * viewers)
    child.answer()
    return (child.cpu() - used) / (crowd.frames - before)


def _flooded(child: Child, crowd: Crowd, viewers: int) -> float:
    """Processor time of the client for a frame when the server is faster: it then finds several at once."""
    count, at_once, before = max(1, 10_000 // viewers), 20, crowd.frames
    used = cpu_seconds(0)
    child.tell("flood", count=count, at_once=at_once, size=SIZE)
    crowd.run(120, until=lambda: crowd.frames - before >= count * at_once * viewers)
    child.answer()
    return (cpu_seconds(0) - used) / (crowd.frames - before)


MEASURE = Measure("fan_out", "One message to everybody", run)
