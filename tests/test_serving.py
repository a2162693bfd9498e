"""The running server: health, a graceful stop, logs, figures, static files, and the commands for operators."""

import asyncio
import json
import os
import signal
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from summit.core.clock import system_clock
from summit.people.cli_actions import make_person, sign_in_token
from summit.people.models import Person
from summit.settings import Settings
from tests.support.arranging import publish, sign_in
from tests.support.commands import run_summit
from tests.support.databases import drop, postgres_database, sqlite_url
from tests.support.factories import LIVE, SLUG
from tests.support.processes import ServerProcess, free_port, process_server
from tests.support.servers import Server, serving
from tests.support.settings import make_settings

SOCKET = f"/{SLUG}/sessions/{LIVE}/live/socket"


@pytest.fixture
async def process(tmp_path: Path) -> AsyncIterator[ServerProcess]:
    """A server in a process of its own, with the usual summit, that logs all it does."""
    async with process_server(make_settings(sqlite_url(tmp_path), log_level="info"), tmp_path) as running:
        await publish(running)
        yield running


async def enter_room(site: Server | ServerProcess) -> ClientConnection:
    client = await sign_in(site, "participant")
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    return await connect(site.ws_url + SOCKET, additional_headers={"cookie": cookies}, origin=None)


async def closing_code(socket: ClientConnection) -> int | None:
    """Reads until the server closes."""
    async with asyncio.timeout(10):
        while True:
            try:
                await socket.recv()
            except ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd else None


async def test_health_and_readiness(any_server: Server) -> None:
    client = await any_server.client()
    assert (await client.get("/healthz")).json() == {"status": "alive"}
    ready = await client.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"database": "ok", "broker": "ok"})


async def test_not_ready_while_the_broker_is_away(tmp_path: Path) -> None:
    settings = make_settings(sqlite_url(tmp_path), broker_url=f"redis://127.0.0.1:{free_port()}")
    async with serving(settings) as server:
        client = await server.client()
        ready, alive = await client.get("/readyz"), await client.get("/healthz")
    assert (ready.status_code, ready.json()) == (503, {"database": "ok", "broker": "BrokerAway"})
    assert alive.status_code == 200


async def test_ready_with_a_broker(tmp_path: Path, redis_url: str) -> None:
    async with serving(make_settings(sqlite_url(tmp_path), broker_url=redis_url)) as server, asyncio.timeout(10):
        client = await server.client()
        # A busy machine's Redis may once be slower than readiness waits for.
        while (await client.get("/readyz")).status_code != 200:
            await asyncio.sleep(0.1)


async def test_not_ready_while_the_database_is_away() -> None:
    async with postgres_database() as url, serving(make_settings(url)) as server:
        client = await server.client()
        assert (await client.get("/readyz")).status_code == 200
        await drop(url)
        ready, alive = await client.get("/readyz"), await client.get("/healthz")
    assert (ready.status_code, ready.json()["broker"]) == (503, "ok")
    assert alive.status_code == 200


async def test_a_stop_answers_what_is_running_closes_sockets_and_is_no_failure(process: ServerProcess) -> None:
    socket = await enter_room(process)
    await socket.recv()
    reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(process.url).port)
    body = b"language=sv&next=/sign-in"
    head = f"POST /language HTTP/1.1\r\nHost: {urlsplit(process.url).netloc}\r\nOrigin: {process.url}\r\n"
    head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body[:5])
    await writer.drain()
    await asyncio.sleep(0.3)
    process.send(signal.SIGTERM)
    assert await closing_code(socket) == 1012
    writer.write(body[5:])
    answer = await asyncio.wait_for(reader.read(), 5)
    assert answer.startswith(b"HTTP/1.1 303")
    assert await process.ended() == 0
    writer.close()


async def test_two_workers_serve_together_and_stop_together(tmp_path: Path, redis_url: str) -> None:
    settings = make_settings(sqlite_url(tmp_path), broker_url=redis_url)
    async with process_server(settings, tmp_path, workers=2) as process:
        await publish(process)
        client = await sign_in(process, "participant")
        for _ in range(8):
            assert "Test participant" in (await client.get(f"/{SLUG}/programme")).text
        assert await process.terminate() == 0


async def test_several_workers_without_a_broker_are_refused(tmp_path: Path) -> None:
    settings = make_settings(sqlite_url(tmp_path))
    code, _output, errors = await run_summit(settings, "serve", "--workers", "2")
    assert code == 2
    assert "SUMMIT_BROKER_URL" in errors


