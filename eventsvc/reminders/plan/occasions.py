"""What there is to be reminded of at one edition (editions.md §7.20). Pure: values in and out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from eventsvc.reminders.plan.due import DAY_S, Occasion, evening_before, first_known_zone
from eventsvc.reminders.plan.rules import (
    DAY_AHEAD,
    PRACTICAL,
    STARTING_SOON,
    ItemOffsets,
    Rules,
)

MOVED = "moved"
POSTPONED = "postponed"
GIVEN_UP = "registration cancelled"
SEAT_GIVEN_BACK = "booking cancelled"
ITEM_CANCELLED = "session cancelled"
DEPARTURE_CHANGED = "departure changed"
RULE_CHANGED = "rule changed"
DROPPED = frozenset(
    {MOVED, POSTPONED, GIVEN_UP, SEAT_GIVEN_BACK, ITEM_CANCELLED, DEPARTURE_CHANGED, RULE_CHANGED}
)
"""Why this room cancels reminders; should the reason go away, the planner wakes their rows."""


@dataclass(frozen=True, kw_only=True)
class Guest:
    """Somebody with a place at the edition: whom, by what address, since when."""

    participant_id: str
    contact_id: str
    locale: str
    zone: str | None
    online: bool
    since: datetime


@dataclass(frozen=True, kw_only=True)
class Seat:
    """A seat of a guest in an item with times; ``leaves_at``: the first stop of its bus."""

    participant_id: str
    item_id: str
    item_kind: str
    online: bool
    starts_at: datetime
    day: date
    revision: int
    since: datetime
    told_at: datetime | None = None
    bus_id: str | None = None
    leaves_at: datetime | None = None

    @property
    def begins_at(self) -> datetime:
        """When the guest has to be there: at the bus, else at the item."""
        return min(self.leaves_at or self.starts_at, self.starts_at)


@dataclass(frozen=True, kw_only=True)
class Edition:
    """What the planner knows of one event. ``opens``: day → start of its first shown item."""

    event_id: str
    organiser_id: str
    zone: str
    starts_at: datetime
    ends_at: datetime
    starts_rev: int
    told_at: datetime | None = None
    rules: Rules = field(default_factory=Rules)
    opens: Mapping[date, datetime] = field(default_factory=dict)
    guests: tuple[Guest, ...] = ()
    seats: tuple[Seat, ...] = ()


def occasions(edition: Edition, *, now: datetime, horizon: timedelta) -> Iterator[Occasion]:
    """Everything that each guest of the edition is to be reminded of, also outside the horizon."""
    seats: dict[str, list[Seat]] = {}
    for seat in edition.seats:
        seats.setdefault(seat.participant_id, []).append(seat)
    days = _days_told(edition, now=now, horizon=horizon)
    for guest in edition.guests:
        theirs = seats.get(guest.participant_id, [])
        yield from _of_event(edition, guest)
        yield from _of_days(edition, guest, theirs, days)
        for seat in theirs:
            yield from _of_seat(edition, guest, seat)


def _of_event(edition: Edition, guest: Guest) -> Iterator[Occasion]:
    purposes = (PRACTICAL, STARTING_SOON) if guest.online else (PRACTICAL,)
    for purpose in purposes:
        for offset_s in edition.rules.offsets.get(purpose, ()):
            yield _occasion(
                edition,
                guest,
                purpose=purpose,
                subject_type="event",
                subject_id=edition.event_id,
                offset_s=offset_s,
                revision=edition.starts_rev,
                starts_at=edition.starts_at,
            )


def _of_days(
    edition: Edition, guest: Guest, seats: list[Seat], days: list[date]
) -> Iterator[Occasion]:
    if DAY_S not in edition.rules.offsets.get(DAY_AHEAD, ()):
        return
    for day in days:
        begins = [seat.begins_at for seat in seats if seat.day == day]
        since = guest.since
        opening = _opening(edition, day)
        if opening is not None:
            begins.append(opening)
        elif begins:
            since = max(since, min(seat.since for seat in seats if seat.day == day))
        if begins:
            yield _occasion(
                edition,
                guest,
                purpose=DAY_AHEAD,
                subject_type="person-day",
                subject_id=f"{guest.participant_id}:{day.isoformat()}",
                offset_s=DAY_S,
                revision=edition.starts_rev,
                starts_at=min(begins),
                since=since,
                due_at=evening_before(day, edition.zone),
            )


def _of_seat(edition: Edition, guest: Guest, seat: Seat) -> Iterator[Occasion]:
    """One hour before a departure, or before something online; else only what a rule of the item
    adds."""
    by_bus = seat.bus_id is not None and seat.leaves_at is not None
    differs = edition.rules.items.get(seat.item_id, ItemOffsets())
    usual = edition.rules.offsets.get(STARTING_SOON, ()) if by_bus or seat.online else ()
    told = [at for at in (edition.told_at, seat.told_at) if at is not None]
    for offset_s in sorted((set(usual) - differs.dropped) | differs.added):
        yield _occasion(
            edition,
            guest,
            purpose=STARTING_SOON,
            subject_type="bus" if by_bus else seat.item_kind,
            subject_id=seat.bus_id if by_bus and seat.bus_id else seat.item_id,
            offset_s=offset_s,
            revision=seat.revision,
            starts_at=seat.leaves_at if by_bus and seat.leaves_at else seat.starts_at,
            since=max(guest.since, seat.since),
            told_at=max(told, default=None),
        )


def _occasion(edition: Edition, guest: Guest, **given: object) -> Occasion:
    values = {
        "recipient_id": guest.participant_id,
        "zone": edition.zone,
        "quiet_zone": first_known_zone(guest.zone, edition.zone),
        "since": guest.since,
        "told_at": max(filter(None, (edition.told_at, guest.since))),
    }
    return Occasion(**(values | given))  # type: ignore[arg-type]


def _days_told(edition: Edition, *, now: datetime, horizon: timedelta) -> list[date]:
    """The days, of the event and of its seats, whose evening before lies within the horizon."""
    there = ZoneInfo(edition.zone)
    first = edition.starts_at.astimezone(there).date()
    last = (edition.ends_at - timedelta(seconds=1)).astimezone(there).date()
    days = {first + timedelta(days=n) for n in range((last - first).days + 1)}
    days |= {seat.day for seat in edition.seats}
    today = now.astimezone(there).date()
    until = (now + horizon).astimezone(there).date() + timedelta(days=1)
    return sorted(day for day in days if today <= day <= until)


def runs_on(starts_at: datetime, ends_at: datetime, day: date, zone: str) -> bool:
    """Whether an event from ``starts_at`` to ``ends_at`` runs on ``day`` of its zone."""
    midnight = datetime.combine(day, time(), tzinfo=ZoneInfo(zone))
    following = datetime.combine(day + timedelta(days=1), time(), tzinfo=ZoneInfo(zone))
    return starts_at < following and midnight < ends_at


def _opening(edition: Edition, day: date) -> datetime | None:
    """When ``day`` begins for everybody; None where the event does not run that day."""
    if not runs_on(edition.starts_at, edition.ends_at, day, edition.zone):
        return None
    midnight = datetime.combine(day, time(), tzinfo=ZoneInfo(edition.zone))
    if edition.starts_at >= midnight:
        return min(edition.starts_at, edition.opens.get(day, edition.starts_at))
    return edition.opens.get(day, midnight)
