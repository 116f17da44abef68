"""Contacts, the outbox and suppression (delivery.md §1, §2, §3, §9)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eventsvc.audit.models import AuditEntry
from eventsvc.core.ids import new_id
from eventsvc.core.rights import system
from eventsvc.core.transactions import transaction
from eventsvc.mail import actions, queries
from eventsvc.mail.models import Contact, OutboxMessage
from eventsvc.mail.policy import message_key
from tests.factories.mail import NOW, a_contact, a_message

EVENT, OTHER = new_id(), new_id()


def told(contact: Contact, **values: Any) -> dict[str, Any]:
    return {
        "purpose": "reminder",
        "subject_type": "event",
        "subject_id": EVENT,
        "recipient_id": contact.id,
        "contact": contact,
        "event_id": EVENT,
        "priority": 5,
        "due_at": NOW,
        "now": NOW,
        **values,
    }


def test_one_contact_per_address_however_it_is_typed(session: Session) -> None:
    first = a_contact(session, "Marie@example.org", name="Marie", locale="fr", zone="Europe/Paris")
    again = a_contact(session, "MARIE@EXAMPLE.ORG", name="Somebody else", locale="de")
    assert first.id == again.id
    assert (again.name, again.locale, again.email) == ("Marie", "fr", "Marie@example.org")


def test_one_row_per_key_always(session: Session) -> None:
    contact = a_contact(session)
    assert actions.queue(session, **told(contact)) is True
    assert actions.queue(session, **told(contact, priority=0, payload={"other": 1})) is False
    assert actions.queue(session, **told(contact, revision=1)) is True
    key = message_key(contact.id, "reminder", "event", EVENT)
    row = queries.message_by_key(session, key)
    assert row is not None
    assert (row.state, row.attempts, row.priority, row.payload) == ("pending", 0, 5, {})
    assert (row.ready_at, row.address, row.locale, row.tz) == (NOW, None, "en", "UTC")


def test_language_and_zone_are_the_contacts_unless_told(session: Session) -> None:
    contact = a_contact(session, locale="de", zone="Europe/Berlin")
    assert (a_message(session, contact).locale, a_message(session, contact).tz) == (
        "de",
        "Europe/Berlin",
    )
    other = a_message(session, contact, locale="fr", tz="Europe/Paris")
    assert (other.locale, other.tz) == ("fr", "Europe/Paris")


def test_the_bell_rings_for_what_is_due_now_only(session: Session) -> None:
    contact = a_contact(session)
    session.info.pop("nudges", None)
    actions.queue(session, **told(contact, due_at=NOW + timedelta(hours=1)))
    assert "nudges" not in session.info
    actions.queue(session, **told(contact, revision=1))
    assert list(session.info.pop("nudges")) == ["post.drain"]
    actions.queue(session, **told(contact, revision=1))
    assert "nudges" not in session.info


@pytest.mark.commits
def test_many_at_once_make_one_contact_and_one_row(committed: Flask) -> None:
    def once(_number: int) -> bool:
        with committed.app_context(), transaction() as session:
            contact = a_contact(session, "marie@example.org")
            return actions.queue(session, **told(contact))

    with ThreadPoolExecutor(8) as pool:
        written = list(pool.map(once, range(24)))
    assert sorted(written) == [False] * 23 + [True]
    with transaction(write=False) as session:
        assert session.scalar(select(func.count()).select_from(Contact)) == 1
        assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 1


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    asked=st.lists(
        st.tuples(st.sampled_from("pq"), st.integers(0, 2), st.integers(0, 2)), max_size=12
    )
)
def test_as_many_rows_as_different_keys(
    session: Session, asked: list[tuple[str, int, int]]
) -> None:
    contact = a_contact(session)  # a new one for each example
    for purpose, offset, revision in asked:
        values = told(contact, purpose=purpose, offset_s=offset, revision=revision)
        actions.queue(session, **values)
    count = select(func.count()).where(OutboxMessage.recipient_id == contact.id)
    assert session.scalar(count) == len(set(asked))


def test_cancelling_takes_pending_rows_that_fit_every_mark(session: Session) -> None:
    contact = a_contact(session)
    older = a_message(session, contact, event_id=EVENT, subject_id=EVENT, purpose="reminder")
    newer = a_message(
        session, contact, event_id=EVENT, subject_id=EVENT, purpose="reminder", revision=1
    )
    other = a_message(session, contact, event_id=OTHER, subject_id=OTHER, purpose="reminder")
    held = a_message(session, contact, event_id=EVENT, subject_id=EVENT, purpose="other")
    held.state = "claimed"
    session.flush()
    marks = {"subject_type": "event", "subject_id": EVENT, "revision_below": 1}
    assert actions.cancel_pending(session, reason="moved", now=NOW, **marks) == 1
    assert (older.state, older.cancelled_reason, older.ended_at) == ("cancelled", "moved", NOW)
    assert (newer.state, other.state, held.state) == ("pending", "pending", "claimed")
    assert actions.cancel_pending(session, reason="x", now=NOW, event_id=EVENT) == 1
    assert actions.cancel_pending(session, reason="x", now=NOW, recipient_id=contact.id) == 1
    assert held.state == "claimed"
    with pytest.raises(ValueError, match="whose"):
        actions.cancel_pending(session, reason="x", now=NOW, purpose="reminder")


@pytest.mark.parametrize(
    ("scope", "reason", "left"),
    [
        ("all", "bounce", set()),
        ("all", "complaint", {"confirmation"}),
        (f"event:{EVENT}", "unsubscribed", {"confirmation", "elsewhere"}),
        (f"series:{new_id()}", "unsubscribed", {"confirmation", "elsewhere"}),
        ("purpose:reminder", "unsubscribed", {"confirmation", "report"}),
    ],
    ids=["bounce", "complaint", "event", "series", "purpose"],
)
def test_suppression_ends_pending_rows_in_its_scope(
    session: Session, scope: str, reason: str, left: set[str]
) -> None:
    contact = a_contact(session, "marie@example.org")
    rows = {
        "confirmation": a_message(session, contact, event_id=EVENT, priority=0),
        "reminder": a_message(session, contact, event_id=EVENT, purpose="reminder", priority=5),
        "report": a_message(session, contact, event_id=EVENT, purpose="report", priority=9),
        "elsewhere": a_message(session, contact, event_id=OTHER, purpose="reminder", priority=5),
    }
    bystander = a_message(session, event_id=EVENT, purpose="reminder", priority=5)
    options = {"scope": scope, "reason": reason, "source": "test", "now": NOW}
    options |= {"event_ids": [EVENT]} if scope.startswith("series") else {}
    assert actions.suppress(session, "MARIE@example.org", **options) is True
    assert actions.suppress(session, "marie@example.org", **options) is False
    assert {name for name, row in rows.items() if row.state == "pending"} == left
    assert bystander.state == "pending"


def test_lifting_is_audited_without_the_address(session: Session) -> None:
    values = {"scope": "all", "reason": "bounce", "source": "smtp", "now": NOW}
    actions.suppress(session, "marie@example.org", **values)
    [found] = queries.suppressions_of(session, "Marie@example.org")
    actions.lift_suppression(session, system("test"), found, reason="typing error", now=NOW)
    assert queries.suppressions_of(session, "marie@example.org") == []
    session.flush()
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "suppression.lifted")
    ).one()
    assert entry.changes == {"scope": "all", "was": "bounce", "reason": "typing error"}


def test_a_scope_of_another_form_is_refused(session: Session) -> None:
    with pytest.raises(ValueError, match="scope"):
        actions.suppress(session, "a@example.org", scope="x", reason="r", source="s", now=NOW)


def test_what_is_held_back_is_written_as_ended_and_stays_so(session):
    contact = a_contact(session)
    queue = told(contact)
    with actions.held_back(session, "imported"):
        assert actions.queue(session, **queue)
        row = {name: value for name, value in queue.items() if name not in ("contact", "now")}
        many = {
            **row, "contact_id": contact.id, "subject_id": OTHER, "organiser_id": None,
            "offset_s": 0, "revision": 0, "not_after": None, "locale": "en", "tz": "UTC",
            "payload": {},
        }  # fmt: skip
        assert actions.queue_many(session, [many], now=NOW) == 1
        actions.queue_again(session, [many], reasons=["imported"], now=NOW)
    rows = list(session.scalars(select(OutboxMessage)))
    assert {(one.state, one.cancelled_reason, one.ended_at) for one in rows} == {
        ("cancelled", "imported", NOW)
    }
    assert not actions.queue(session, **queue)  # a key has one row for ever
    assert actions.queue(session, **told(contact, revision=1))
    pending = select(func.count()).where(OutboxMessage.state == "pending")
    assert session.scalar(pending) == 1