async def test_logs_are_json_and_let_nobody_in(process: ServerProcess) -> None:
    async with process.db.writer() as db:
        await make_person(db, "anna@example.org", None, None, "Anna Test", False, process.clock)
        token = await sign_in_token(db, "anna@example.org", process.clock)
    client = await process.client()
    shown = await client.get(f"/sign-in/{token}")
    await client.post(f"/sign-in/{token}")
    async with process.db.writer() as db:
        await db.execute(text("DROP TABLE mail"))
    asked = await client.post("/sign-in", data={"email": "anna@example.org"})
    async with process.db.writer() as db:
        await db.execute(text("DROP TABLE sign_in_link"))
    broken = await client.get(f"/sign-in/{token}")
    assert (shown.status_code, broken.status_code, asked.status_code) == (200, 500, 500)
    await process.terminate()
    lines = [json.loads(line) for line in process.log.splitlines()]
    requests = {line["request"]: line for line in lines if line["event"] == "request"}
    assert requests[shown.headers["x-request-id"]]["path"] == "/sign-in/…"
    assert requests[broken.headers["x-request-id"]]["status"] == 500
    assert any(line["event"] == "crash" for line in lines)
    assert token not in process.log
    assert client.cookies["summit_device"] not in process.log
    for private in ("anna@example.org", "Anna Test", f"{process.url}/sign-in/"):
        assert private not in process.log


async def test_figures_for_operators(summit_server: Server) -> None:
    client = await summit_server.client()
    await client.get("/nothing")
    socket = await enter_room(summit_server)
    await socket.recv()
    figures = (await client.get("/metrics")).text
    assert 'summit_requests_total{method="GET",status="404"} 1.0' in figures
    assert "summit_sockets 1.0" in figures
    assert "summit_request_seconds_count" in figures
    await socket.close()


async def test_static_files_may_be_kept_for_ever_and_change_their_address(summit_server: Server) -> None:
    client = await summit_server.client()
    page = (await client.get(f"/{SLUG}/programme")).text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    styles = await client.get(address)
    assert styles.status_code == 200
    assert styles.headers["content-type"].startswith("text/css")
    assert styles.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert styles.headers["content-encoding"] == "gzip"


@pytest.mark.parametrize("path", ["../pyproject.toml", "..%2fpyproject.toml", "css/../../pyproject.toml", "css", ""])
async def test_static_files_are_those_of_their_folder_alone(server: Server, path: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(server.url).port)
    writer.write(f"GET /static/any/{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    assert answer.startswith(b"HTTP/1.1 404")


async def test_a_backup_of_a_live_database_is_whole(summit_server: Server, tmp_path: Path) -> None:
    stop, written = asyncio.Event(), 0

    async def keep_writing() -> None:
        nonlocal written
        while not stop.is_set():
            async with summit_server.db.writer() as db:
                for half in "ab":
                    db.add(Person(name=f"{written}{half}", made_at=summit_server.clock()))
            written += 1

    writing = asyncio.create_task(keep_writing())
    while written < 3:
        await asyncio.sleep(0.01)
    code, _output, errors = await run_summit(summit_server.settings, "backup", str(tmp_path / "copy.db"))
    stop.set()
    await writing
    assert code == 0, errors
    with sqlite3.connect(tmp_path / "copy.db") as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        people = copy.execute("SELECT count(*) FROM person").fetchone()[0]
    copy.close()
    assert 0 < people <= 2 * written
    assert people % 2 == 0
    async with serving(make_settings(sqlite_url(tmp_path, "copy.db"))) as restored:
        assert (await (await restored.client()).get(f"/{SLUG}/programme")).status_code == 200


async def test_a_backup_that_cannot_be_made_leaves_nothing_and_says_why(tmp_path: Path) -> None:
    settings = make_settings(sqlite_url(tmp_path, "none.db"))
    code, _output, errors = await run_summit(settings, "backup", str(tmp_path / "copy.db"))
    assert code == 2
    assert "there is no database" in errors
    assert os.listdir(tmp_path) == []


async def test_settings_are_listed_with_their_meaning_and_no_secret(tmp_path: Path) -> None:
    settings = make_settings(sqlite_url(tmp_path), secret_key="hush-hush", ask_limit="7/minute")
    code, output, _errors = await run_summit(settings, "settings")
    assert code == 0
    for name in Settings.model_fields:
        assert f"SUMMIT_{name.upper()}" in output
    assert "7/minute" in output
    assert "hush-hush" not in output


async def test_people_and_their_links_are_made_on_the_command_line(summit_server: Server, tmp_path: Path) -> None:
    settings = summit_server.settings.model_copy(update={"base_url": summit_server.url})
    arguments = ("person", "olga@example.org", "--role", "organiser", "--summit", SLUG, "--name", "Olga Test")
    code, output, errors = await run_summit(settings, *arguments)
    assert (code, output.strip()) == (0, "Olga Test <olga@example.org>: organiser"), errors
    code, link, errors = await run_summit(settings, "sign-in-link", "olga@example.org")
    bad, _output, why = await run_summit(settings, "sign-in-link", "nobody@example.org")
    assert code == 0, errors
    assert (bad, why.strip()) == (2, "Nobody here has that address.")
    summit_server.clock.now = system_clock()
    client = await summit_server.client()
    assert link.startswith(f"{summit_server.url}/sign-in/")
    assert "Olga Test" in (await client.get(link.strip())).text
    assert (await client.post(link.strip())).status_code == 303
    assert (await client.get(f"/{SLUG}/organise/mail")).status_code == 200
