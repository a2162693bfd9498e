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
    if not (place / "node_modules" / "socket.io").is_dir():
        say(f"Installing {', '.join(NODE_PACKAGES)} into {place} …")
        place.mkdir(parents=True, exist_ok=True)
        _install([npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(place), *NODE_PACKAGES])
    return [node, str(_HERE / f"{name}.mjs")]


def python_command(name: str, say: Callable[[str], object]) -> list[str]:
    """The command that runs a Python peer, installed where it was not. Raises `Skipped`."""
    place = folder() / "python"
    if not place.is_dir():
        say(f"Installing {', '.join(PYTHON_PACKAGES)} into {place} …")
        _install([sys.executable, "-m", "pip", "install", "--quiet", "--target", str(place), *PYTHON_PACKAGES])
    return [sys.executable, str(_HERE / f"{name}.py")]


def environment() -> dict[str, str]:
    """What the peers have to know: where they are installed."""
    return {"PEERS": str(folder() / "node"), "PYTHONPATH": os.pathsep.join([*sys.path, str(folder() / "python")])}


def _install(command: list[str]) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - named above
    except subprocess.CalledProcessError as error:
        raise Skipped(f"could not be installed: {error.stderr.strip()[-300:]}") from error
