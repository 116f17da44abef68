"""What is measured: pairs of lanes, asked in turns, and what came of each."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, repeat
from typing import Any

from bench import bare
from bench.client import Answer, ask, request
from bench.edition import Edition, Prepared
from bench.lanes import Comparison, Lane, Requests
from bench.servers import Server

JSON = "application/json"
# differ from answer to answer
EPHEMERAL = {"date", "x-request-id"}
_TARGET = re.compile(rb"^GET \S+ HTTP")
_CONDITION = re.compile(rb"If-None-Match: [^\r]*\r\n")
_guest = count(1)


@dataclass(frozen=True)
class Reading:
    """Something that is read: which request, and the status that is expected."""

    title: str
    asked: bytes
    status: int


Pair = tuple[Reading, bytes]
"""What is read of the service, and the request for the same bytes to the bare application."""


def same(asked: bytes) -> Requests:
    """The same request again and again."""
    return lambda: repeat(asked)


def signed(prepared: Prepared) -> dict[str, str]:
    """The headers of an organiser."""
    return {"Accept": JSON, "Authorization": f"Bearer {prepared.token}"}


def registering(path: str, headers: dict[str, str]) -> Requests:
    """Registrations, each of somebody else."""

    def make() -> Iterator[bytes]:
        while True:
            number = next(_guest)
            person = {"name": f"Robin Example {number}", "email": f"robin{number}@example.org"}
            yield request("POST", path, headers, json.dumps({**person, "country": "AT"}).encode())

    return make


def polls(port: int, edition: Edition) -> list[Reading]:
    """Polls of a calendar: whole, compressed, and unchanged."""
    path, what = edition.calendar, f"calendar of {edition.items} items"
    etag = ask(port, request("GET", path), status=200).header("ETag") or ""
    return [
        Reading(f"{what}: 200", request("GET", path), 200),
        Reading(f"{what}: 200, gzip", request("GET", path, {"Accept-Encoding": "gzip"}), 200),
        Reading(f"{what}: 304", request("GET", path, {"If-None-Match": etag}), 304),
    ]


def readings(port: int, prepared: Prepared) -> list[Reading]:
    """What is read beside the bare application."""
    small, known = prepared.small, signed(prepared)
    page = request("GET", small.page, {"Accept": JSON})
    return [
        *polls(port, small),
        Reading("event, organiser's API: 200", request("GET", small.path, known), 200),
        Reading("event, public page: 200", page, 200),
    ]


def keep(port: int, prepared: Prepared) -> tuple[list[dict[str, Any]], list[Pair]]:
    """Ask the service once for each thing that is read, and keep its answers for the bare
    application: the answers, and what to ask of both."""
    kept, pairs = [], []
    for number, reading in enumerate(readings(port, prepared)):
        answer = ask(port, reading.asked, status=reading.status)
        if reading.status == 304:
            whole = ask(port, _CONDITION.sub(b"", reading.asked), status=200)
            kept.append(bare.kept(whole, answer))
        else:
            kept.append(bare.kept(answer))
        target = b"GET /answers/%d HTTP" % number
        pairs.append((reading, _TARGET.sub(target, reading.asked)))
    asked = next(registering(f"{prepared.small.path}/registrations", signed(prepared))())
    kept.append(bare.kept(ask(port, asked, status=201)))
    return kept, pairs


def beside_bare(
    service: Server, other: Server, prepared: Prepared, pairs: Sequence[Pair]
) -> list[Comparison]:
    """The service (first) beside the bare application (second).

    Raises:
        RuntimeError: they do not send the same bytes.
    """
    found = []
    for reading, asked in pairs:
        mine = ask(service.port, reading.asked, status=reading.status)
        refuse_difference(reading.title, mine, ask(other.port, asked, status=reading.status))
        lanes = [
            Lane("service", service, same(reading.asked), reading.status),
            Lane("bare", other, same(asked), reading.status),
        ]
        found.append(Comparison(reading.title, *lanes))
    path = f"{prepared.small.path}/registrations"
    lanes = [
        Lane("service", service, registering(path, signed(prepared)), 201),
        Lane("bare", other, registering("/guests", signed(prepared)), 201),
    ]
    found.append(Comparison("registration by staff: 201", *lanes))
    return found


def refuse_difference(title: str, one: Answer, other: Answer) -> None:
    """Both applications must send the same bytes, or the comparison is worth nothing.

    Raises:
        RuntimeError: they do not.
    """
    heads = [
        sorted((k.lower(), v) for k, v in answer.headers if k.lower() not in EPHEMERAL)
        for answer in (one, other)
    ]
    if heads[0] != heads[1]:
        raise RuntimeError(f"{title}: other headers: {heads[0]} and {heads[1]}")
    if one.body != other.body:
        raise RuntimeError(f"{title}: other bytes: {len(one.body)} and {len(other.body)}")


def growth(service: Server, prepared: Prepared) -> list[Comparison]:
    """How cost grows with size: the larger (first) beside the smaller (second)."""
    small, large, crowded = prepared.small, prepared.large, prepared.crowded
    found = []
    pairs = zip(polls(service.port, large), polls(service.port, small), strict=True)
    for larger, smaller in pairs:
        lanes = [Lane(r.title, service, same(r.asked), r.status) for r in (larger, smaller)]
        kind = larger.title.partition(": ")[2]
        found.append(
            Comparison(f"calendar of {large.items} items beside {small.items}: {kind}", *lanes)
        )
    last, pages = last_page(service.port, prepared, limit=10)
    first = registrations_page(prepared, limit=10)
    lanes = [Lane(name, service, same(r), 200) for name, r in (("last", last), ("first", first))]
    found.append(Comparison(f"page {pages} of registrations beside page 1", *lanes))
    lanes = [
        Lane(e.slug, service, registering(f"{e.path}/registrations", signed(prepared)), 201)
        for e in (crowded, large)
    ]
    title = f"registration: {crowded.guests} guests there beside none"
    found.append(Comparison(title, *lanes))
    return found


def registrations_page(prepared: Prepared, *, limit: int, cursor: str | None = None) -> bytes:
    """The request for a page of the crowded edition's registrations."""
    query = f"?limit={limit}" + (f"&cursor={cursor}" if cursor else "")
    return request("GET", f"{prepared.crowded.path}/registrations{query}", signed(prepared))


def last_page(port: int, prepared: Prepared, *, limit: int) -> tuple[bytes, int]:
    """The request for the last whole page, and its number."""
    pages = prepared.crowded.guests // limit
    ahead, cursor = (pages - 1) * limit, None
    while ahead:
        step = min(200, ahead)
        asked = registrations_page(prepared, limit=step, cursor=cursor)
        cursor = json.loads(ask(port, asked, status=200).body)["next_cursor"]
        ahead -= step
    return registrations_page(prepared, limit=limit, cursor=cursor), pages
