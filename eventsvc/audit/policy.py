"""How audit entries are sealed: digests of entries, chained batch by batch. Pure (row 30)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

PLATFORM = "platform"
"""The chain of acts that belong to no organiser."""

FIRST = "0" * 64
"""What the first seal of a chain has before it."""

LATEST_COMMIT = timedelta(days=1)
"""Longer than any transaction is open: what turns up later, with a number or a time from before
the seals of that day, was not written by the service."""


@dataclass(frozen=True)
class Entry:
    """What of an entry is sealed: all of it."""

    seq: int
    organiser_id: str | None
    event_id: str | None
    actor_kind: str
    actor_name: str
    credential_id: str | None
    action: str
    subject_type: str
    subject_id: str
    at: datetime
    changes: Any

    @property
    def chain(self) -> str:
        """The chain it belongs to."""
        return self.organiser_id or PLATFORM


def entry_digest(entry: Entry) -> str:
    """SHA-256 in hex of an entry, the same on either database."""
    told = {**vars(entry), "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds")}
    return hashlib.sha256(_canonical(told)).hexdigest()


def seal_digest(
    chain: str,
    number: int,
    previous: str,
    sealed_at: datetime,
    entries: Iterable[tuple[int, datetime, str]],
) -> str:
    """SHA-256 in hex that binds a batch to the one before it.

    ``entries``: (seq, at, digest) of each, in the order of ``seq``.
    """
    told = [
        chain, number, previous, sealed_at.astimezone(UTC).isoformat(timespec="microseconds"),
        [[seq, at.astimezone(UTC).isoformat(timespec="microseconds"), digest]
         for seq, at, digest in entries],
    ]  # fmt: skip
    return hashlib.sha256(_canonical(told)).hexdigest()


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode()
