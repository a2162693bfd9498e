"""Somebody's machine that keeps a calendar by subscription: vdirsyncer fetches it, khal shows it."""

import asyncio
import os
import sys
from importlib.util import find_spec
from pathlib import Path

from tests.support.missing import lacking

_VDIRSYNCER = """
[general]
status_path = "{home}/status/"

[pair subscription]
a = "summit"
b = "here"
collections = null

[storage summit]
type = "http"
url = "{address}"

[storage here]
type = "filesystem"
path = "{home}/calendar/"
fileext = ".ics"
"""
_KHAL = """
[calendars]
[[summit]]
path = {home}/calendar/
readonly = True

[sqlite]
path = {home}/khal.db

[locale]
local_timezone = {zone}
default_timezone = {zone}
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
"""
# khal's own format, but for the description.
_LINE = "{cancelled}{start-end-time-style} {title}{repeat-symbol}{alarm-symbol}"
_PATIENCE_SECONDS = 60


class Desk:
    """Set up in that folder, in that zone, and subscribed to that address. Ends the test where a program is missing."""

    def __init__(self, folder: Path, address: str, zone: str = "Europe/Stockholm") -> None:
        for program in ("vdirsyncer", "khal"):
            if find_spec(program) is None:
                lacking(program, "It comes with the `dev` extra: `pip install -c constraints.txt -e '.[dev]'`.")
        self._home = folder
        (folder / "calendar").mkdir()
        (folder / "vdirsyncer.conf").write_text(_VDIRSYNCER.format(home=folder, address=address))
        self.move_to(zone)

    def move_to(self, zone: str) -> None:
        """Takes the machine into another time zone, its calendar with it."""
        (self._home / "khal.conf").write_text(_KHAL.format(home=self._home, zone=zone))

    async def subscribe(self) -> None:
        """Makes vdirsyncer know the address."""
        await self._run("vdirsyncer", "discover")

    async def sync(self) -> str:
        """Fetches the calendar and keeps what it holds; gives what vdirsyncer says that it did."""
        return await self._run("vdirsyncer", "sync")

    async def shown(self, first: str, last: str) -> list[str]:
        """What khal shows from one day (ISO) until before another: a line for each day, a line for each entry."""
        listed = await self._run("khal", "list", "--once", "--format", _LINE, "--day-format", "{date}", first, last)
        return [line.strip() for line in listed.splitlines()]

    async def details(self, name: str, first: str, last: str) -> list[str]:
        """One field of khal's for all entries from one day until before another."""
        listed = await self._run("khal", "list", "--once", "--format", f"{{{name}}}", "--day-format", "", first, last)
        return [line.strip() for line in listed.splitlines() if line]

    async def _run(self, program: str, *arguments: str) -> str:
        """Runs a program that knows this home and nothing else of the machine."""
        folders = {name: str(self._home) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", program, "-c", str(self._home / f"{program}.conf"), *arguments),
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "COLUMNS": "250", **folders},
            cwd=self._home,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        async with asyncio.timeout(_PATIENCE_SECONDS):
            output, errors = await process.communicate()
        said = output.decode() + errors.decode()
        assert process.returncode == 0, f"{program} {arguments}: {said}"
        return said
