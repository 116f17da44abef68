"""What people are told when something happens."""

from eventsvc.reminders.listens.changes import (
    on_departures_changed,
    on_event_cancelled,
    on_event_copied,
    on_event_moved,
    on_event_postponed,
    on_event_published,
    on_item_cancelled,
    on_item_moved,
)
from eventsvc.reminders.listens.guests import (
    on_booking_cancelled,
    on_booking_offered,
    on_booking_promoted,
    on_link_renewed,
    on_registration_cancelled,
    on_registration_confirmed,
    on_registration_offered,
    on_registration_promoted,
    on_registration_received,
    on_registration_refused,
    on_registration_repeated,
    on_registration_waitlisted,
)
from eventsvc.reminders.listens.programme import on_agenda_published, on_item_changed

__all__ = [
    "on_agenda_published",
    "on_booking_cancelled",
    "on_booking_offered",
    "on_booking_promoted",
    "on_departures_changed",
    "on_event_cancelled",
    "on_event_copied",
    "on_event_moved",
    "on_event_postponed",
    "on_event_published",
    "on_item_cancelled",
    "on_item_changed",
    "on_item_moved",
    "on_link_renewed",
    "on_registration_cancelled",
    "on_registration_confirmed",
    "on_registration_offered",
    "on_registration_promoted",
    "on_registration_received",
    "on_registration_refused",
    "on_registration_repeated",
    "on_registration_waitlisted",
]
