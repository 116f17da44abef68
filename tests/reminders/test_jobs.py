"""The job plans in batches, each a transaction of its own, and is idempotent."""

from __future__ import annotations

from sqlalchemy import func, select

from eventsvc.core import clock
from eventsvc.core.db import db
from eventsvc.core.transactions import transaction
from eventsvc.mail.models import OutboxMessage
from eventsvc.reminders import jobs
from tests.conftest import add_organiser
from tests.factories.registration import make_open_event, make_registration
from tests.reminders.support import vienna


def test_all_batches_are_queued_and_a_second_run_adds_none(committed, monkeypatch) -> None:
    monkeypatch.setattr(jobs, "BATCH", 2)
    with transaction() as session:
        event = make_open_event(session, add_organiser(session).id)
        for _ in range(5):
            make_registration(session, event)
    for _ in range(2):
        with clock.standing_at(vienna("2027-04-28T08:00")):
            jobs.plan()
        wanted = select(func.count()).where(OutboxMessage.purpose == "practical_information")
        assert db.session.scalar(wanted) == 5
        db.session.rollback()
