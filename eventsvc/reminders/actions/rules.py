"""Rules of reminders: added, switched on and off, taken away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.agenda.models import AgendaItem
from eventsvc.audit.actions import record
from eventsvc.core.db import nudge
from eventsvc.core.errors import Conflict, Invalid
from eventsvc.core.ids import copied_id
from eventsvc.core.rights import Actor
from eventsvc.events.models import Event
from eventsvc.events.policy import refuse_archived
from eventsvc.mail.actions import cancel_pending
from eventsvc.reminders.actions.planning import PLAN
from eventsvc.reminders.models import ReminderRule
from eventsvc.reminders.plan import MOST_RULES, RULE_CHANGED, check_rule, is_default
from eventsvc.reminders.queries import buses_of, items_not_of, rule_like, rules_shown


def add_rule(
    session: Session, actor: Actor, event: Event, values: Mapping[str, Any], *, now: datetime
) -> ReminderRule:
    """Add a reminder, or go without one for a single item. ``event``: its row is locked.

    Raises:
        Conflict: ``archived``, ``rule-exists``, ``too-many-rules``.
        Invalid: as ``plan.check_rule``, or an item that is not of this event.
    """
    refuse_archived(event.state)
    marks = (values["purpose"], values["offset_s"], values.get("item_id"))
    purpose, offset_s, item_id = marks
    check_rule(purpose, offset_s, item_id=item_id)
    if item_id and items_not_of(session, event, [item_id]):
        raise Invalid.field("/item_id", "unknown-item", "There is no such item in this event")
    same = rule_like(session, event, *marks)
    if same is not None:
        raise Conflict("rule-exists", "There is this rule: change it.", conflicts_with=[same.id])
    if len(rules_shown(session, event)) >= MOST_RULES:
        raise Conflict("too-many-rules", f"At most {MOST_RULES} rules for one event.")
    rule = ReminderRule(event_id=event.id, active=True, **values)
    session.add(rule)
    session.flush()
    _noted(session, actor, rule, "added", now=now)
    return rule


def change_rule(
    session: Session,
    actor: Actor,
    event: Event,
    rule: ReminderRule,
    values: Mapping[str, Any],
    *,
    now: datetime,
) -> ReminderRule:
    """Switch a rule on or off, or give it another offset; pending reminders of the old one go.

    Raises:
        Conflict: ``archived``; ``default-rule``: a default keeps its offset; ``rule-exists``.
        Invalid: as ``plan.check_rule``.
    """
    refuse_archived(event.state)
    offset_s = values.get("offset_s", rule.offset_s)
    if offset_s != rule.offset_s:
        _check_offset(session, event, rule, offset_s)
    _forget(session, rule, now=now)
    if rule.version == 0:  # a default gets its row with its first change
        rule.version = 1
        session.add(rule)
    rule.offset_s = offset_s
    rule.active = values.get("active", rule.active)
    session.flush()
    _noted(session, actor, rule, "changed", now=now)
    return rule


def remove_rule(
    session: Session, actor: Actor, event: Event, rule: ReminderRule, *, now: datetime
) -> None:
    """Take a rule away; what a default was changed to is forgotten, and it is on again.

    Raises:
        Conflict: ``archived``; ``default-rule``: an untouched default is switched off instead.
    """
    refuse_archived(event.state)
    if rule.version == 0:
        raise Conflict("default-rule", "A default is not removed: switch it off.")
    _noted(session, actor, rule, "removed", now=now)
    session.delete(rule)
    session.flush()


def _check_offset(session: Session, event: Event, rule: ReminderRule, offset_s: int) -> None:
    if is_default(rule.purpose, rule.offset_s, rule.item_id):
        raise Conflict("default-rule", "Switch it off, and add one with the other offset.")
    check_rule(rule.purpose, offset_s, item_id=rule.item_id)
    same = rule_like(session, event, rule.purpose, offset_s, rule.item_id)
    if same is not None:
        raise Conflict("rule-exists", "There is this rule: change it.", conflicts_with=[same.id])


def _noted(session: Session, actor: Actor, rule: ReminderRule, done: str, *, now: datetime) -> None:
    """Audit; and let the planner look again at what this rule had queued (delivery.md §3)."""
    _forget(session, rule, now=now)
    nudge(session, PLAN)
    changes = {
        "purpose": rule.purpose,
        "offset_s": rule.offset_s,
        "item_id": rule.item_id,
        "active": rule.active,
    }
    record(session, actor, f"reminder-rule.{done}", rule, now=now, changes=changes)


def _forget(session: Session, rule: ReminderRule, *, now: datetime) -> None:
    """Cancel what waits because of this rule; the planner wakes what another still wants."""
    marks: dict[str, Any] = {
        "purpose": rule.purpose,
        "offset_s": rule.offset_s,
        "reason": RULE_CHANGED,
        "now": now,
    }
    if rule.item_id is None:
        cancel_pending(session, event_id=rule.event_id, **marks)
        return
    for subject_id in (rule.item_id, *buses_of(session, rule.item_id)):
        cancel_pending(session, subject_id=subject_id, **marks)


def copy_rules(session: Session, source: Event, event: Event) -> None:
    """Give a new edition the rules of the one that it was made after; call it once the agenda is
    copied, for rules of single items go with their items."""
    rules = session.scalars(select(ReminderRule).where(ReminderRule.event_id == source.id)).all()
    wanted = select(AgendaItem.id).where(AgendaItem.event_id == event.id)
    items = set(session.scalars(wanted)) if rules else set()
    for rule in rules:
        item_id = copied_id(event.id, rule.item_id) if rule.item_id else None
        if item_id is None or item_id in items:
            told = {name: getattr(rule, name) for name in ("purpose", "offset_s", "active")}
            session.add(ReminderRule(event_id=event.id, item_id=item_id, **told))
    session.flush()
