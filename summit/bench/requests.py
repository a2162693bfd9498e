"""A client of pages over a few connections that stay open (RFC 9112 §9.3), cheap enough that the server is measured."""

import os
import select
import socket
import time
from dataclasses import dataclass

from summit.bench.machine import CLIENT_CORE, core, cpu_seconds

CONNECTIONS = 8
"""Enough that the server always has the next request before it is done with this one."""
_CHUNK = 256 * 1024
_ANSWER_SECONDS = 30.0


class Unexpected(Exception):
    """The server did not answer as it was to; the message has the beginning of what it said."""


@dataclass(frozen=True)
class Answer:
    """An answer: its headers by their names in small letters, and its size on the wire in bytes, headers included."""

    status: int
    headers: dict[str, str]
    body: bytes
    size: int


@dataclass(frozen=True)
class Rate:
    """Answers a second; processor time of an answer for the server and for the client, in seconds."""

    per_second: float
    server: float
    client: float


def get(path: str, host: str, **headers: str) -> bytes:
    """A request as a browser sends it; names of headers with ``_`` for ``-``."""
    sent = {
        "host": host,
        "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "accept-language": "sv-SE,sv;q=0.9,en;q=0.6",
        "accept-encoding": "gzip, deflate, br",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    return "\r\n".join([f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items()), "", ""]).encode()


def ask(port: int, request: bytes, *, status: int = 200) -> Answer:
    """One request over a connection of its own. Raises `Unexpected` for any other status."""
    with socket.create_connection(("127.0.0.1", port), timeout=_ANSWER_SECONDS) as connection:
        return _ask(connection, request, status)


def timed(port: int, request: bytes, times: int) -> list[float]:
    """So many requests one after the other over one connection: how long each took, in seconds."""
    with socket.create_connection(("127.0.0.1", port), timeout=_ANSWER_SECONDS) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        took = []
        for _time in range(times):
            began = time.perf_counter()
            _ask(connection, request, 200)
            took.append(time.perf_counter() - began)
        return took


def flood(port: int, pid: int, request: bytes, seconds: float, *, status: int = 200) -> Rate:
    """The same request again and again over several connections, each as soon as the last is answered.

    Raises `Unexpected` where an answer is not like the first.
    """
    os.sched_setaffinity(0, core(CLIENT_CORE))
    first = ask(port, request, status=status)
    line = b"HTTP/1.1 %d " % status
    poll, open_ones = select.epoll(), {}
    for _number in range(CONNECTIONS):
        connection = socket.create_connection(("127.0.0.1", port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setblocking(False)
        open_ones[connection.fileno()] = _Open(connection)
        poll.register(connection.fileno(), select.EPOLLIN)
    try:
        for one in open_ones.values():
            one.send(request)
        began, ours, theirs = time.perf_counter(), cpu_seconds(0), cpu_seconds(pid)
        end, done = began + seconds, 0
        while (now := time.perf_counter()) < end:
            for number, _event in poll.poll(0.1):
                one = open_ones[number]
                data = one.receive(_CHUNK)
                if not one.taken and not data.startswith(line):
                    raise Unexpected(data[:200].decode("latin-1"))
                one.taken += len(data)
                if one.taken >= first.size:
                    one.taken = 0
                    done += 1
                    one.send(request)
        took = now - began
        if not done:
            raise Unexpected("no answer at all")
        return Rate(done / took, (cpu_seconds(pid) - theirs) / done, (cpu_seconds(0) - ours) / done)
    finally:
        for one in open_ones.values():
            one.connection.close()
        poll.close()


class _Open:
    """A connection, and how much of the answer has come."""

    __slots__ = ("connection", "receive", "send", "taken")

    def __init__(self, connection: socket.socket) -> None:
        self.connection, self.receive, self.send = connection, connection.recv, connection.send
        self.taken = 0


def _ask(connection: socket.socket, request: bytes, status: int) -> Answer:
    connection.sendall(request)
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(connection, data)
    head, _separator, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in lines)}
    found = int(first.split()[1])
    if found != status:
        raise Unexpected(data[:2000].decode("latin-1"))
    while len(body) < int(headers.get("content-length", "0")):
        body += _more(connection, body)
    return Answer(found, headers, body, len(head) + 4 + len(body))


def _more(connection: socket.socket, before: bytes) -> bytes:
    data = connection.recv(_CHUNK)
    if not data:
        raise Unexpected(f"the connection ended after {before[:200]!r}")
    return data
