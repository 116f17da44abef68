"""Seats of site visits, counted now."""

from __future__ import annotations

from tests.factories.bookings import make_booking, make_visit, make_workshop
from tests.factories.events import make_event
from tests.factories.registration import make_registration


def test_only_visits_are_listed(client, session, organiser, token_for):
    event = make_event(session, organiser.id, state="published", capacity=10)
    guest = make_registration(session, event)
    make_booking(session, make_workshop(session, event, capacity=9), guest)
    make_booking(session, make_visit(session, event, 20, hour=5, capacity=20), guest)
    session.commit()
    path = f"/api/v1/events/{event.id}/reports/visits"
    found = client.get(path, headers=token_for("read-only")).json
    assert [(one["kind"], one["booked"]) for one in found["seats"]] == [("visit", 1)]
    assert found["figures"] == []
