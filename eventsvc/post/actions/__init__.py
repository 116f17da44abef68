"""The sender's verbs: claim, mark, record, give back, reap; and what organisers do."""

from eventsvc.post.actions.budgets import (
    end_probe,
    note_silence,
    rest_channel,
    slow_down,
    take_token,
)
from eventsvc.post.actions.claims import claim, end, extend, give_back, held, reap
from eventsvc.post.actions.organisers import mark_handled, retry, unsubscribe
from eventsvc.post.actions.outcomes import mark_sending, record

__all__ = [
    "claim",
    "end",
    "end_probe",
    "extend",
    "give_back",
    "held",
    "mark_handled",
    "mark_sending",
    "note_silence",
    "reap",
    "record",
    "rest_channel",
    "retry",
    "slow_down",
    "take_token",
    "unsubscribe",
]
