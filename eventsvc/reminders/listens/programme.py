"""Changes of a published programme go into a digest (delivery.md §4, editions.md §7.21)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.agenda.policy import AgendaPublished, ItemChanged
from eventsvc.events.models import Event
from eventsvc.reminders.actions import note_changes
from eventsvc.reminders.plan import ADDED, NOBODY, TIME, Change, whom_to_tell
from eventsvc.reminders.queries import event_told_of


def on_item_changed(session: Session, fact: ItemChanged) -> None:
    """What guests see differently is noted for those who are to be told."""
    event = event_told_of(session, fact.event_id)
    whom = _whom(event, fact.whom, fact.at)
    if event is None or whom == NOBODY:
        return
    changes = [
        Change(fact.subject_id, kind, old, new, whom) for kind, (old, new) in fact.changes.items()
    ]
    note_changes(session, event, changes, starts=_starts(fact.changes), now=fact.at)


def on_agenda_published(session: Session, fact: AgendaPublished) -> None:
    """What a later publication shows for the first time is new; the first one opens no digest."""
    event = event_told_of(session, fact.event_id)
    whom = _whom(event, fact.whom, fact.at)
    if event is None or whom == NOBODY or fact.number == 1 or not fact.shown:
        return
    changes = [Change(item_id, ADDED, False, True, whom) for item_id in fact.shown]
    note_changes(session, event, changes, now=fact.at)


def _whom(event: Event | None, said: str | None, now: datetime) -> str:
    if event is None or (event.ends_at is not None and event.ends_at <= now):
        return NOBODY
    return whom_to_tell(said, event.tell_default, event.starts_at, now)


def _starts(changes: dict[str, list[Any]]) -> list[datetime]:
    """Old and new starts, of what moved."""
    times = changes.get(TIME, [])
    return [datetime.fromisoformat(span[0]) for span in times if span[0]]
