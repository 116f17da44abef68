"""Queue a message, cancel pending ones, stop writing to an address."""

from eventsvc.mail.actions.holding import held_back
from eventsvc.mail.actions.keeping import drop_contact, forget_recipient
from eventsvc.mail.actions.outbox import (
    DRAIN,
    cancel_pending,
    contact_for,
    queue,
    queue_again,
    queue_many,
)
from eventsvc.mail.actions.suppressions import lift_suppression, suppress

__all__ = [
    "DRAIN",
    "cancel_pending",
    "contact_for",
    "drop_contact",
    "forget_recipient",
    "held_back",
    "lift_suppression",
    "queue",
    "queue_again",
    "queue_many",
    "suppress",
]
