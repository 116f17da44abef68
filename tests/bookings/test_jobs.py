"""Offers of seats lapse by the job."""

from __future__ import annotations

from datetime import timedelta

from eventsvc.bookings import actions, jobs, queries
from eventsvc.core import clock
from tests.factories.bookings import make_booking, make_workshop
from tests.factories.events import ACTOR, STARTS
from tests.factories.registration import make_open_event, make_registration, told


def test_expire_offers_gives_the_seat_to_the_next_once(session, organiser):
    event = make_open_event(session, organiser.id)
    item = make_workshop(session, event, capacity=1)
    first, *_ = (make_booking(session, item, make_registration(session, event)) for _ in range(3))
    at = STARTS - timedelta(days=3)
    actions.cancel_booking(session, ACTOR, event.id, first.id, now=at)
    session.commit()
    for later in (timedelta(hours=1), timedelta(hours=24), timedelta(hours=25)):
        with clock.standing_at(at + later):
            jobs.expire_offers()
    found = [one.state for one in queries.active_of(session, item_id=item.id)]
    assert found == ["waitlisted", "offered"]
    assert len(told(session, "booking.offer-ended")) == 1
