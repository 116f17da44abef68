"""Endpoints and deliveries: the verbs."""

from eventsvc.webhooks.actions.deliveries import redeliver, tell_outside
from eventsvc.webhooks.actions.endpoints import (
    add_endpoint,
    change_endpoint,
    remove_endpoint,
    renew_secret,
)
from eventsvc.webhooks.actions.sending import (
    Claimed,
    Outcome,
    call,
    claim_due,
    reap,
    record_outcome,
)

__all__ = [
    "Claimed",
    "Outcome",
    "add_endpoint",
    "call",
    "change_endpoint",
    "claim_due",
    "reap",
    "record_outcome",
    "redeliver",
    "remove_endpoint",
    "renew_secret",
    "tell_outside",
]
