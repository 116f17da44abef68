"""Loading: through the verbs, idempotent, atomic."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from eventsvc.core.transactions import transaction
from eventsvc.events.models import Event
from eventsvc.events.queries import events_of
from eventsvc.facts.models import FactRow
from eventsvc.mail.models import OutboxMessage
from eventsvc.registration.models import Registration
from eventsvc.reports.models import Report
from seeds import ACTOR, editions, load


def count(model) -> int:
    with transaction(write=False) as session:
        return session.scalar(select(func.count()).select_from(model))


def test_loading_twice_changes_nothing(committed):
    first = load(synthetic=True)
    facts, mails = count(FactRow), count(OutboxMessage)
    assert load(synthetic=True) == first
    assert (count(FactRow), count(OutboxMessage)) == (facts, mails)


def test_the_archive_sends_no_mail_and_opens_no_report(committed):
    load(synthetic=False)
    assert count(OutboxMessage) == 0
    assert count(Report) == 0


def test_an_interrupted_load_leaves_nothing(committed, monkeypatch):
    def fail(*_arguments, **_options):
        raise ZeroDivisionError

    monkeypatch.setattr(editions.agenda, "publish", fail)
    with pytest.raises(ZeroDivisionError):
        load(synthetic=False)
    assert count(Event) == 0


def test_the_synthetic_edition_fills_its_places_and_its_waiting_list(committed):
    load(synthetic=True)
    with transaction(write=False) as session:
        coming = next(event for event in session.scalars(events_of(ACTOR)) if event.synthetic)
        states = dict(
            session.execute(
                select(Registration.state, func.count())
                .where(Registration.event_id == coming.id)
                .group_by(Registration.state)
            ).all()
        )
    assert coming.series_id is None
    assert coming.state == "published"
    assert states == {"confirmed": 100, "waitlisted": 20}
