"""Imports: taken, done by a job, forgotten."""

from eventsvc.imports.actions.keeping import forget_files, take
from eventsvc.imports.actions.working import (
    Sent,
    Undone,
    carry_out,
    claim_next,
    conclude,
    open_file,
    read,
    refuse,
)

__all__ = [
    "Sent",
    "Undone",
    "carry_out",
    "claim_next",
    "conclude",
    "forget_files",
    "open_file",
    "read",
    "refuse",
    "take",
]
