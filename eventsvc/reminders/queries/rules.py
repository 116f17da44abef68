"""The rules of reminders: of all events that the planner looks at, and of one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.core.errors import NotFound
from eventsvc.core.ids import is_id
from eventsvc.events.models import Event
from eventsvc.reminders.models import ReminderRule
from eventsvc.reminders.plan import DEFAULT_OFFSETS, PURPOSES, Rules, default_id, rules_in_force


def rules_ahead(session: Session, states: Iterable[str]) -> dict[str, Rules]:
    """Event id → rules in force, for events in ``states`` that differ from the defaults."""
    return _in_force(
        session,
        _columns()
        .join(Event, Event.id == ReminderRule.event_id)
        .where(Event.state.in_(list(states))),
    )


def rules_of(session: Session, event: Event) -> Rules:
    """The rules in force at one event."""
    found = _in_force(session, _columns().where(ReminderRule.event_id == event.id))
    return found.get(event.id, Rules())


def rules_shown(session: Session, event: Event) -> list[ReminderRule]:
    """Every rule of an event, the defaults among them: those have version 0 until they have a row.

    In the order in which people hear: the earliest first; those of single items last.
    """
    rows = list(session.scalars(select(ReminderRule).where(ReminderRule.event_id == event.id)))
    known = {rule.id for rule in rows}
    rows += [rule for rule in _defaults(event) if rule.id not in known]
    order = {purpose: place for place, purpose in enumerate(PURPOSES)}
    return sorted(
        rows, key=lambda one: (one.item_id or "", order[one.purpose], -one.offset_s, one.id)
    )


def rule_for(session: Session, event: Event, rule_id: str) -> ReminderRule:
    """A rule of the event, a default without a row included.

    Raises:
        NotFound: there is none, it is of another event, or the id is malformed.
    """
    if not is_id(rule_id):
        raise NotFound
    wanted = select(ReminderRule).where(
        ReminderRule.event_id == event.id, ReminderRule.id == rule_id
    )
    found = session.scalars(wanted).one_or_none()
    if found is not None:
        return found
    default = next((rule for rule in _defaults(event) if rule.id == rule_id), None)
    if default is None:
        raise NotFound
    return default


def rule_like(
    session: Session, event: Event, purpose: str, offset_s: int, item_id: str | None
) -> ReminderRule | None:
    """The rule of the event with these marks, a default without a row included."""
    same = (
        rule
        for rule in rules_shown(session, event)
        if (rule.purpose, rule.offset_s, rule.item_id) == (purpose, offset_s, item_id)
    )
    return next(same, None)


def _defaults(event: Event) -> list[ReminderRule]:
    return [
        ReminderRule(
            id=default_id(event.id, purpose, offset_s),
            event_id=event.id,
            purpose=purpose,
            offset_s=offset_s,
            active=True,
            version=0,
        )
        for purpose, offsets in DEFAULT_OFFSETS.items()
        for offset_s in offsets
    ]


def _columns() -> Any:
    return select(
        ReminderRule.event_id,
        ReminderRule.purpose,
        ReminderRule.item_id,
        ReminderRule.offset_s,
        ReminderRule.active,
    )


def _in_force(session: Session, statement: Any) -> dict[str, Rules]:
    by_event: dict[str, list[tuple[str, str | None, int, bool]]] = {}
    for event_id, *rule in session.execute(statement):
        by_event.setdefault(event_id, []).append(tuple(rule))
    return {event_id: rules_in_force(rules) for event_id, rules in by_event.items()}
