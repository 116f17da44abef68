"""Rules 30 and 31: addresses are derived, digested, ended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from eventsvc.core import clock
from eventsvc.core.ids import derived_token
from eventsvc.feeds.actions import (
    calendar_address,
    calendar_token,
    join,
    mint_calendar,
    revoke_calendar,
    revoke_unused,
)
from eventsvc.feeds.models import CalendarToken, Feed
from eventsvc.registration.models import Participant
from tests.factories.events import ACTOR, NOW
from tests.factories.feeds import make_guest, make_programme
from tests.factories.registration import SECRET


@pytest.fixture
def programme(organiser):
    with clock.standing_at(NOW):
        return make_programme(organiser.id)


@pytest.fixture
def guest(programme):
    with clock.standing_at(NOW):
        return make_guest(programme)


def again(session, programme, guest, secret=SECRET):
    return calendar_token(session, guest.participant_id, programme.event_id, secret=secret, now=NOW)


def number_of(session):
    return session.scalar(select(func.count()).select_from(CalendarToken))


def test_each_mail_makes_the_same_address(session, programme, guest):
    assert again(session, programme, guest) == guest.token
    assert number_of(session) == 1
    assert calendar_address(guest.token) == f"http://localhost{guest.path}"


def test_after_an_end_the_next_address_is_another(session, programme, guest):
    participant = session.get_one(Participant, guest.participant_id)
    revoke_calendar(session, ACTOR, participant, now=NOW)
    token = again(session, programme, guest)
    assert token != guest.token
    assert again(session, programme, guest) == token


def test_after_a_change_of_the_key_the_standing_address_goes_on(session, programme, guest):
    other = "another secret of more than thirty-two bytes"
    token = again(session, programme, guest, other)
    assert token == derived_token("evc", other, f"{guest.participant_id}:2")
    assert again(session, programme, guest, other) == token
    standing = select(func.count()).where(CalendarToken.revoked_at.is_(None))
    assert session.scalar(standing) == 2


def test_ending_forgets_the_joined_bytes(session, guest):
    join(session, "personal", guest.participant_id, now=NOW)
    participant = session.get_one(Participant, guest.participant_id)
    revoke_calendar(session, ACTOR, participant, now=NOW)
    assert session.scalar(select(func.count()).select_from(Feed)) == 0


def test_minting_twice_gives_two(session, guest):
    participant = session.get_one(Participant, guest.participant_id)
    made = [mint_calendar(session, ACTOR, participant, secret=SECRET, now=NOW) for _ in range(2)]
    assert made[0][1] != made[1][1]
    assert [row.number for row, _ in made] == [2, 3]


def test_rule_30_thirteen_months_without_a_fetch(session, programme, guest):
    assert revoke_unused(session, now=NOW + timedelta(days=390)) == 0
    session.execute(update(CalendarToken).values(last_fetch_at=NOW + timedelta(days=30)))
    assert revoke_unused(session, now=NOW + timedelta(days=400)) == 0
    assert revoke_unused(session, now=NOW + timedelta(days=430)) == 1
    assert session.scalars(select(CalendarToken.revoked_at)).one() is not None
