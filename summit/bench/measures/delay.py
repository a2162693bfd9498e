"""From publishing a message to the last of a thousand viewers having it; with slow ones and a stuck one among them."""

from summit.bench.contestants import Contestant, contest, keep_awake
from summit.bench.findings import Finding, Table, at_most, middle, percentile
from summit.bench.lab import Lab, Measure
from summit.live.connections import FULL_BYTES

_SIZE, _LONG = 300, 3000
"""Bytes of a message; of those with slow readers, whom twenty short ones a second would not keep busy."""
_PER_SECOND = 25
_SLOW, _SLOW_OCTETS = 50, 20_000


def run(lab: Lab) -> Finding:
    """The program against the floor in turn, first with readers who all keep up, then with some who do not."""
    finding = Finding(MEASURE.name, MEASURE.title)
    viewers = lab.size(1000, 100)
    table = Table(f"{viewers:,} viewers, milliseconds until the last has it", ("", "p50", "p99", "p99 × floor"))
    finding.tables.append(table)
    with contest(lab, ["floor", "summit"], viewers, tight=lab.size(_SLOW, 5) + 1) as contestants:
        ratio = _compare(lab, contestants, _SIZE, "", table)
        finding.checks.append(at_most("p99 until the last viewer has it, against the floor", ratio, 1.5))
        _slow_some_down(lab, contestants[1])
        before = contestants[1].child.memory()
        ratio = _compare(lab, contestants, _LONG, f", {_LONG:,} bytes, slow ones among Summit's", table)
        finding.checks.append(at_most("the same with slow readers among them", ratio, 1.6))
        grown = contestants[1].child.memory() - before
    allowed = (_SLOW + 1) * FULL_BYTES
    finding.checks.append(at_most("memory for slow readers, against what they may have unsent", grown / allowed, 1.0))
    finding.notes.append(f"The server grew by {grown / 1024:,.0f} KiB for {_SLOW + 1} who read slowly or not at all.")
    return finding


def _compare(lab: Lab, contestants: list[Contestant], size: int, note: str, table: Table) -> float:
    delays: dict[str, list[list[float]]] = {one.kind: [] for one in contestants}
    for _round in range(lab.rounds):
        for one in contestants:
            keep_awake(contestants)
            delays[one.kind].append(_delays(one, lab.size(150, 20), size))
    p99 = {kind: middle([percentile(taken, 0.99) for taken in rounds]) for kind, rounds in delays.items()}
    for one in contestants:
        half = middle([percentile(taken, 0.5) for taken in delays[one.kind]])
        row = (one.name + note, half * 1e3, p99[one.kind] * 1e3, p99[one.kind] / p99["floor"])
        table.rows.append(row)
    rounds = zip(delays["summit"], delays["floor"], strict=True)
    return middle([percentile(ours, 0.99) / percentile(theirs, 0.99) for ours, theirs in rounds])


def _delays(one: Contestant, count: int, size: int) -> list[float]:
    """Seconds from the making of each message until the last viewer who keeps up had it."""
    one.crowd.stamps = {}
    one.publish(count=count, per_second=_PER_SECOND, size=size)
    stamps, one.crowd.stamps = one.crowd.stamps, None
    return [(last - made) / 1e9 for made, last in stamps.items()]


def _slow_some_down(lab: Lab, one: Contestant) -> None:
    viewers = list(one.crowd.viewers.values())
    stuck, *slow = viewers[: lab.size(_SLOW, 5) + 1]
    one.crowd.slow_down(stuck, 0)
    for viewer in slow:
        one.crowd.slow_down(viewer, _SLOW_OCTETS)


MEASURE = Measure("delay", "Until the last viewer has it", run)
