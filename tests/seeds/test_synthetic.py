"""The synthetic edition: nobody in it exists, and there is something to see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from eventsvc.bookings.models import Booking
from eventsvc.core.transactions import transaction
from eventsvc.mail.models import Contact
from eventsvc.registration.models import Participant
from seeds import load, synthetic


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))
)
def test_it_opens_by_daylight_in_a_week(now: datetime):
    opening = synthetic._opening(now)
    assert 8 <= opening.hour < 16
    assert timedelta(days=7) < opening - now < timedelta(days=8, hours=2)
    assert opening.minute % 5 == 0


@pytest.fixture
def loaded(committed):
    load(synthetic=True)
    return committed


def test_only_synthetic_people_with_example_addresses(loaded):
    with transaction(write=False) as session:
        assert all(session.scalars(select(Participant.synthetic)))
        addresses = list(session.scalars(select(Contact.email)))
    assert len(addresses) == synthetic.GUESTS
    assert all(address.endswith("@example.org") for address in addresses)


def test_workshops_and_buses_are_full_and_people_wait(loaded):
    with transaction(write=False) as session:
        rows = session.execute(
            select(Booking.item_id, Booking.state, func.count()).group_by(
                Booking.item_id, Booking.state
            )
        ).all()
    waiting = [count for _, state, count in rows if state == "waitlisted"]
    assert len({item for item, _, _ in rows}) == 5  # three workshops, two visits
    assert len(waiting) >= 3
