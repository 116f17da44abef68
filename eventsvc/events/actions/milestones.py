"""Milestones of the preparation of an edition, and the mail that says which are due."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.accounts.models import Organiser
from eventsvc.audit.actions import record
from eventsvc.core.rights import Actor
from eventsvc.events.actions.particulars import add_particular, change_particular
from eventsvc.events.models import Event, Milestone
from eventsvc.events.policy import (
    check_due,
    check_milestone_step,
    due_after,
    refuse_archived,
    told_at,
    week_of,
    zone_of,
)
from eventsvc.events.queries import due_milestones, owners_of
from eventsvc.mail import actions as mail
from eventsvc.mail.policy import REMINDER

MILESTONES_DUE = "milestones_due"


def add_milestone(
    session: Session, actor: Actor, event: Event, values: dict[str, Any], *, now: datetime
) -> Milestone:
    """Add something to be done.

    Raises:
        Conflict: ``archived``.
        Invalid: it is not said when it is due, or twice.
    """
    check_due(values.get("due_days"), values.get("due_on"))
    return add_particular(session, actor, Milestone, event, values, now=now)


def change_milestone(
    session: Session,
    actor: Actor,
    event: Event,
    milestone: Milestone,
    values: dict[str, Any],
    *,
    now: datetime,
) -> Milestone:
    """Change a milestone. A day takes the place of a distance from the start, and back.

    Raises:
        Conflict: ``archived``.
        Invalid: it would not be due at all, or twice.
    """
    due = due_after(values, milestone.due_days, milestone.due_on)
    return change_particular(session, actor, event, milestone, {**values, **due}, now=now)


def step_milestone(
    session: Session, actor: Actor, event: Event, milestone: Milestone, to: str, *, now: datetime
) -> Milestone:
    """Say that a milestone is done or dropped, or open it again.

    Raises:
        Conflict: ``archived``, ``transition-not-allowed``.
    """
    refuse_archived(event.state)
    check_milestone_step(milestone.state, to)
    milestone.state, milestone.state_at = to, now
    session.flush()
    record(session, actor, f"milestone.{to}", milestone, now=now)
    return milestone


def tell_due(session: Session, event: Event, *, now: datetime) -> int:
    """Queue the week's mail about an edition, one to each owner; how many are new.

    Who owns nothing by address is told by way of the organiser's mailbox. The key holds the week,
    so whoever asks again in the same week writes nothing (delivery.md §2).
    """
    monday, sunday, week = week_of(now, zone_of(event))
    due = due_milestones(session, event, until=sunday)
    organiser = session.get_one(Organiser, event.organiser_id)
    written = 0
    for address in sorted(set(owners_of(session, event, due).values())):
        locale, zone = organiser.language, zone_of(event)
        contact = mail.contact_for(session, address, locale=locale, zone=zone, now=now)
        written += mail.queue(
            session, purpose=MILESTONES_DUE, subject_type="event", subject_id=event.id,
            recipient_id=contact.id, contact=contact, event_id=event.id,
            organiser_id=event.organiser_id, revision=week, priority=REMINDER,
            due_at=max(now, told_at(monday, zone)), not_after=told_at(sunday, zone), tz=zone,
            now=now,
        )  # fmt: skip
    return written
