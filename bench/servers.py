"""Both applications as real servers, and the processor time they take."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from bench import bare
from dev.processes import Child, answers, free_port, start

SECRET = "a bench secret of more than thirty-two bytes"  # noqa: S105  of a throw-away database
WEB = "from eventsvc.cli import main; main()"
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Shape:
    """What both servers have in common."""

    workers: int
    threads: int


@dataclass
class Server:
    """A started server."""

    name: str
    port: int
    child: Child

    def cpu(self) -> float | None:
        """Seconds of processor time of its processes so far; None where /proc is not there."""
        return _cpu_of_tree(self.child.pid)


def variables(folder: Path, database_url: str, broker_url: str) -> dict[str, str]:
    """The environment of the service: as shipped, but for rate limits and places."""
    own = {
        "EVENTSVC_DATABASE_URL": database_url,
        "EVENTSVC_BROKER_URL": broker_url,
        "EVENTSVC_DATA_DIR": str(folder),
        "EVENTSVC_SECRET_KEY": SECRET,
        "EVENTSVC_RATELIMIT_ENABLED": "false",
        "EVENTSVC_BASE_URL": "http://127.0.0.1",
    }
    return {**_outside(), **own}


def _outside() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("EVENTSVC_")}


def start_service(folder: Path, database_url: str, broker_url: str, shape: Shape) -> Server:
    """``eventsvc web``, which logs each request; the log is a file of ``folder``."""
    port = free_port()
    told = variables(folder, database_url, broker_url) | {
        "EVENTSVC_BIND": f"127.0.0.1:{port}",
        "EVENTSVC_WEB_WORKERS": str(shape.workers),
        "EVENTSVC_WEB_THREADS": str(shape.threads),
    }
    return _started("service", [sys.executable, "-c", WEB, "web"], told, port, folder)


def start_bare(folder: Path, database_url: str, kept: Path, shape: Shape) -> Server:
    """The bare application under the same server."""
    port = free_port()
    told = {**_outside(), bare.ANSWERS: str(kept), bare.DATABASE: database_url}
    command = [sys.executable, "-m", "bench.bare", str(port)]
    command += [str(shape.workers), str(shape.threads)]
    return _started("bare", command, told, port, folder)


def _started(
    name: str, command: list[str], environment: dict[str, str], port: int, folder: Path
) -> Server:
    child = start(name, command, env=environment, log=folder / f"{name}.log")
    try:
        child.wait_until(lambda: answers(port))
    except BaseException:
        child.kill()
        raise
    return Server(name, port, child)


def _cpu_of_tree(root: int) -> float | None:
    if not Path("/proc/self/stat").exists():
        return None
    parents: dict[int, int] = {}
    spent: dict[int, float] = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        pid = int(folder.name)
        parents[pid] = int(fields[1])
        spent[pid] = (int(fields[11]) + int(fields[12])) / TICKS
    return sum(time for pid, time in spent.items() if _stands_below(pid, root, parents))


def _stands_below(pid: int, root: int, parents: dict[int, int]) -> bool:
    while pid and pid != root:
        pid = parents.get(pid, 0)
    return pid == root
