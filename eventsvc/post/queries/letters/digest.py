"""The letter of a digest: what changed in the guest's own programme (delivery.md §4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.agenda.queries import is_called_off
from eventsvc.mail.models import OutboxMessage
from eventsvc.post.policy import Ended, Letter
from eventsvc.post.queries.letters.known import Known, known, letter, read_instant
from eventsvc.post.queries.letters.seats import facts_by_item
from eventsvc.reminders.plan import ADDED, CANCELLED, KINDS, TIME, Change
from eventsvc.reminders.queries import changes_in, own_changes

LIST = "digests"


def programme_changed(session: Session, message: OutboxMessage, now: datetime) -> Letter | Ended:
    """What changed, item by item in the order of the programme, with how it is now."""
    about = known(session, message, now)
    if isinstance(about, Ended):
        return about
    if about.registration.state == "cancelled" or is_called_off(about.event):
        return Ended("cancelled", "nothing to come to")
    changes = changes_in(session, message.payload["digest_id"])
    items = _items(about, own_changes(session, about.registration, changes))
    if not items:
        return Ended("cancelled", "nothing of theirs changed")
    written = letter(about, "programme_changed", reminder=True, items=items)
    return replace(written, list_name=LIST)


def _items(about: Known, changes: Sequence[Change]) -> list[dict[str, Any]]:
    """The items with their present facts and what changed of each, in the order of time."""
    found = facts_by_item(about, {change.item_id for change in changes})
    for change in changes:
        if change.item_id in found:
            shown = found[change.item_id].setdefault("changes", dict.fromkeys(KINDS))
            shown[change.kind] = _old(change)
    return sorted(found.values(), key=lambda item: (item["starts"] is None, item["begins"]))


def _old(change: Change) -> Any:
    """What it was before: instants of a time, True for what is new, gone or back."""
    if change.kind == TIME:
        return [read_instant(moment) for moment in change.old]
    return True if change.kind in (ADDED, CANCELLED) else change.old
