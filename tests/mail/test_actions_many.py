"""Many messages at once, and messages that wait again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from eventsvc.core.ids import new_id
from eventsvc.mail.actions import cancel_pending, contact_for, queue, queue_again, queue_many
from eventsvc.mail.models import OutboxMessage
from eventsvc.mail.policy import message_key

NOW = datetime(2027, 5, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=3)


@pytest.fixture
def contact(session):
    return contact_for(session, "robin@example.org", now=NOW)


def told(contact, **changes: Any) -> dict[str, Any]:
    return {
        "purpose": "practical_information",
        "subject_type": "event",
        "subject_id": "event-1",
        "recipient_id": new_id(),
        "contact_id": contact.id,
        "event_id": None,
        "organiser_id": None,
        "offset_s": 604_800,
        "revision": 0,
        "priority": 5,
        "due_at": LATER,
        "not_after": None,
        "locale": "en",
        "tz": "UTC",
        "payload": {},
        **changes,
    }


def rows(session) -> list[OutboxMessage]:
    statement = select(OutboxMessage).order_by(OutboxMessage.id)
    return list(session.scalars(statement.execution_options(populate_existing=True)))


def test_each_key_has_one_row_also_among_those_queued_singly(session, contact) -> None:
    messages = [told(contact) for _ in range(1_201)]
    one = {k: v for k, v in messages[0].items() if k != "contact_id"}
    assert queue(session, **one, contact=contact, now=NOW)
    assert queue_many(session, [*messages, messages[1]], now=NOW) == 1_200
    assert queue_many(session, messages, now=NOW) == 0
    assert queue_many(session, [], now=NOW) == 0
    first = rows(session)[0]
    assert len(rows(session)) == 1_201
    assert first.key == message_key(
        first.recipient_id, "practical_information", "event", "event-1", offset_s=604_800
    )


def test_the_bell_is_rung_for_what_is_due_only(session, contact) -> None:
    queue_many(session, [told(contact)], now=NOW)
    assert "post.drain" not in session.info.get("nudges", {})
    queue_many(session, [told(contact, due_at=NOW)], now=NOW)
    assert "post.drain" in session.info["nudges"]


def test_a_superseded_message_is_written_as_ended(session, contact) -> None:
    queue_many(session, [told(contact, cancelled_reason="superseded")], now=NOW)
    (row,) = rows(session)
    assert (row.state, row.cancelled_reason, row.ended_at) == ("cancelled", "superseded", NOW)


def test_only_what_was_cancelled_for_a_given_reason_waits_again(session, contact) -> None:
    moved, blocked, sent = (told(contact) for _ in range(3))
    queue_many(session, [moved, blocked, sent], now=NOW)
    for message, reason in ((moved, "moved"), (blocked, "by hand")):
        cancel_pending(session, recipient_id=message["recipient_id"], reason=reason, now=NOW)
    rows(session)[2].state = "sent"
    session.flush()
    new_time = {"due_at": LATER + timedelta(hours=1)}
    again = [message | new_time for message in (moved, blocked, sent)]
    queue_again(session, again, reasons={"moved"}, now=NOW)
    first, second, third = rows(session)
    assert (first.state, first.cancelled_reason, first.ended_at) == ("pending", None, None)
    assert first.due_at == first.ready_at == LATER + timedelta(hours=1)
    assert (second.state, third.state) == ("cancelled", "sent")
    assert second.due_at == third.due_at == LATER
