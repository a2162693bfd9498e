"""What the program answers against the same bytes from a bare Starlette response, in turn."""

import time

from summit.bench.children import Child
from summit.bench.controlled import BARE_PAGE
from summit.bench.findings import Check, Table, at_least, middle
from summit.bench.lab import Lab
from summit.bench.requests import Answer, Rate, ask, flood, get

_OF_THE_SERVER = {"date", "content-length", "connection"}


def against_bare(lab: Lab, child: Child, path: str, answer: Answer, bare: Child) -> tuple[list[Rate], list[Rate]]:
    """The program's answer at that path and the same bytes as a response of the bare server's, in turn."""
    headers = {name: value for name, value in answer.headers.items() if name not in _OF_THE_SERVER}
    bare.ask("page", body=answer.body.decode("latin-1"), headers=headers, status=answer.status)
    seconds = lab.size(4, 1) / 4
    rates: tuple[list[Rate], list[Rate]] = [], []
    for _round in range(lab.rounds):
        for taken, server, there in zip(rates, (child, bare), (path, BARE_PAGE), strict=True):
            within_a_minute(seconds + 1)
            known = {"if_none_match": tag_of(child, path)} if answer.status == 304 else {}
            request = get(there, server.host, **known)
            taken.append(flood(server.port, server.pid, request, seconds, status=answer.status))
    return rates


def within_a_minute(seconds: float) -> None:
    """Waits where a minute would end within that time: pages that tell the time are other ones then."""
    left = 60 - time.time() % 60
    if left < seconds:
        time.sleep(left)


def tag_of(child: Child, path: str) -> str:
    """The entity tag of what is there now."""
    return ask(child.port, get(path, child.host)).headers["etag"]


def compared(what: str, ours: list[Rate], bare: list[Rate], bound: float) -> tuple[Table, Check, Check]:
    """A table, the ratio of requests a second, and whether the client is fast enough to tell."""
    table = Table(what, ("", "requests/s", "µs of the server", "µs of the client"))
    for name, rates in (("Summit", ours), ("bare Starlette response", bare)):
        server, client = middle([one.server for one in rates]), middle([one.client for one in rates])
        table.rows.append((name, a_second(rates), server * 1e6, client * 1e6))
    ratios = [one.per_second / other.per_second for one, other in zip(ours, bare, strict=True)]
    faster = middle([one.server / one.client for one in bare])
    return (
        table,
        at_least(f"{what}: requests/s against the bare response", middle(ratios), bound),
        at_least(f"{what}: the client against the bare response", faster, 1.5),
    )


def a_second(rates: list[Rate]) -> float:
    """Requests a second, in the middle."""
    return middle([one.per_second for one in rates])
