"""Memory of a viewer who only listens, against an idle WebSocket of Starlette on the same server."""

from collections.abc import Callable

from summit.bench.children import Child
from summit.bench.crowd import Crowd, handshake
from summit.bench.findings import Finding, Plot, Table, at_least, at_most, middle
from summit.bench.furnishing import Furnished, fill_room
from summit.bench.lab import Lab, Measure, entry
from summit.bench.serving import BARE_SOCKET

_QUESTIONS = 50
_PEER_KIB = 210.0
"""Of the best-known open platform of this kind, measured once on a machine like this."""
_SETTLE_SECONDS = 2.0
Requests = Callable[[Child, Furnished], list[bytes]]


def run(lab: Lab) -> Finding:
    """Each kind on a server of its own, several times over: what it holds more with all of them than without."""
    finding = Finding(MEASURE.name, MEASURE.title)
    viewers = lab.size(2000, 200)
    furnished = lab.furnish(viewers=viewers)
    lab.do(fill_room(furnished, questions=_QUESTIONS))
    kinds: dict[str, Requests] = {
        "Starlette, idle": lambda child, _furnished: [handshake(BARE_SOCKET, child.host)] * viewers,
        "a viewer in a room": lambda child, furnished: [entry(child, furnished, one) for one in furnished.viewers],
    }
    taken: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _round in range(lab.rounds):
        for kind, requests in kinds.items():
            taken[kind].append(_kib_each(lab, furnished, requests))
    bare, ours = (middle(found) for found in taken.values())
    finding.tables.append(
        Table(
            f"{viewers:,} connections",
            ("", "KiB each", "× Starlette"),
            [("Starlette, idle", bare, 1.0), ("a viewer in a room", ours, ours / bare), ("the peer", _PEER_KIB, "")],
        )
    )
    ratios = [room / plain for plain, room in zip(*taken.values(), strict=True)]
    finding.checks += [
        at_most("memory of an idle viewer, against an idle Starlette WebSocket", middle(ratios), 1.3),
        at_least("memory of a viewer, the peer against us", _PEER_KIB / ours, 30),
    ]
    bars = [("Starlette, idle", bare), ("a viewer in a room", ours), ("the peer", _PEER_KIB)]
    finding.plots.append(Plot("memory", "Memory of a viewer", "KiB", bars=bars))
    return finding


def _kib_each(lab: Lab, furnished: Furnished, requests: Requests) -> float:
    with lab.summit(furnished) as child:
        requests_made = requests(child, furnished)
        # What the first ones bring with them stays: a server that has been up for a while has it, too.
        _bytes_with(child, requests_made[:20])
        with Crowd(child.port) as crowd:
            crowd.run(_SETTLE_SECONDS)
        child.ask("collect")
        before = child.memory()
        return (_bytes_with(child, requests_made) - before) / len(requests_made) / 1024


def _bytes_with(child: Child, requests: list[bytes]) -> int:
    with Crowd(child.port) as crowd:
        crowd.gather(requests, first_messages=1)
        crowd.run(_SETTLE_SECONDS)
        child.ask("collect")
        return child.memory()


MEASURE = Measure("memory", "Memory of a viewer", run)
