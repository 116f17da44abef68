"""Files go with their event."""

from __future__ import annotations

from sqlalchemy import func, select

from eventsvc.core.files import StoredFile
from eventsvc.events import actions as events
from tests.factories.events import ACTOR, NOW, make_event


def test_files_of_a_removed_event_are_gone(send, session, organiser):
    event = make_event(session, organiser.id)
    session.commit()
    assert send("rooms", "name\nHall", at=event.id).status_code == 202
    events.remove_event(session, ACTOR, event, now=NOW)
    assert session.scalar(select(func.count()).select_from(StoredFile)) == 0
