"""The programme on paper: for guests, at doors, for the crew. From plain values to PDF."""

from eventsvc.agenda.pdf.documents import door_signs, programme, run_sheet
from eventsvc.agenda.pdf.shape import (
    LANGUAGES,
    PrintedEvent,
    PrintedItem,
    PrintedPerson,
    PrintedRoom,
)

__all__ = [
    "LANGUAGES",
    "PrintedEvent",
    "PrintedItem",
    "PrintedPerson",
    "PrintedRoom",
    "door_signs",
    "programme",
    "run_sheet",
]
