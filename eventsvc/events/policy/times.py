"""Time of an edition: wall time and zone are the truth, instants are derived (design law 7)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from eventsvc.core.text import ValueRefused

UTC_ZONE = "UTC"


class _Zoned(Protocol):
    timezone: str | None


def zone_of(event: _Zoned) -> str:
    """The IANA zone of an edition; ``UTC`` where none is known, so that it has no instants."""
    return event.timezone or UTC_ZONE


def instant_of(wall: datetime, zone: str) -> datetime:
    """The UTC instant at which clocks in ``zone`` (IANA name) show the naive ``wall``.

    A time that comes twice, when clocks go back, is the first of the two.

    Raises:
        ValueRefused: ``nonexistent-time``: clocks in that zone skip this time.
    """
    instant = wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
    if wall_of(instant, zone) != wall:
        raise ValueRefused("nonexistent-time", f"Clocks in {zone} skip {wall:%Y-%m-%d %H:%M}")
    return instant


def wall_of(instant: datetime, zone: str) -> datetime:
    """The naive time that clocks in ``zone`` show at ``instant`` (aware)."""
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def midnight_of(wall: datetime, zone: str) -> datetime:
    """The UTC instant at which the day of the naive midnight ``wall`` begins in ``zone``.

    Where clocks skip midnight (Cairo, Beirut in spring) the day begins at the change.
    """
    return wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def day_bounds(first: date, last: date) -> tuple[datetime, datetime]:
    """Wall times of whole days: 00:00 of the first to 24:00 of the last (editions.md §12)."""
    return datetime.combine(first, time()), datetime.combine(last + timedelta(days=1), time())
