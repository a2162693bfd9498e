"""The API keeps what its description promises, whatever is sent to it: schemathesis tries."""

import asyncio
import sys
from pathlib import Path

import pytest

from summit.programme.api.table import OPERATIONS
from tests.programme.api.arranging import a_token
from tests.support.arranging import publish
from tests.support.databases import sqlite_url
from tests.support.servers import serving
from tests.support.settings import make_settings

CONFIG = Path(__file__).with_name("schemathesis.toml")
EXAMPLES = 1
"""For each operation, beside what its description and its limits suggest."""


@pytest.mark.timeout(240)
async def test_the_api_is_as_it_is_described(tmp_path: Path) -> None:
    async with serving(make_settings(sqlite_url(tmp_path))) as server:
        secret = await a_token(server, await publish(server))
        code, report = await try_it(server.url, secret, EXAMPLES)
    # Its own number tells that none was left out.
    assert code == 0, report
    assert f"Tested: {len(OPERATIONS)}" in report, report


async def try_it(url: str, secret: str, examples: int) -> tuple[int | None, str]:
    """Runs schemathesis against the server; gives its exit code and what it says."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schemathesis.cli", "--no-color", "--config-file", str(CONFIG)),
        *("run", f"{url}/api/v1/openapi.json"),
        *("--header", f"Authorization: Bearer {secret}", "--max-examples", str(examples)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _nothing = await process.communicate()
    return process.returncode, said.decode(errors="replace")
