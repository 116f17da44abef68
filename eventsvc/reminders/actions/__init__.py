"""Queueing what people are told: reminders ahead of time, changes at once, announcements."""

from eventsvc.reminders.actions.announcements import (
    ANNOUNCE,
    add_announcement,
    announce,
    change_announcement,
    end_announcement,
    hold_announcements,
    remove_announcement,
    transition_announcement,
)
from eventsvc.reminders.actions.planning import (
    PLAN,
    SUPERSEDED,
    forget_event,
    forget_item,
    forget_person,
    plan_reminders,
    tell_people,
)
from eventsvc.reminders.actions.rules import add_rule, change_rule, copy_rules, remove_rule

__all__ = [
    "ANNOUNCE",
    "PLAN",
    "SUPERSEDED",
    "add_announcement",
    "add_rule",
    "announce",
    "change_announcement",
    "change_rule",
    "copy_rules",
    "end_announcement",
    "forget_event",
    "forget_item",
    "forget_person",
    "hold_announcements",
    "plan_reminders",
    "remove_announcement",
    "remove_rule",
    "tell_people",
    "transition_announcement",
]
