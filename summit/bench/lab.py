"""Where a measure is taken: temporary databases, servers on a core of their own, and how thorough the run is."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from summit.bench.children import Child, python, running
from summit.bench.crowd import handshake
from summit.bench.findings import Finding
from summit.bench.furnishing import SECRET_KEY, Furnished, Guest, furnish
from summit.live.protocol import SUBPROTOCOL

T = TypeVar("T")
UNLIMITED = dict.fromkeys(("ask_limit", "vote_limit", "react_limit", "command_limit"), "1000000/second")


@dataclass(frozen=True)
class Measure:
    """Something that can be measured by its name. `run` raises `Skipped` where the machine lacks what it needs."""

    name: str
    title: str
    run: Callable[["Lab"], Finding]


class Skipped(Exception):
    """The machine lacks something; the message says what to install or start."""


@dataclass
class Lab:
    """One run. A quick one shows in seconds that everything works; its figures mean little."""

    folder: Path
    app: str
    ws: str
    is_quick: bool = False
    say: Callable[[str], object] = print

    def size(self, whole: int, quick: int) -> int:
        """How many of something: in a whole run, or in a quick one."""
        return quick if self.is_quick else whole

    @property
    def rounds(self) -> int:
        """How often a ratio is taken; the middle one counts."""
        return 1 if self.is_quick else 3

    def new_folder(self) -> Path:
        """An empty folder that goes with the run."""
        folder = self.folder / f"{len(list(self.folder.iterdir())):03}"
        folder.mkdir()
        return folder

    def furnish(self, *, viewers: int = 0, sessions: int = 1, url: str = "") -> Furnished:
        """A database with a released summit: in an SQLite file of its own, or at that address."""
        url = url or f"sqlite+aiosqlite:///{self.new_folder() / 'bench.db'}"
        return self.do(furnish(url, viewers=viewers, sessions=sessions))

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Waits for something in a loop of its own."""
        return asyncio.run(work)

    @contextmanager
    def summit(self, furnished: Furnished, **settings: Any) -> Iterator[Child]:
        """The program over that database, without limits on what one person may do in a second."""
        values = {"database_url": furnished.url, "secret_key": SECRET_KEY, **UNLIMITED, **settings}
        with running(python("summit.bench.serving", self.app, self.ws, json.dumps(values)), self.new_folder()) as child:
            yield child

    @contextmanager
    def python_server(self, kind: str) -> Iterator[Child]:
        """One of the servers of `floors`."""
        with running(python("summit.bench.floors", kind), self.new_folder()) as child:
            yield child


def entry(
    child: Child,
    furnished: Furnished,
    guest: Guest,
    *,
    room: int = 0,
    deflates: bool = False,
    after: int | None = None,
) -> bytes:
    """The handshake with which somebody comes into a room, or goes on there behind the event `after`."""
    path = furnished.socket(room) + ("" if after is None else f"?after={after}")
    return handshake(path, child.host, cookie=guest.cookie, subprotocol=SUBPROTOCOL, deflates=deflates)
