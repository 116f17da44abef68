"""Periodic work on sessions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from eventsvc.accounts import actions, jobs
from eventsvc.accounts.models import LoginSession
from eventsvc.core import clock
from tests.factories.people import an_account

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_sessions_that_are_over_are_forgotten_and_others_stay(session):
    account = an_account(session, now=AT)
    for hours in (0, 13, 24):
        actions.open_session(session, account, now=AT + timedelta(hours=hours))
    session.commit()
    with clock.standing_at(AT + timedelta(hours=25)):
        jobs.forget_sessions()
    left = session.scalars(select(LoginSession.created_at).order_by(LoginSession.created_at))
    assert list(left) == [AT + timedelta(hours=13) + timedelta(hours=11)]
