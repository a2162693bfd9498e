"""Compression for slow lines: bytes on the wire, and what it costs the server to compress once for all."""

from summit.bench.children import Child
from summit.bench.contestants import contest, keep_awake
from summit.bench.crowd import Crowd
from summit.bench.findings import Finding, Table, at_most, middle
from summit.bench.furnishing import fill_room
from summit.bench.lab import Lab, Measure, entry

_QUESTIONS = 200
_SIZE, _PER_SECOND = 300, 50_000


def run(lab: Lab) -> Finding:
    """A snapshot with and without compression; then messages to those who compress, and to those who do not."""
    finding = Finding(MEASURE.name, MEASURE.title)
    plain, deflated = _snapshot_octets(lab)
    wire = Table(f"A snapshot of {_QUESTIONS} questions", ("", "bytes on the wire"))
    wire.rows += [("plain", plain), ("compressed", deflated)]
    ratio = _fan_out(lab, finding)
    finding.tables.insert(0, wire)
    finding.checks += [
        at_most(f"bytes of a snapshot of {_QUESTIONS} questions, compressed against plain", deflated / plain, 0.35),
        at_most("processor time of a frame, compressed against plain", ratio, 1.3),
    ]
    return finding


def _snapshot_octets(lab: Lab) -> tuple[int, int]:
    furnished = lab.furnish(viewers=50)
    lab.do(fill_room(furnished, questions=_QUESTIONS))
    with lab.summit(furnished) as child:
        requests = [entry(child, furnished, furnished.viewers[0], deflates=deflates) for deflates in (False, True)]
        plain, deflated = [_first_message_octets(child, request) for request in requests]
    return plain, deflated


def _first_message_octets(child: Child, request: bytes) -> int:
    sizes: list[int] = []
    with Crowd(child.port) as crowd:
        viewer = crowd.open(request)
        viewer.hear = lambda _viewer, _first, payload: sizes.append(len(payload))
        crowd.run(10, until=lambda: bool(sizes))
    return sizes[0]


def _fan_out(lab: Lab, finding: Finding) -> float:
    viewers, frames = lab.size(1000, 100), lab.size(40_000, 5_000)
    with contest(lab, ["summit"], viewers) as plain, contest(lab, ["summit"], viewers, deflates=True) as deflating:
        both = [*plain, *deflating]
        taken: list[list[float]] = [[], []]
        octets = [0, 0]
        for _round in range(lab.size(7, 1)):
            for one, seconds in zip(both, taken, strict=True):
                keep_awake(both)
                before = one.crowd.octets
                count = frames // viewers
                used = one.publish(count=count, per_second=_PER_SECOND / viewers, size=_SIZE)
                seconds.append(used / count / viewers)
                octets[both.index(one)] = (one.crowd.octets - before) // count // viewers
    ratio = middle([more / less for less, more in zip(*taken, strict=True)])
    table = Table(f"Messages of {_SIZE} bytes to {viewers:,} viewers", ("", "µs/frame", "bytes on the wire"))
    for name, seconds, size in zip(("plain", "compressed once for all"), taken, octets, strict=True):
        table.rows.append((name, middle(seconds) * 1e6, size))
    finding.tables.append(table)
    return ratio


MEASURE = Measure("compression", "Compression for slow lines", run)
