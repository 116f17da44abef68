"""An event with guests, bookings and a visit; a way to have a file made."""

from __future__ import annotations

import pytest

from eventsvc.exports import jobs
from tests.factories.bookings import make_booking, make_visit, make_workshop
from tests.factories.events import make_event
from tests.factories.registration import make_registration


@pytest.fixture
def event(session, organiser):
    made = make_event(session, organiser.id, state="published", capacity=100)
    guest = make_registration(session, made, name="=Ada Example", email="ada@example.org")
    make_booking(session, make_workshop(session, made, title="Digital twins", capacity=9), guest)
    make_booking(session, make_visit(session, made, 20, hour=5), guest)
    session.commit()
    return made


@pytest.fixture
def export(client, token_for, event):
    """Have a file made and answer the export as the door shows it."""

    def make(kind: str, form: str, role: str = "event-manager", **fields):
        headers = token_for(role)
        path = f"/api/v1/events/{event.id}/exports"
        asked = client.post(path, json={"kind": kind, "format": form, **fields}, headers=headers)
        if asked.status_code != 202:
            return asked
        jobs.run()
        return client.get(f"{path}/{asked.json['export_id']}", headers=headers)

    return make
