"""Questions about registrations: places, order, search; each at a fixed number of statements."""

from __future__ import annotations

import pytest

from eventsvc.core import clock
from eventsvc.core.errors import NotFound
from eventsvc.core.ids import new_id
from eventsvc.registration import queries
from tests.factories.accounts import counted
from tests.factories.registration import make_open_event, make_registration


@pytest.fixture
def event(session, organiser):
    now = clock.now(session)
    event = make_open_event(session, organiser.id, capacity=2, now=now)
    for _ in range(5):
        make_registration(session, event, now=now)
    return event


def test_counts_and_order(session, event):
    counts = queries.counts_by_state(session, event.id)
    assert counts == {("on_site", "confirmed"): 2, ("on_site", "waitlisted"): 3}
    waiting = list(session.scalars(queries.waiting(event.id)))
    assert [row.sequence for row in waiting] == sorted(row.sequence for row in waiting)
    positions = queries.positions(session, event.id, waiting)
    assert [positions[row.id] for row in waiting] == [(1, 3), (2, 3), (3, 3)]


def test_a_registration_of_another_event_is_not_found(session, organiser, event):
    other = make_open_event(session, organiser.id, capacity=1, now=clock.now(session))
    guest = make_registration(session, other, now=clock.now(session))
    for id_ in (guest.id, new_id(), "x"):
        with pytest.raises(NotFound):
            queries.registration_for(session, event, id_)


def test_the_list_costs_the_same_at_two_and_at_five(session, organiser, event):
    few = make_open_event(session, organiser.id, capacity=2, now=clock.now(session))
    for _ in range(2):
        make_registration(session, few, now=clock.now(session))

    def cost(event_id: str) -> int:
        session.flush()
        session.expunge_all()
        with counted() as statements:
            for row in session.scalars(queries.registrations(event_id)):
                assert row.participant.contact.email
        return len(statements)

    assert cost(few.id) == cost(event.id)
