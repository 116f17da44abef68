"""Doors: who is reminded of what, and when (delivery.md §2, editions.md §7.20)."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.core import clock
from eventsvc.core.http import Door, actor, expect, needs
from eventsvc.core.pages import Page
from eventsvc.events.models import Event
from eventsvc.events.queries import event_for, lock_event
from eventsvc.reminders import actions, queries
from eventsvc.reminders.models import ReminderRule
from eventsvc.reminders.schemas.rules import (
    PreviewQuery,
    RemindersPreviewOut,
    RuleBody,
    RuleOut,
    RulePatch,
    rule_shown,
)

door = Door(
    "reminder-rules",
    __name__,
    url_prefix="/api/v1/events/<event_id>/reminder-rules",
    description="Who is reminded of what, and when",
)


@door.get("")
@needs("messages:read", gate="event")
@door.lists(RuleOut)
def list_reminder_rules(session: Session, event_id: str) -> Page:
    """List the rules of an event, the defaults among them; there are at most fifty."""
    event = event_for(session, actor(), event_id)
    return Page([rule_shown(rule) for rule in queries.rules_shown(session, event)])


@door.post("")
@needs("messages:write", gate="event")
@door.body(RuleBody)
@door.writes(201, RuleOut)
def add_reminder_rule(session: Session, body: dict[str, Any], event_id: str) -> dict[str, Any]:
    """Remind people once more, of the event or of one session or visit."""
    event = _locked(session, event_id)
    now = clock.now(session)
    return rule_shown(actions.add_rule(session, actor(), event, body, now=now))


@door.get("/preview")
@needs("messages:read", gate="event")
@door.query(PreviewQuery)
@door.reads(RemindersPreviewOut, computed=True)
def preview_reminders(session: Session, query: dict[str, Any], event_id: str) -> dict[str, Any]:
    """Show what each person would get when, and how many mails in all; nothing is written."""
    event = event_for(session, actor(), event_id)
    asked = {"after": query.get("after"), "limit": query["limit"]}
    return queries.reminders_preview(session, event, **asked, now=clock.now(session))


@door.get("/<rule_id>")
@needs("messages:read", gate="event")
@door.reads(RuleOut)
def read_reminder_rule(session: Session, event_id: str, rule_id: str) -> dict[str, Any]:
    """Read a rule; version 0 is a default that nobody touched."""
    event = event_for(session, actor(), event_id)
    return rule_shown(queries.rule_for(session, event, rule_id))


@door.patch("/<rule_id>")
@needs("messages:write", gate="event")
@door.body(RulePatch)
@door.writes(200, RuleOut, precondition=True)
def change_reminder_rule(
    session: Session, body: dict[str, Any], event_id: str, rule_id: str
) -> dict[str, Any]:
    """Switch a rule on or off, or change its offset; what waits because of it is dropped."""
    event, rule = _found(session, event_id, rule_id)
    now = clock.now(session)
    return rule_shown(actions.change_rule(session, actor(), event, rule, body, now=now))


@door.delete("/<rule_id>")
@needs("messages:write", gate="event")
@door.writes(204, precondition=True)
def remove_reminder_rule(session: Session, event_id: str, rule_id: str) -> None:
    """Take a rule away; a default that was changed is on again."""
    event, rule = _found(session, event_id, rule_id)
    actions.remove_rule(session, actor(), event, rule, now=clock.now(session))


def _locked(session: Session, event_id: str) -> Event:
    """The event, its row locked: a default gets its row but once."""
    return lock_event(session, event_for(session, actor(), event_id).id)


def _found(session: Session, event_id: str, rule_id: str) -> tuple[Event, ReminderRule]:
    event = _locked(session, event_id)
    rule = queries.rule_for(session, event, rule_id)
    expect(rule)
    return event, rule
