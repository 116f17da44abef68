"""Find PostgreSQL and Redis on this machine, or install them where that is possible."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dev.processes import identity

PACKAGES = {"PostgreSQL": "postgresql", "Redis": "redis-server"}
NO_CLUSTER = Path("/etc/postgresql-common/createcluster.d/eventsvc.conf")
POLICY = Path("/usr/sbin/policy-rc.d")


class Missing(Exception):  # noqa: N818  it is shown to a person as one sentence
    """A program is not there and cannot be installed from here; the text says what to do."""


def server_user() -> str | None:
    """Whom servers run as: nobody else, or, for root, a user who owns nothing else."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def reachable(folder: Path, user: str | None) -> bool:
    """Whether ``user`` may enter ``folder`` (every folder above it counts)."""
    test = shutil.which("test") or "/usr/bin/test"
    tried = subprocess.run([test, "-x", folder], check=False, cwd="/", **identity(user))
    return tried.returncode == 0


def postgresql() -> Path:
    """The folder with ``initdb`` and ``postgres``, newest version first.

    Raises:
        Missing: it is not installed, and this is no Debian or nobody is root.
    """
    return _postgresql() or _after_install("PostgreSQL", _postgresql)


def redis() -> Path:
    """The program ``redis-server`` (or ``valkey-server``, which is the same to us).

    Raises:
        Missing: see :func:`postgresql`.
    """
    return _redis() or _after_install("Redis", _redis)


def _postgresql() -> Path | None:
    user = server_user()
    versions = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]
    folders = sorted(versions, key=_version, reverse=True)
    on_path = shutil.which("initdb")
    if on_path:
        folders.insert(0, Path(on_path).resolve().parent)
    for folder in folders:
        complete = all((folder / name).is_file() for name in ("initdb", "postgres"))
        if complete and reachable(folder, user):
            return folder
    return None


def _version(folder: Path) -> float:
    found = re.search(r"(\d+(?:\.\d+)?)", folder.parent.name)
    return float(found.group(1)) if found else 0.0


def _redis() -> Path | None:
    places = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name, path=places)
        if found and reachable(Path(found).resolve().parent, server_user()):
            return Path(found)  # not resolved: on Debian the name decides what it does
    return None


def _after_install(what: str, find: Callable[[], Path | None]) -> Path:
    if not (Path("/etc/debian_version").exists() and os.geteuid() == 0):
        variable = {"PostgreSQL": "DATABASE", "Redis": "BROKER"}[what]
        raise Missing(
            f"{what} is not installed: install it (on Debian and Ubuntu: apt-get install "
            f"{PACKAGES[what]}) or name a running one in EVENTSVC_TEST_{variable}_URL."
        )
    missing = [PACKAGES["PostgreSQL"]] * (_postgresql() is None)
    missing += [PACKAGES["Redis"]] * (_redis() is None)
    print(f"Installing {' and '.join(missing)} from Debian's packages …", flush=True)
    with _nothing_starts_by_itself():
        _apt("update")
        _apt("install", "--yes", "--no-install-recommends", *missing)
    found = find()
    if found is None:
        raise Missing(f"{what} was installed, but its programs are not where they should be.")
    return found


def _apt(*arguments: str) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        reason = (done.stderr.strip() or done.stdout.strip()).splitlines()[-3:]
        raise Missing(f"apt-get {arguments[0]} failed: {' '.join(reason)}")


@contextmanager
def _nothing_starts_by_itself() -> Iterator[None]:
    """Keep Debian from making its own cluster and from starting the servers it installs."""
    made = []
    if not NO_CLUSTER.exists():
        NO_CLUSTER.parent.mkdir(parents=True, exist_ok=True)
        NO_CLUSTER.write_text("create_main_cluster = false\n")
        made.append(NO_CLUSTER)
    if not POLICY.exists():
        POLICY.write_text("#!/bin/sh\nexit 101\n")
        POLICY.chmod(0o755)
        made.append(POLICY)
    try:
        yield
    finally:
        for path in made:
            path.unlink(missing_ok=True)
