"""Counts and suppression as asked by others (delivery.md §9, §12)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from eventsvc.core.ids import new_id
from eventsvc.mail import actions, queries
from eventsvc.mail.models import OutboxAttempt
from eventsvc.mail.policy import STATES
from tests.factories.mail import NOW, a_contact, a_message

EVENT, SERIES = new_id(), new_id()


def test_counts_by_state_with_zeros(session: Session) -> None:
    a_message(session, event_id=EVENT)
    a_message(session, event_id=EVENT).state = "sent"
    a_message(session)
    session.flush()
    counts = queries.counts_by_state(session, EVENT)
    assert list(counts) == list(STATES)
    assert (counts["pending"], counts["sent"], sum(counts.values())) == (1, 1, 2)
    assert queries.counts_by_state(session)["pending"] == 2


def test_messages_of_an_event_by_state(session: Session) -> None:
    sent = a_message(session, event_id=EVENT)
    sent.state = "sent"
    a_message(session, event_id=EVENT)
    session.flush()
    assert len(session.scalars(queries.messages_of(EVENT)).all()) == 2
    assert session.scalars(queries.messages_of(EVENT, states=["sent"])).all() == [sent]


def test_the_age_of_the_oldest_due_message(session: Session) -> None:
    assert queries.due_now(session, now=NOW) == (0, None)
    a_message(session)
    a_message(session, due_at=NOW - timedelta(minutes=3))
    a_message(session, due_at=NOW + timedelta(minutes=3))
    assert queries.due_now(session, now=NOW) == (2, NOW - timedelta(minutes=3))


def test_ambiguous_attempts_are_counted(session: Session) -> None:
    row = a_message(session)
    for n, outcome in enumerate(("ambiguous", "sent"), start=1):
        attempt = {"outbox_id": row.id, "n": n, "started_at": NOW, "worker": "w"}
        session.add(OutboxAttempt(outcome=outcome, **attempt))
    session.flush()
    assert queries.ambiguous_attempts(session, since=NOW) == 1
    assert queries.ambiguous_attempts(session, since=NOW + timedelta(seconds=1)) == 0


def test_suppression_by_series_and_purpose(session: Session) -> None:
    contact = a_contact(session, "marie@example.org")
    assert queries.contact_by_email(session, "MARIE@example.org") is contact
    for scope in (f"series:{SERIES}", "purpose:day_ahead"):
        values = {"scope": scope, "reason": "unsubscribed", "source": "page", "now": NOW}
        actions.suppress(session, contact.email, **values)
    stopped = queries.is_suppressed
    assert stopped(session, "Marie@example.org", EVENT, SERIES, "reminder")
    assert stopped(session, contact.email, EVENT, None, "day_ahead")
    assert not stopped(session, contact.email, EVENT, None, "reminder")
    assert not stopped(session, contact.email, EVENT, SERIES, "day_ahead", priority=0)
