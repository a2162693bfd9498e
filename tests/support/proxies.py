"""nginx and Caddy with the files of `summit/help/deploy`, as processes in front of a server."""

import asyncio
import getpass
import shutil
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from summit.help.shelf import EXAMPLES, FOLDER
from tests.support.missing import lacking
from tests.support.processes import free_port

SHIPPED = FOLDER / EXAMPLES
START_SECONDS = 10
HOST = "summit.example.org"


@dataclass(frozen=True)
class Proxy:
    """One that listens with https at `port`, and with http at `plain_port`; `trust` believes its certificate."""

    name: str
    port: int
    plain_port: int
    trust: ssl.SSLContext

    @property
    def url(self) -> str:
        """The site, as browsers have it."""
        return f"https://localhost:{self.port}"


def adapted(text: str, changes: Mapping[str, str]) -> str:
    """A shipped file with other names, ports, paths or times; each has to be there."""
    for shipped, ours in changes.items():
        assert shipped in text, f"{shipped!r} is no longer in the example"
        text = text.replace(shipped, ours)
    return text


@asynccontextmanager
async def nginx(folder: Path, port: int, upstream: int, times: Mapping[str, str]) -> AsyncIterator[Proxy]:
    """nginx with the shipped `nginx.conf`, at that port; `times` are read time-outs to be changed."""
    program = _program("nginx")
    plain_port, certificate = free_port(), await _certificate(folder)
    paths = [f"{kind}_temp_path {folder / kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")]
    text = adapted(
        (SHIPPED / "nginx.conf").read_text(),
        {
            "user www-data;": f"user {getpass.getuser()};",
            "pid /run/nginx.pid;": f"pid {folder / 'nginx.pid'};",
            "worker_processes auto;": "worker_processes 1;",
            "worker_rlimit_nofile 65536;": "",
            "worker_connections 32768;": "worker_connections 256;",
            "/var/log/nginx/": f"{folder}/",
            "proxy_cache_path /var/cache/nginx-summit": f"{' '.join(paths)} proxy_cache_path {folder / 'cache'}",
            # Not every machine that tests has IPv6.
            "listen [::]:80;": "",
            "listen [::]:443 ssl http2 backlog=4096;": "",
            "listen 80;": f"listen 127.0.0.1:{plain_port};",
            "listen 443 ": f"listen 127.0.0.1:{port} ",
            "server 127.0.0.1:8000;": f"server 127.0.0.1:{upstream};",
            f"/etc/letsencrypt/live/{HOST}/fullchain.pem": str(certificate),
            f"/etc/letsencrypt/live/{HOST}/privkey.pem": str(certificate.with_suffix(".key")),
            HOST: "localhost",
            **times,
        },
    )
    file = folder / "nginx.conf"
    file.write_text(text)
    command = (program, "-c", str(file), "-e", str(folder / "error.log"), "-g", "daemon off;")
    async with _running(command, port, {}):
        yield Proxy("nginx", port, plain_port, _trust(certificate))


@asynccontextmanager
async def caddy(folder: Path, port: int, upstream: int, _times: Mapping[str, str]) -> AsyncIterator[Proxy]:
    """Caddy with the shipped `Caddyfile`, at that port. It has no read time-outs for sockets that could be changed."""
    program = _program("caddy")
    plain_port, certificate = free_port(), await _certificate(folder)
    site = f"{{$SUMMIT_SITE:{HOST}}} {{"
    text = adapted(
        (SHIPPED / "Caddyfile").read_text(),
        {
            "{\n\tservers {": f"{{\n\tadmin off\n\thttp_port {plain_port}\n\thttps_port {port}\n\tservers {{",
            site: f"{site}\n\ttls {certificate} {certificate.with_suffix('.key')}",
        },
    )
    file = folder / "Caddyfile"
    file.write_text(text)
    names = {
        "SUMMIT_SITE": "localhost",
        "SUMMIT_UPSTREAM": f"127.0.0.1:{upstream}",
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
    }
    async with _running((program, "run", "--config", str(file), "--adapter", "caddyfile"), port, names):
        yield Proxy("caddy", port, plain_port, _trust(certificate))


PROXIES = {"nginx": nginx, "caddy": caddy}


@asynccontextmanager
async def _running(command: tuple[str, ...], port: int, environment: dict[str, str]) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(
        *command,
        env={"PATH": "/usr/sbin:/usr/bin:/bin", **environment},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    said = asyncio.create_task(process.stderr.read())
    try:
        async with asyncio.timeout(START_SECONDS):
            while not await _listens(port):
                if process.returncode is not None:
                    raise RuntimeError((await said).decode(errors="replace"))
                await asyncio.sleep(0.02)
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        await said


async def _listens(port: int) -> bool:
    try:
        _reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


async def _certificate(folder: Path) -> Path:
    """A certificate for localhost that nobody has signed, with its key beside it."""
    file = folder / "certificate.pem"
    process = await asyncio.create_subprocess_exec(
        *(_program("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
        *("-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
        *("-keyout", str(file.with_suffix(".key")), "-out", str(file)),
        stderr=asyncio.subprocess.PIPE,
    )
    _out, said = await process.communicate()
    assert process.returncode == 0, said.decode()
    return file


def _trust(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


def _program(name: str) -> str:
    # Debian keeps servers where only root's PATH looks.
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    return found or lacking(name, f"Install it with `apt-get install {name}`.")
