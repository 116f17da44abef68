"""Bookings and the desk: the verbs. All of them lock the event row first (api.md §9.6)."""

from eventsvc.bookings.actions.booking import book
from eventsvc.bookings.actions.desk import blur_check_ins, check_in, undo_check_in
from eventsvc.bookings.actions.follow import (
    cancel_item,
    expire_offers,
    leave_all,
    leave_places,
    move_item,
    refuse_removal,
    settle_item,
)
from eventsvc.bookings.actions.steps import cancel_booking, transition

__all__ = [
    "blur_check_ins",
    "book",
    "cancel_booking",
    "cancel_item",
    "check_in",
    "expire_offers",
    "leave_all",
    "leave_places",
    "move_item",
    "refuse_removal",
    "settle_item",
    "transition",
    "undo_check_in",
]
