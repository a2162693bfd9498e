"""The files to begin with: the shipped nginx.conf and Caddyfile, run by the real programs in front of a real server."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx2
import msgspec
import pytest

from summit.core.i18n import LANGUAGES
from summit.core.metrics import Metrics
from summit.core.serving import PING_SECONDS
from summit.help.shelf import FOLDER
from summit.settings import Settings
from tests.live.arranging import Guest, Venue, a_venue
from tests.live.client import Window
from tests.support.databases import sqlite_url
from tests.support.pages import heading
from tests.support.processes import free_port
from tests.support.proxies import PROXIES, SHIPPED, Proxy, adapted
from tests.support.servers import Server, serving
from tests.support.settings import make_settings

FASTER = 10
"""How many times faster pings and time-outs are here than in the files."""
IDLE_SECONDS = 6.6
MEBIBYTE = 1_048_576


@dataclass
class Front:
    """A server behind a proxy. In `idle` nothing was said since it was opened, at `idle_since`."""

    proxy: Proxy
    server: Server
    venue: Venue
    idle: Window
    idle_since: float

    def client(self, transport: httpx2.AsyncHTTPTransport | None = None) -> httpx2.AsyncClient:
        """A browser that comes through the proxy."""
        headers = {"origin": self.proxy.url, "accept": "text/html", "accept-language": "en"}
        return httpx2.AsyncClient(
            base_url=self.proxy.url, headers=headers, verify=self.proxy.trust, timeout=20, transport=transport
        )


@pytest.fixture(scope="module", params=list(PROXIES))
async def front(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Front]:
    folder, port = tmp_path_factory.mktemp(request.param), free_port()
    settings = make_settings(
        sqlite_url(folder), base_url=f"https://localhost:{port}", allowed_hosts="localhost", api_limit="3/minute"
    )
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(serving(settings, ping_seconds=PING_SECONDS / FASTER))
        upstream = int(server.url.rpartition(":")[2])
        seconds = _seconds("proxy_read_timeout")
        times = {f"proxy_read_timeout {seconds}s;": f"proxy_read_timeout {seconds * 1000 // FASTER}ms;"}
        proxy = await stack.enter_async_context(PROXIES[request.param](folder, port, upstream, times))
        venue = await a_venue(server)
        quiet = through(proxy, await venue.guest("Quiet"))
        window = await stack.enter_async_context(quiet.window(ssl=proxy.trust, origin=proxy.url))
        yield Front(proxy, server, venue, window, asyncio.get_running_loop().time())


def through(proxy: Proxy, guest: Guest) -> Guest:
    """The same person, whose windows open through the proxy."""
    return replace(guest, socket=re.sub(r"ws://[^/]+", proxy.url.replace("https", "wss"), guest.socket))


def _seconds(directive: str) -> int:
    found = re.search(rf"{directive} (\d+)s;", (SHIPPED / "nginx.conf").read_text())
    assert found, directive
    return int(found[1])


async def test_pages_come_over_https_and_say_so_to_browsers(front: Front) -> None:
    async with front.client() as client:
        answer = await client.get(f"/{front.venue.slug}")
        assert heading(answer) == "Test meeting"
        assert "max-age" in answer.headers["strict-transport-security"], "the server knows that it was https"
        plain = await client.get(f"http://localhost:{front.proxy.plain_port}/{front.venue.slug}")
        assert plain.is_redirect
        assert plain.headers["location"].startswith("https://localhost")


async def test_styles_and_scripts_come_compressed_and_may_be_kept(front: Front) -> None:
    async with front.client() as client:
        page = (await client.get(f"/{front.venue.slug}")).text
        found = re.search(r'"(/static/[^"]+\.css)"', page)
        assert found
        first, again = [await client.get(urljoin(front.proxy.url, found[1])) for _ in range(2)]
    assert first.content == again.content
    assert (first.headers["content-encoding"], first.headers["vary"]) == ("gzip", "Accept-Encoding")
    assert "immutable" in again.headers["cache-control"]
    if front.proxy.name == "nginx":
        assert (first.headers["x-cache"], again.headers["x-cache"]) == ("MISS", "HIT")


async def test_people_ask_and_vote_over_sockets_through_it(front: Front) -> None:
    ada, chair = await front.venue.guest("Ada"), await front.venue.guest("Chair", "moderator")
    options: dict[str, Any] = {"ssl": front.proxy.trust, "origin": front.proxy.url}
    at_door = [through(front.proxy, one).window(**options) for one in (ada, chair)]
    async with at_door[0] as window, at_door[1] as desk:
        assert window.hello["you"]["name"] == "Ada"
        assert window.connection.subprotocol == "summit.v1"
        question = await window.ask("Does it come through?")
        await desk.moderate(question, "approve")
        await window.succeed("vote", question=question, on=True)
        await window.until(lambda: window.votes == {question: 1})


async def test_what_one_network_may_do_is_counted_by_the_visitor_and_not_by_the_proxy(front: Front) -> None:
    async def ask(network: str, claims: str = "") -> int:
        transport = httpx2.AsyncHTTPTransport(local_address=network, verify=front.proxy.trust)
        async with front.client(transport=transport) as client:
            headers = {"x-forwarded-for": claims} if claims else {}
            return (await client.get(f"/api/v1/summits/{front.venue.slug}", headers=headers)).status_code

    assert [await ask("127.0.0.2") for _ in range(4)] == [200, 200, 200, 429]
    assert await ask("127.0.0.3") == 200
    assert await ask("127.0.0.2", claims="192.0.2.9") == 429, "what a browser claims does not count"


async def test_what_is_too_large_is_refused_in_the_words_of_the_program(front: Front) -> None:
    most = Settings(_env_file=None).max_upload_bytes // MEBIBYTE
    path = f"/{front.venue.slug}/organise/exchange"
    assert " 413 " not in await upload(front.proxy, path, most - 1)
    refused = await upload(front.proxy, path, most + 1)
    assert " 413 " in refused
    assert f"At most {most} MB" in refused
    assert " 413 " in await upload(front.proxy, path, most + 10)


async def upload(proxy: Proxy, path: str, mebibytes: int) -> str:
    """Sends a file in a form until it is all sent or answered (RFC 9112 §9.5), as browsers do; gives the answer."""
    reader, writer = await asyncio.open_connection("localhost", proxy.port, ssl=proxy.trust)
    answer = asyncio.create_task(reader.read(65536))
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nOrigin: {proxy.url}\r\nConnection: close\r\n"
        f"Accept: text/html\r\nAccept-Language: en\r\nContent-Length: {mebibytes * MEBIBYTE}\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n\r\n"
    )
    try:
        writer.write(head.encode())
        for _piece in range(mebibytes * 4):
            if answer.done():
                break
            writer.write(bytes(MEBIBYTE // 4))
            await writer.drain()
            # An answer that has come is only seen where the loop gets to look.
            await asyncio.sleep(0)
        said = await answer
        while not reader.at_eof() and b"</html>" not in said:
            said += await reader.read(65536)
    finally:
        writer.close()
    return said.decode(errors="replace")


async def test_figures_for_operators_are_not_for_the_public(front: Front) -> None:
    async with front.client() as client:
        assert (await client.get("/metrics")).status_code == 404
        assert (await client.get(f"{front.server.url.replace('127.0.0.1', 'localhost')}/metrics")).status_code == 200


async def test_a_socket_in_which_nothing_is_said_stays_open(front: Front) -> None:
    """Longer than the proxy waits for a silent server: the pings, between which it waits, keep it open."""
    rest = front.idle_since + IDLE_SECONDS - asyncio.get_running_loop().time()
    assert _seconds("proxy_read_timeout") / FASTER < IDLE_SECONDS
    await asyncio.sleep(max(0, rest))
    assert not front.idle.is_over, f"closed: {front.idle.connection.close_code} {front.idle.connection.close_reason}"
    await front.idle.ask("Still there?")


def test_the_proxy_waits_for_more_than_two_pings() -> None:
    assert _seconds("proxy_read_timeout") > 2 * PING_SECONDS


async def test_the_unit_is_one_that_systemd_understands(tmp_path: Path) -> None:
    if not (analyse := shutil.which("systemd-analyze")):
        pytest.skip("systemd-analyze is not available here. Install it with `apt-get install systemd`.")
    program = "/opt/summit/.venv/bin/summit"
    unit = tmp_path / "summit.service"
    unit.write_text(adapted((SHIPPED / unit.name).read_text(), {program: "/bin/true"}))
    process = await asyncio.create_subprocess_exec(
        analyse, "verify", str(unit), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _none = await process.communicate()
    assert (process.returncode, said.decode()) == (0, "")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_names_only_settings_and_figures_that_there_are(lang: str) -> None:
    page = (FOLDER / f"deployment.{lang}.md").read_text()
    settings = {name.lower() for name in re.findall(r"`SUMMIT_([A-Z_]+)`", page)}
    assert settings <= set(Settings.model_fields)
    figures = set(re.findall(r"`(summit_[a-z_]+)`", page))
    assert figures
    there = {metric.name for metric in Metrics().registry.collect()}
    assert {figure.removesuffix("_total") for figure in figures} <= there


def test_compose_names_only_settings_that_there_are() -> None:
    services = msgspec.yaml.decode((SHIPPED / "compose.yaml").read_text())["services"]
    named = {name.removeprefix("SUMMIT_").lower() for name in services["summit"]["environment"]}
    assert named <= set(Settings.model_fields)
    for name, service in services.items():
        assert set(service.get("depends_on", ())) <= set(services), name


async def test_the_dashboard_asks_for_figures_that_there_are(front: Front) -> None:
    board = msgspec.json.decode((SHIPPED / "grafana.json").read_bytes())
    asked = {target["expr"] for panel in board["panels"] for target in panel["targets"]}
    operator = await front.server.client(host="localhost")
    await operator.get("/")
    figures = (await operator.get("/metrics")).text
    told = {line.split("{")[0].split(" ")[0] for line in figures.splitlines() if not line.startswith("#")}
    named = set(re.findall(r"summit_\w+", " ".join(asked)))
    assert {"summit_sockets", "summit_requests_total", "summit_request_seconds_bucket"} == named
    assert named <= told
