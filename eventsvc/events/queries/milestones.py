"""What is due in the preparation of editions, and whose task it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from eventsvc.accounts.models import Account, Membership, Organiser
from eventsvc.core.pages import Page
from eventsvc.core.text import email_key
from eventsvc.events.models import Event, Milestone
from eventsvc.events.policy import PREPARED, due_day
from eventsvc.events.queries.named import column_names


def milestone_written(_session: Session, event: Event, row: Milestone) -> dict[str, Any]:
    """A milestone with the day on which it is due, as far as that is known."""
    columns = {name: getattr(row, name) for name in column_names(Milestone)}
    return {**columns, "due": due_day(event.starts_wall, row.due_days, row.due_on)}


def milestones_written(session: Session, event: Event, listed: Page) -> Page:
    """A page of milestones, each with its day."""
    return replace(listed, items=[milestone_written(session, event, row) for row in listed.items])


def events_in_preparation(session: Session, after: str, limit: int) -> list[str]:
    """Ids, above ``after``, of editions that still are prepared and have something open."""
    open_ones = select(Milestone.event_id).where(Milestone.state == "open")
    found = (
        select(Event.id)
        .where(Event.id > after, Event.state.in_(PREPARED), Event.id.in_(open_ones))
        .where(Event.recorded.is_(False))
        .order_by(Event.id)
        .limit(limit)
    )
    return list(session.scalars(found))


def due_milestones(session: Session, event: Event, *, until: date) -> list[tuple[date, Milestone]]:
    """What is open and due by ``until``, with its day, the longest overdue first."""
    if event.state not in PREPARED:
        return []
    fixed = Milestone.due_on <= until
    if event.starts_wall is None:
        is_due = fixed
    else:
        days = (until - event.starts_wall.date()) // timedelta(days=1)
        is_due = or_(fixed, Milestone.due_days <= days)
    wanted = select(Milestone).where(
        Milestone.event_id == event.id, Milestone.state == "open", is_due
    )
    found = [
        (due_day(event.starts_wall, row.due_days, row.due_on) or until, row)
        for row in session.scalars(wanted)
    ]
    return sorted(found, key=lambda one: (one[0], one[1].position, one[1].id))


def owners_of(
    session: Session, event: Event, due: Iterable[tuple[date, Milestone]]
) -> dict[str, str]:
    """Milestone id → the address that is told of it.

    The owner's address; else that of the one member of the organiser with the owner's name; else
    the organiser's mailbox.
    """
    rows = [row for _, row in due]
    named = {row.owner_name for row in rows if row.owner_name and not row.owner_email}
    members = _members(session, event.organiser_id, named) if named else {}
    mailbox = session.get_one(Organiser, event.organiser_id).email
    return {row.id: row.owner_email or members.get(row.owner_name or "") or mailbox for row in rows}


def due_for(
    session: Session, event: Event, address: str, *, until: date
) -> list[tuple[date, Milestone]]:
    """What is due by ``until`` of that which ``address`` is told of."""
    due = due_milestones(session, event, until=until)
    owners = owners_of(session, event, due)
    return [(day, row) for day, row in due if email_key(owners[row.id]) == email_key(address)]


def _members(session: Session, organiser_id: str, names: set[str]) -> dict[str, str]:
    """Name → address, for names that exactly one member has."""
    statement = (
        select(Account.name, func.min(Account.email))
        .where(Account.name.in_(names), Account.disabled_at.is_(None))
        .where(
            Account.id.in_(
                select(Membership.account_id).where(Membership.organiser_id == organiser_id)
            )
        )
        .group_by(Account.name)
        .having(func.count(Account.id) == 1)
    )
    return {row[0]: row[1] for row in session.execute(statement)}
