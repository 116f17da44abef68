"""What time does to registrations, by the jobs themselves."""

from __future__ import annotations

from datetime import timedelta

from eventsvc.core import clock
from eventsvc.registration import actions, jobs
from tests.factories.events import ACTOR, NOW, STARTS
from tests.factories.registration import make_open_event, make_registration, person, states, told


def test_expire_proofs_cancels_what_was_not_proved_once(session, organiser):
    event = make_open_event(session, organiser.id, email_proof=True)
    actions.receive(session, event.id, person(), now=NOW)
    session.commit()
    for at in (NOW + timedelta(days=6), NOW + timedelta(days=7), NOW + timedelta(days=8)):
        with clock.standing_at(at):
            jobs.expire_proofs()
    assert states(session, event) == ["cancelled"]
    assert len(told(session, "registration.cancelled")) == 1


def test_expire_offers_gives_the_place_to_the_next(session, organiser):
    event = make_open_event(session, organiser.id, capacity=1)
    first, *_ = (make_registration(session, event) for _ in range(3))
    at = STARTS - timedelta(days=3)
    actions.cancel(session, ACTOR, event.id, first.id, now=at)
    session.commit()
    for later in (timedelta(hours=23), timedelta(hours=24), timedelta(hours=25)):
        with clock.standing_at(at + later):
            jobs.expire_offers()
    assert states(session, event) == ["cancelled", "waitlisted", "offered"]
    assert len(told(session, "registration.offered")) == 2


def test_the_sweep_finds_places_that_time_set_free(session, organiser):
    event = make_open_event(session, organiser.id, capacity=0)
    made = make_registration(session, event)
    event.capacity = 1  # as a released pool does it: without a fact
    session.commit()
    with clock.standing_at(NOW):
        jobs.expire_offers()
        jobs.expire_offers()
    assert states(session, event) == ["confirmed"]
    assert len(told(session, "registration.promoted", made.id)) == 1
