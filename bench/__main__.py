"""``python -m bench``: measure, print, and with ``--write`` put the figures into the README."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from redis import Redis

from bench import edition, figures, mails
from bench.comparison import beside_bare, growth, keep
from bench.lanes import Comparison, Pace
from bench.servers import Shape, start_bare, start_service
from dev.processes import Group, interruptible
from dev.services import BROKER_VARIABLE, DATABASE_VARIABLE

BOTH = ("sqlite", "postgresql")
OWN_REDIS = 15
"""The numbered Redis database that is used, and emptied afterwards; it must be empty before."""
HOMES = {
    "sqlite": "SQLite (WAL, synchronous=FULL), no broker",
    "postgresql": "PostgreSQL, Redis as broker",
}


def options(arguments: Sequence[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--database", choices=(*BOTH, "both"), default="both")
    parser.add_argument("--rounds", type=int, default=5, help="bursts of each kind (default 5)")
    parser.add_argument("--seconds", type=float, default=0.5, help="of one burst (default 0.5)")
    parser.add_argument("--connections", type=int, default=8, help="kept open (default 8)")
    parser.add_argument("--most", type=int, default=20_000, help="requests of one burst")
    parser.add_argument("--workers", type=int, default=1, help="processes of each server")
    parser.add_argument("--threads", type=int, default=4, help="threads of each process")
    parser.add_argument("--items", type=int, default=60, help="of the calendar (default 60)")
    parser.add_argument("--many-items", type=int, default=600, help="of the large calendar")
    parser.add_argument("--guests", type=int, default=5010, help="of the crowded edition")
    parser.add_argument("--mails", type=int, default=60, help="of one burst; 0: none")
    parser.add_argument("--write", action="store_true", help="put the figures into bench/README.md")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    """Measure on each database asked for."""
    asked = options(arguments)
    kinds = BOTH if asked.database == "both" else (asked.database,)
    parts = [_settings(asked)]
    for kind in kinds:
        with tempfile.TemporaryDirectory(prefix="eventsvc-bench-") as folder, interruptible():
            parts.append(_measured(asked, kind, Path(folder)))
        print(parts[-1], flush=True)
    print(parts[0])
    if asked.write:
        figures.write("\n\n".join(parts))
    return 0


def _settings(asked: argparse.Namespace) -> str:
    facts = [
        *figures.machine(),
        *figures.busy(figures.load()),
        f"granian, {asked.workers} process of {asked.threads} threads for both",
        f"{asked.connections} connections kept open; request log on, rate limits off",
        f"medians of {asked.rounds} rounds of {asked.seconds:g} s in turns, after a warm-up",
    ]
    return "\n".join(f"- {fact}" for fact in facts)


def _measured(asked: argparse.Namespace, kind: str, folder: Path) -> str:
    server_url = os.environ.get(DATABASE_VARIABLE, "")
    if kind == "postgresql" and not server_url:
        raise SystemExit(f"{DATABASE_VARIABLE} names no PostgreSQL: start with `make bench`.")
    with ExitStack() as stack:
        url = stack.enter_context(edition.database(kind, folder, server_url))
        broker = stack.enter_context(_broker(kind))
        _say(f"{kind}: making editions of {asked.items} and {asked.many_items} items …")
        prepared = edition.prepare(
            folder, url, items=asked.items, many_items=asked.many_items, guests=asked.guests
        )
        beside, grown = _asked_in_turns(asked, folder, prepared, broker)
    share = max(one.client_share for one in [*beside, *grown])
    text = [
        f"### {HOMES[kind]}",
        figures.table(figures.beside_bare_rows(beside)),
        "How cost grows (the service alone; a ratio of 1 is no growth):",
        figures.table(figures.growth_rows(grown)),
    ]
    if asked.mails:
        text.append(_mails(asked, kind, folder, server_url))
    text.append(
        f"The load generator took at most {share:.0%} of a core; load {figures.load():.1f}."
    )
    return "\n\n".join(text)


def _asked_in_turns(
    asked: argparse.Namespace, folder: Path, prepared: edition.Prepared, broker: str
) -> tuple[list[Comparison], list[Comparison]]:
    shape = Shape(asked.workers, asked.threads)
    pace = Pace(asked.rounds, asked.seconds, asked.connections, asked.most)
    with Group() as group:
        service = start_service(folder, prepared.url, broker, shape)
        group.add(service.child)
        kept, pairs = keep(service.port, prepared)
        file = folder / "answers.json"
        file.write_text(json.dumps(kept))
        other = start_bare(folder, prepared.url, file, shape)
        group.add(other.child)
        found = beside_bare(service, other, prepared, pairs), growth(service, prepared)
        for one in [*found[0], *found[1]]:
            one.run(pace)
            _say(f"{one.title}: {one.first.rate:.0f}/s, {one.ratio:.2f} of {one.second.name}")
    return found


def _mails(asked: argparse.Namespace, kind: str, folder: Path, server_url: str) -> str:
    own = folder / "mails"
    own.mkdir()
    with edition.database(kind, own, server_url) as url:
        prepared = edition.prepare(own, url, items=1, many_items=1, guests=0)
        found = mails.measure(
            own, url, prepared.small, rounds=min(2, asked.rounds), mails=asked.mails
        )
    if found is None:
        return "Mails: none was due after a registration."
    return (
        f"Confirmations drained to a local aiosmtpd server, throttle off: {found.rate:.0f} a "
        f"second ({found.size // 1024} kB each); smtplib alone with the same bytes: "
        f"{found.bare:.0f}; ratio {found.ratio:.2f}."
    )


@contextmanager
def _broker(kind: str) -> Iterator[str]:
    """The broker of production, in a numbered database of its own; empty for SQLite."""
    server = os.environ.get(BROKER_VARIABLE, "")
    if kind == "sqlite" or not server:
        yield ""
        return
    url = f"{server.rstrip('/').removesuffix('/0')}/{OWN_REDIS}"
    with Redis.from_url(url) as redis:
        if redis.dbsize():
            raise SystemExit(f"Redis database {OWN_REDIS} is not empty: it is used to measure.")
        try:
            yield url
        finally:
            redis.flushdb()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
