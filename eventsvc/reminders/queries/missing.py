"""Reminders that should stand in the outbox and do not yet (delivery.md §3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.mail.models import OutboxMessage
from eventsvc.reminders.plan import (
    DROPPED,
    PURPOSES,
    Edition,
    Guest,
    Key,
    Rules,
    Wanted,
    occasions,
    wanted,
)
from eventsvc.reminders.queries.editions import REMINDED, editions_ahead
from eventsvc.reminders.queries.rules import rules_ahead


@dataclass(frozen=True)
class Missing:
    """Messages of one event that no row stands for yet, and who gets them.

    ``again``: whose row was cancelled for a reason that holds no more, such as a seat given back
    and booked once more.
    """

    edition: Edition
    guests: Mapping[str, Guest]
    messages: tuple[Wanted, ...]
    again: tuple[Wanted, ...]


def missing(session: Session, *, now: datetime, horizon: timedelta) -> list[Missing]:
    """Wanted set − existing rows (delivery.md §3), by event, in eight queries."""
    rules = rules_ahead(session, REMINDED)
    longest = max(each.longest for each in (Rules(), *rules.values()))
    until = now + horizon + timedelta(seconds=longest)
    editions = editions_ahead(session, rules, now=now, until=until)
    if not editions:
        return []
    rows = _rows(session, editions)
    found = []
    for edition in editions:
        due = wanted(occasions(edition, now=now, horizon=horizon), now=now, horizon=horizon)
        new = tuple(message for message in due if not rows.hold(message))
        again = tuple(message for message in due if rows.may_wake(message))
        if new or again:
            guests = {guest.participant_id: guest for guest in edition.guests}
            found.append(Missing(edition, guests, new, again))
    return found


@dataclass
class _Rows:
    """What the outbox holds already."""

    keys: set[Key] = field(default_factory=set)
    dropped: set[Key] = field(default_factory=set)
    moments: set[tuple[str, str, str, datetime]] = field(default_factory=set)

    def hold(self, message: Wanted) -> bool:
        """Whether its key is used, or the same person hears of the same at that moment."""
        return message.key in self.keys or self._heard(message)

    def may_wake(self, message: Wanted) -> bool:
        """Whether its row was dropped, and nothing else says the same."""
        dropped = message.key in self.dropped and not message.superseded
        return dropped and not self._heard(message)

    def _heard(self, message: Wanted) -> bool:
        one = message.occasion
        return (one.recipient_id, one.purpose, one.subject_id, message.due_at) in self.moments


def _rows(session: Session, editions: Iterable[Edition]) -> _Rows:
    ids = [edition.event_id for edition in editions]
    found = _Rows()
    rows = session.execute(
        select(
            OutboxMessage.recipient_id,
            OutboxMessage.purpose,
            OutboxMessage.subject_type,
            OutboxMessage.subject_id,
            OutboxMessage.offset_s,
            OutboxMessage.revision,
            OutboxMessage.due_at,
            OutboxMessage.state,
            OutboxMessage.cancelled_reason,
        ).where(OutboxMessage.event_id.in_(ids), OutboxMessage.purpose.in_(PURPOSES))
    )
    for recipient, purpose, kind, subject, offset_s, revision, due_at, state, why in rows:
        key = (recipient, purpose, kind, subject, offset_s, revision)
        found.keys.add(key)
        if state != "cancelled":
            found.moments.add((recipient, purpose, subject, due_at))
        elif why in DROPPED:
            found.dropped.add(key)
    return found
