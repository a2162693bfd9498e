"""ical.js, which Thunderbird and Nextcloud read calendars with, in a Node process that stays for the whole run.

A file's times count by the VTIMEZONE in it.
"""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.calendar.readers import Alarm, Read
from tests.support.missing import lacking

_SCRIPT = Path(__file__).with_name("by_ical_js.mjs")


class IcalJs:
    """A conversation with the script beside this file: a line of JSON for a line of JSON."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def read(self, data: bytes) -> list[Read]:
        """The events of a calendar. Raises `ValueError` with what ical.js finds wrong."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        # ASCII, so that no letter of a title ends the line.
        self._process.stdin.write(json.dumps(data.decode()) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        if "error" in answer:
            raise ValueError(answer["error"])
        return [_event(event) for event in answer["events"]]


@contextmanager
def ical_js_running() -> Iterator[IcalJs]:
    """Node with ical.js. Ends the test where there is no Node."""
    node = shutil.which("node")
    if node is None:
        lacking("Node", "Install it with `apt-get install nodejs`, version 18 or later.")
    with subprocess.Popen(
        [node, str(_SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        yield IcalJs(process)


def _event(told: dict[str, Any]) -> Read:
    moments = {name: _moment(told[name]) for name in ("stamped", "modified", "created")}
    starts = datetime.fromtimestamp(told["starts"], UTC)
    shapes = {
        "starts": starts,
        "ends": _moment(told["ends"]) or starts,
        "categories": tuple(told["categories"]),
        "geo": tuple(round(degrees, 6) for degrees in told["geo"]) if told["geo"] else None,
        "alarms": tuple(Alarm(action, timedelta(seconds=seconds)) for action, seconds in told["alarms"]),
    }
    return Read(**(told | moments | shapes))


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
