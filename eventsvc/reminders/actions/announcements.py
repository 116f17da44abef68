"""Announcements: written, scheduled, sent once to each, stopped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.audit.actions import record
from eventsvc.core.db import nudge
from eventsvc.core.errors import Conflict, Invalid
from eventsvc.core.rights import Actor
from eventsvc.events.models import Event
from eventsvc.events.policy import refuse_archived, zone_of
from eventsvc.facts.actions import tell
from eventsvc.mail.actions import cancel_pending, queue_many
from eventsvc.mail.policy import BULK
from eventsvc.reminders.models import Announcement
from eventsvc.reminders.plan import first_known_zone
from eventsvc.reminders.policy import (
    DRAFT,
    SENDING,
    SENT,
    AnnouncementSent,
    audience_of,
    check_step,
    check_texts,
    text_for,
)
from eventsvc.reminders.queries import (
    announcements_on_their_way,
    items_not_of,
    next_to_end,
    next_to_queue,
    people_of,
    states_of_batches,
)

ANNOUNCE = "reminders.announce"
PURPOSE = "announcement"
WORDS = ("title", "texts", "scheduled_at")


def add_announcement(
    session: Session, actor: Actor, event: Event, values: Mapping[str, Any], *, now: datetime
) -> Announcement:
    """Add a draft.

    Raises:
        Conflict: ``archived``.
        Invalid: two texts in one language, or an item that is not of this event.
    """
    refuse_archived(event.state)
    _check(session, event, values)
    announcement = Announcement(
        organiser_id=event.organiser_id, event_id=event.id, created_at=now, audience={}
    )
    _write(announcement, values)
    session.add(announcement)
    session.flush()
    record(session, actor, "announcement.added", announcement, now=now)
    return announcement


def change_announcement(
    session: Session,
    actor: Actor,
    event: Event,
    announcement: Announcement,
    values: Mapping[str, Any],
    *,
    now: datetime,
) -> Announcement:
    """Change a draft; what is scheduled goes back to draft first, so that nothing leaves half-done.

    Raises:
        Conflict: ``announcement-not-draft``.
        Invalid: as :func:`add_announcement`.
    """
    if announcement.state != DRAFT:
        raise Conflict("announcement-not-draft", "Only a draft can be changed.")
    _check(session, event, values)
    _write(announcement, values)
    session.flush()
    changes = {"fields": sorted(values)}
    record(session, actor, "announcement.changed", announcement, now=now, changes=changes)
    return announcement


def remove_announcement(
    session: Session, actor: Actor, announcement: Announcement, *, now: datetime
) -> None:
    """Delete an announcement that was never on its way.

    Raises:
        Conflict: ``announcement-in-use``: it waits, or people have it.
    """
    if announcement.state in {"scheduled", SENDING} or announcement.started_at is not None:
        raise Conflict("announcement-in-use", "It waits, or people have it: cancel it instead.")
    record(session, actor, "announcement.removed", announcement, now=now)
    session.delete(announcement)


def transition_announcement(
    session: Session,
    actor: Actor,
    event: Event,
    announcement: Announcement,
    to: str,
    *,
    reason: str | None = None,
    now: datetime,
) -> Announcement:
    """Schedule, send now, take back or cancel. Cancelling stops what is not on its way yet.

    Raises:
        TransitionNotAllowed: no such arrow.
        Conflict: ``not-scheduled``, ``archived``, or ``event-recorded``: of the archive nobody is
            told anything.
    """
    check_step(announcement.state, to, scheduled_at=announcement.scheduled_at, now=now)
    if to in {"scheduled", SENDING}:
        refuse_archived(event.state)
        if event.recorded:
            raise Conflict("event-recorded", "This edition was entered for the archive only.")
    was, announcement.state, announcement.reason = announcement.state, to, reason
    if to == SENDING:
        announcement.started_at = now
        nudge(session, ANNOUNCE)
    elif to == "cancelled":
        announcement.ended_at = now
        cancel_pending(session, batch_id=announcement.id, reason="announcement cancelled", now=now)
    session.flush()
    changes = {"state": [was, to], "reason": reason}
    record(session, actor, f"announcement.{to}", announcement, now=now, changes=changes)
    return announcement


def hold_announcements(session: Session, event_id: str, *, reason: str, now: datetime) -> None:
    """Let nothing leave that was written for an event as it was planned.

    What waits becomes a draft again, for somebody to look at; what is being sent stops.
    """
    for announcement in announcements_on_their_way(session, event_id):
        announcement.reason = reason
        if announcement.state == SENDING:
            announcement.state, announcement.ended_at = "cancelled", now
            cancel_pending(session, batch_id=announcement.id, reason=reason, now=now)
        else:
            announcement.state = DRAFT
    session.flush()


def announce(session: Session, *, now: datetime, limit: int) -> bool:
    """Write the next messages of one announcement, at most ``limit``; False when none is left.

    Each part is one transaction and each message has one key, so what a crash interrupts goes on
    where it stood and nobody is written to twice (delivery.md §2).
    """
    announcement = next_to_queue(session, now=now)
    if announcement is None:
        return False
    if announcement.state != SENDING:
        announcement.state, announcement.started_at = SENDING, now
    event = session.get_one(Event, announcement.event_id)
    audience = audience_of(announcement.audience)
    people = people_of(session, event.id, audience, after=announcement.queued_up_to, limit=limit)
    queue_many(session, (_message(event, announcement, one, now) for one in people), now=now)
    if people:
        announcement.queued_up_to = people[-1].participant_id
    if len(people) < limit:
        announcement.queued_at = now
    session.flush()
    return True


def end_announcement(session: Session, *, now: datetime) -> bool:
    """Call one announcement sent whose last message has left; False when there is none."""
    announcement = next_to_end(session)
    if announcement is None:
        return False
    announcement.state, announcement.ended_at = SENT, now
    counts = states_of_batches(session, [announcement.id]).get(announcement.id, {})
    sent = AnnouncementSent(
        at=now,
        subject_id=announcement.id,
        organiser_id=announcement.organiser_id,
        event_id=announcement.event_id,
        people=sum(counts.values()),
    )
    tell(session, sent)
    return True


def _message(
    event: Event, announcement: Announcement, person: Any, now: datetime
) -> dict[str, Any]:
    text = text_for(announcement.texts, person.locale, *event.languages)
    return {
        "purpose": PURPOSE,
        "subject_type": PURPOSE,
        "subject_id": announcement.id,
        "recipient_id": person.participant_id,
        "contact_id": person.contact_id,
        "event_id": event.id,
        "organiser_id": event.organiser_id,
        "offset_s": 0,
        "revision": 0,
        "priority": BULK,
        "due_at": now,
        "not_after": None,
        "locale": text["language"],
        "tz": first_known_zone(person.zone, zone_of(event)),
        "payload": {"registration_id": person.registration_id},
        "batch_id": announcement.id,
    }


def _write(announcement: Announcement, values: Mapping[str, Any]) -> None:
    for name in WORDS:
        if name in values:
            setattr(announcement, name, values[name])
    if "audience" in values:
        merged = {**announcement.audience, **(values["audience"] or {})}
        kept = {name: mark for name, mark in merged.items() if mark is not None}
        announcement.audience = kept if values["audience"] else {}


def _check(session: Session, event: Event, values: Mapping[str, Any]) -> None:
    check_texts(values.get("texts", ()))
    wanted = (values.get("audience") or {}).get("items") or []
    strange = items_not_of(session, event, wanted) if wanted else set()
    for index, item_id in enumerate(wanted):
        if item_id in strange:
            pointer = f"/audience/items/{index}"
            raise Invalid.field(pointer, "unknown-item", "There is no such item in this event")
