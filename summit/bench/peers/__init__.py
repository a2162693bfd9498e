"""What people would pick instead: servers with the same task, and their installation, which is for benchmarks alone."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from summit.bench.lab import Skipped

NODE_PACKAGES = ("ws@8.23", "socket.io@4.8")
PYTHON_PACKAGES = ("python-socketio~=5.18", "picows~=2.3")
_HERE = Path(__file__).parent


def folder() -> Path:
    """Where peers are kept between runs, in the user's cache."""
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "summit-bench"


def node_command(name: str, say: Callable[[str], object]) -> list[str]:
    """The command that runs a Node peer, installed where it was not. Raises `Skipped`."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise Skipped("Node and npm are not installed")
    place = folder() / "node"
    options = ("--silent", "--no-audit", "--no-fund", "--prefix", str(place))
    _install(place, NODE_PACKAGES, [npm, "install", *options], say)
    return [node, str(_HERE / f"{name}.mjs")]


def python_command(name: str, say: Callable[[str], object]) -> list[str]:
    """The command that runs a Python peer, installed where it was not. Raises `Skipped`."""
    place = _of_python()
    options = ("--quiet", "--upgrade", "--target", str(place))
    _install(place, PYTHON_PACKAGES, [sys.executable, "-m", "pip", "install", *options], say)
    return [sys.executable, str(_HERE / f"{name}.py")]


def environment() -> dict[str, str]:
    """What the peers have to know: where they are installed."""
    return {"PEERS": str(folder() / "node"), "PYTHONPATH": os.pathsep.join([*sys.path, str(_of_python())])}


def _of_python() -> Path:
    return folder() / f"python-{sys.implementation.cache_tag}"


def _install(place: Path, packages: tuple[str, ...], command: list[str], say: Callable[[str], object]) -> None:
    """Where just these are not there in whole yet."""
    done = place / "installed.txt"
    if done.is_file() and done.read_text().split() == [*packages]:
        return
    say(f"Installing {', '.join(packages)} into {place} …")
    place.mkdir(parents=True, exist_ok=True)
    try:
        subprocess.run([*command, *packages], check=True, capture_output=True, text=True)  # noqa: S603 - named above
    except subprocess.CalledProcessError as error:
        raise Skipped(f"could not be installed: {error.stderr.strip()[-300:]}") from error
    done.write_text("\n".join(packages))
