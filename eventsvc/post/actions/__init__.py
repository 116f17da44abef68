"""The sender's verbs: claim, mark, record, give back, reap; and what organisers do."""

from eventsvc.post.actions.budgets import (
    end_probe,
    note_silence,
    rest_channel,
    slow_down,
    take_token,
)
from eventsvc.post.actions.claims import claim, end, extend, give_back, held, reap
from eventsvc.post.actions.organisers import (
    block_address,
    mark_handled,
    retry,
    send_elsewhere,
    unsubscribe,
)
from eventsvc.post.actions.outcomes import mark_sending, record

__all__ = [
    "block_address",
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
    "send_elsewhere",
    "slow_down",
    "take_token",
    "unsubscribe",
]
