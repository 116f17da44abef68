"""Steps of an edition from state to state, and what each tells (api.md §7)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.audit.actions import record
from eventsvc.core.errors import Conflict
from eventsvc.core.rights import Actor
from eventsvc.events.models import Event
from eventsvc.events.policy import (
    EventAnnounced,
    EventArchived,
    EventCancelled,
    EventCompleted,
    EventPostponed,
    EventPublished,
    EventStarted,
    EventUnpublished,
    check_ready,
    check_transition,
)
from eventsvc.events.queries import lock_event
from eventsvc.facts.actions import tell
from eventsvc.facts.policy import Fact
from eventsvc.ical.models import CalendarEntry

PUBLIC_FROM = ("announced", "published", "completed")


def transition(
    session: Session,
    actor: Actor,
    event: Event,
    to: str,
    *,
    now: datetime,
    reason: str | None = None,
    recorded: bool = False,
) -> Event:
    """Take an edition to another state. ``recorded``: a past one, entered for the archive.

    Raises:
        TransitionNotAllowed: no such arrow.
        Forbidden: the role may not go it.
        Invalid: a cancellation without reason.
        Conflict: ``event-incomplete``, ``already-in-calendar``, or what a listener says.
    """
    event = lock_event(session, event.id)
    came_from = event.state
    check_transition(actor, came_from, to, reason=reason, recorded=recorded)
    check_ready(event, to)
    if came_from == "published" and to == "draft":
        _check_unseen(session, event, now=now)
    facts = _facts(event, to, reason=reason, recorded=recorded, now=now)
    event.state = to
    event.state_reason = reason
    _stamp(event, to, recorded=recorded, now=now)
    session.flush()
    for fact in facts:
        tell(session, fact)
    changes = {"from": came_from, "to": to, "recorded": recorded}
    record(session, actor, f"event.{to}", event, now=now, changes=changes)
    return event


def _stamp(event: Event, to: str, *, recorded: bool, now: datetime) -> None:
    if to in PUBLIC_FROM and event.announced_at is None:
        event.announced_at = now
    if to == "published" and event.first_published_at is None:
        event.first_published_at = now
    if to == "completed" and event.completed_at is None:
        event.completed_at = now
    if to == "cancelled":
        event.cancellations += 1
    event.recorded = event.recorded or recorded


def _facts(
    event: Event, to: str, *, reason: str | None, recorded: bool, now: datetime
) -> list[Fact]:
    about = {"subject_id": event.id, "organiser_id": event.organiser_id, "event_id": event.id}
    plain: dict[str, type[Fact]] = {
        "announced": EventAnnounced,
        "running": EventStarted,
        "postponed": EventPostponed,
        "archived": EventArchived,
    }
    if to in plain:
        return [plain[to](at=now, **about)]
    if to == "published":
        return [EventPublished(at=now, first=event.first_published_at is None, **about)]
    if to == "cancelled":
        number = event.cancellations + 1
        return [EventCancelled(at=now, reason=reason or "", number=number, **about)]
    if to == "completed" and event.state != "archived":  # out of the archive is no second end
        return [EventCompleted(at=now, recorded=recorded, **about)]
    return []


def _check_unseen(session: Session, event: Event, *, now: datetime) -> None:
    """Only what nobody has in a calendar or registered for goes back to draft (api.md §7)."""
    seen = select(CalendarEntry.id).where(CalendarEntry.scope_id == event.id).limit(1)
    if session.scalars(seen).first() is not None:
        raise Conflict("already-in-calendar", "It stands in calendars: postpone or cancel it.")
    about = {"subject_id": event.id, "organiser_id": event.organiser_id, "event_id": event.id}
    tell(session, EventUnpublished(at=now, **about))
