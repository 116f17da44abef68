"""What a sender holds after a claim: plain values, so that no transaction outlives its step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Claimed:
    """One message in the hands of one sender. ``address`` is the contact's at the claim."""

    id: int
    claim: str
    public_id: str
    key: str
    purpose: str
    event_id: str | None
    address: str
    locale: str
    priority: int
    attempts: int
    not_after: datetime | None
    first_attempt_at: datetime | None

    @property
    def domain(self) -> str:
        """The recipient's domain, which the throttle counts by."""
        return self.address.rpartition("@")[2].lower()


@dataclass(frozen=True)
class Batch:
    """Messages claimed together. ``probe``: one, to see whether the channel works again."""

    claim: str
    messages: tuple[Claimed, ...] = ()
    probe: bool = False


@dataclass(frozen=True)
class Reaped:
    """What the reaper found: messages freed, ambiguous, and given up as poison (row ids)."""

    freed: int = 0
    ambiguous: tuple[int, ...] = ()
    poisoned: tuple[int, ...] = ()
