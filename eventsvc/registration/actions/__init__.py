"""Registrations: the verbs. All that touch a seat lock the event row first (api.md §9.6)."""

from eventsvc.registration.actions.anonymising import anonymise
from eventsvc.registration.actions.arrivals import prove, receive, register
from eventsvc.registration.actions.changes import change, renew_link
from eventsvc.registration.actions.forms import copy_form, save_form
from eventsvc.registration.actions.participants import revise
from eventsvc.registration.actions.promotion import (
    expire_offers,
    promote,
    promote_from_waitlist,
    settle_capacity,
)
from eventsvc.registration.actions.seats import by_of, lock, phase_of, require_open
from eventsvc.registration.actions.transitions import (
    cancel,
    expire_proofs,
    mark_attended,
    transition,
    undo_attended,
)

__all__ = [
    "anonymise",
    "by_of",
    "cancel",
    "change",
    "copy_form",
    "expire_offers",
    "expire_proofs",
    "lock",
    "mark_attended",
    "phase_of",
    "promote",
    "promote_from_waitlist",
    "prove",
    "receive",
    "register",
    "renew_link",
    "require_open",
    "revise",
    "save_form",
    "settle_capacity",
    "transition",
    "undo_attended",
]
