"""Queueing what people are told: reminders ahead of time, changes at once, announcements."""

from eventsvc.reminders.actions.announcements import (
    ANNOUNCE,
    add_announcement,
    announce,
    change_announcement,
    end_announcement,
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

__all__ = [
    "ANNOUNCE",
    "PLAN",
    "SUPERSEDED",
    "add_announcement",
    "announce",
    "change_announcement",
    "end_announcement",
    "forget_event",
    "forget_item",
    "forget_person",
    "plan_reminders",
    "remove_announcement",
    "tell_people",
    "transition_announcement",
]
