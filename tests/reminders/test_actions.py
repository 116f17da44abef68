"""Queueing for a large event: few statements, and no more than asked for at once."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from eventsvc.core.ids import new_code, new_id
from eventsvc.mail.models import Contact
from eventsvc.registration.models import Participant, Registration
from eventsvc.reminders.actions import tell_people
from eventsvc.reminders.queries import addressees
from tests.factories.events import NOW
from tests.factories.registration import make_open_event
from tests.reminders.support import outbox, plan, statements

MANY = 900


@pytest.fixture
def event(session, organiser):
    """A published event with 900 confirmed guests, as rows."""
    event = make_open_event(session, organiser.id)
    people = [(new_id(), new_id(), n) for n in range(MANY)]
    session.execute(insert(Contact), [
        {"id": contact, "email": f"r{n}@example.org", "email_key": f"r{n}@example.org",
         "locale": "en", "created_at": NOW} for contact, _, n in people
    ])  # fmt: skip
    session.execute(insert(Participant), [
        {"id": participant, "event_id": event.id, "contact_id": contact, "name": f"Robin {n}",
         "revised_at": NOW, "created_at": NOW} for contact, participant, n in people
    ])  # fmt: skip
    session.execute(insert(Registration), [
        {"organiser_id": event.organiser_id, "event_id": event.id, "participant_id": participant,
         "code": new_code(), "state": "confirmed", "sequence": n, "source": "staff",
         "answers": {}, "created_at": NOW, "confirmed_at": NOW} for _, participant, n in people
    ])  # fmt: skip
    return event


def test_nine_hundred_people_are_told_in_a_few_statements(session, event) -> None:
    with statements(session) as seen:
        people = addressees(session, event.id)
        told = {"purpose": "event_moved", "subject": ("event", event.id), "revision": 1}
        assert tell_people(session, event, people, **told, now=NOW) == MANY
    assert len(seen) <= 4, seen
    assert tell_people(session, event, people, **told, now=NOW) == 0, "one row per key"


def test_nine_hundred_reminders_are_planned_in_a_few_statements(session, event) -> None:
    with statements(session) as seen:
        assert plan(session, "2027-04-28T08:00") == MANY
    assert len(seen) <= 12, len(seen)
    assert len(outbox(session, "practical_information")) == MANY


def test_no_more_than_the_limit_at_once(session, event) -> None:
    counts = [plan(session, "2027-04-28T08:00", limit=400) for _ in range(4)]
    assert counts == [400, 400, 100, 0]
