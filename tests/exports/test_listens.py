"""Files go with their event."""

from __future__ import annotations

from sqlalchemy import func, select

from eventsvc.core.files import StoredFile
from eventsvc.events.policy import EventRemoved
from eventsvc.exports.listens import on_event_removed
from tests.factories.events import NOW


def test_files_of_a_removed_event_are_gone(export, session, event):
    export("sessions", "csv")
    fact = EventRemoved(
        at=NOW, subject_id=event.id, organiser_id=event.organiser_id, event_id=event.id
    )
    on_event_removed(session, fact)
    assert session.scalar(select(func.count()).select_from(StoredFile)) == 0
