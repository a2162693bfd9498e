"""What the machine tells of processes (Linux): processor time, memory, and which core they may use."""

import os
import platform
import resource
import time
from pathlib import Path

SERVER_CORE, CLIENT_CORE = 0, 1
"""Numbers among the cores that this process may use; on a machine with one, both are that one."""
_USABLE = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else {0}


def core(number: int) -> set[int]:
    """The core with that number, as `os.sched_setaffinity` wants it."""
    usable = sorted(_USABLE)
    return {usable[number % len(usable)]}


def cpu_seconds(*pids: int) -> float:
    """Processor time that these processes have used, in all their threads (`clock_getcpuclockid`, POSIX)."""
    return sum(time.clock_gettime(((~pid) << 3) | 2) for pid in pids)


def memory_bytes(*pids: int) -> int:
    """What these processes hold alone (their unique set size)."""
    return sum(_private(pid) for pid in pids)


def _private(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(("Private_Clean", "Private_Dirty")))


def allow_many_sockets() -> None:
    """Lets this process and its children open as many files as the machine lets them at most."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def described() -> str:
    """The machine in a line, for reports."""
    model = ""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        named = [line for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        model = named[0].partition(":")[2].strip() if named else ""
    python = f"Python {platform.python_version()}"
    return ", ".join(part for part in (model or platform.machine(), f"{len(_USABLE)} cores", python) if part)
