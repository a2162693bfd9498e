"""The command line, without the second that a new process takes."""

import asyncio

from typer.testing import CliRunner

from summit.cli import app
from summit.settings import Settings
from tests.support.servers import same_logs
from tests.support.settings import environment_of


async def run_summit(settings: Settings, *arguments: str) -> tuple[int, str, str]:
    """Runs a command with these settings; gives its exit code, output and errors."""
    terminal = {"COLUMNS": "250", "NO_COLOR": "1"}
    with same_logs():
        # In a thread, because commands run an event loop of their own.
        result = await asyncio.to_thread(
            CliRunner().invoke, app, list(arguments), env=environment_of(settings) | terminal, catch_exceptions=False
        )
    return result.exit_code, result.stdout, result.stderr
