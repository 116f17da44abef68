"""Doors: messages of an event, and unsubscribing (delivery.md §7, §9)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.accounts.models import Organiser
from eventsvc.audit.models import AuditEntry
from eventsvc.core import clock
from eventsvc.core.text import utc_instant
from eventsvc.mail import queries as mail
from eventsvc.mail.models import Contact, OutboxAttempt, OutboxMessage, Suppression
from eventsvc.post.policy import unsubscribe_token
from tests.conftest import SECRET
from tests.factories.accounts import an_event, an_organiser, counted
from tests.factories.mail import a_contact, a_message


@pytest.fixture
def event_id(session: Session, organiser: Organiser) -> str:
    return an_event(session, organiser).id


def failed(session: Session, event_id: str, **values: Any) -> OutboxMessage:
    now = clock.now(session)
    message = a_message(session, event_id=event_id, now=now, **values)
    message.state, message.error_class, message.smtp_code = "failed", "no-such-address", 550
    message.address, message.attempts, message.ended_at = "anna@example.org", 3, now
    message.smtp_text = "5.1.1 no such user <anna@example.org>"
    session.commit()
    return message


def address(event_id: str, message: OutboxMessage | None = None, verb: str = "") -> str:
    path = f"/api/v1/events/{event_id}/messages"
    return path if message is None else f"{path}/{message.public_id}/{verb}"


def test_messages_of_an_event(client: FlaskClient, session, event_id, token_for) -> None:  # type: ignore[no-untyped-def]
    message = failed(session, event_id)
    a_message(session, now=clock.now(session))  # of no event
    answer = client.get(address(event_id), headers=token_for("event-manager"))
    assert answer.status_code == 200
    [item] = answer.json["items"]
    assert item["id"] == message.public_id
    assert item["address"] == "anna@example.org"
    assert item["reason"] == "The address does not exist."
    assert (item["state"], item["smtp_code"]) == ("failed", 550)
    nothing = client.get(address(event_id) + "?state=sent", headers=token_for("event-manager"))
    assert nothing.json["items"] == []


def test_a_list_costs_the_same_for_one_and_many(client, session, event_id, token_for) -> None:  # type: ignore[no-untyped-def]
    costs = []
    headers = token_for("event-manager")
    for _ in range(2):
        for _ in range(10):
            failed(session, event_id)
        with counted() as sent:
            client.get(address(event_id), headers=headers)
        costs.append(len(sent))
    assert costs[0] == costs[1]


def test_who_may_not(client, session, event_id, token_for) -> None:  # type: ignore[no-untyped-def]
    message = failed(session, event_id)
    other = token_for("event-manager", organiser=an_organiser(session))
    assert client.get(address(event_id), headers=other).status_code == 404
    assert client.get(address(event_id), headers=token_for("read-only")).status_code == 403
    retry = client.post(
        address(event_id, message, "retry"), headers=other, json={"state": "failed"}
    )
    assert retry.status_code == 404
    assert message.state == "failed"


def test_retry_acts_once_for_a_double_click(client, session, event_id, token_for) -> None:  # type: ignore[no-untyped-def]
    message = failed(session, event_id)
    key, public_id = message.key, message.public_id
    headers = token_for("event-manager")
    answers = [
        client.post(address(event_id, message, "retry"), headers=headers, json={"state": "failed"})
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 409]
    assert answers[1].json["code"] == "state-changed"
    fresh = session.scalars(select(OutboxMessage).where(OutboxMessage.key == key)).one()
    assert (fresh.state, fresh.attempts, fresh.public_id) == ("pending", 0, public_id)
    assert (fresh.next_try_at, fresh.trying_since, fresh.error_class) == (None, None, None)
    audited = select(AuditEntry).where(AuditEntry.subject_id == public_id)
    [entry] = session.scalars(audited)
    assert entry.action == "message.retried"
    assert "anna" not in str(entry.changes)


def test_retry_of_what_is_of_no_use_any_more(client, session, event_id, token_for) -> None:  # type: ignore[no-untyped-def]
    message = failed(session, event_id, not_after=clock.now(session))
    answer = client.post(
        address(event_id, message, "retry"),
        headers=token_for("event-manager"),
        json={"state": "failed"},
    )
    assert (answer.status_code, answer.json["code"]) == (409, "too-late")


def test_handled(client, session, event_id, token_for) -> None:  # type: ignore[no-untyped-def]
    message = failed(session, event_id)
    headers = token_for("event-manager")
    answer = client.post(
        address(event_id, message, "handled"), headers=headers, json={"state": "unknown"}
    )
    assert answer.status_code == 409
    answer = client.post(
        address(event_id, message, "handled"), headers=headers, json={"state": "failed"}
    )
    assert (answer.status_code, answer.json["state"]) == (200, "cancelled")
    assert answer.json["reason"] == "The address does not exist."


def test_a_message_with_its_attempts(client, session, event_id, token_for) -> None:  # type: ignore[no-untyped-def]
    message = failed(session, event_id)
    now = clock.now(session)
    session.add(
        OutboxAttempt(outbox_id=message.id, n=1, started_at=now, outcome="failed", worker="w")
    )
    session.commit()
    here = f"{address(event_id)}/{message.public_id}"
    answer = client.get(here, headers=token_for("event-manager"))
    assert answer.json["reason"] == "The address does not exist."
    assert [(one["n"], one["outcome"]) for one in answer.json["attempts_made"]] == [(1, "failed")]
    other = token_for("event-manager", organiser=an_organiser(session))
    assert client.get(here, headers=other).status_code == 404


def test_messages_at_a_glance(client, session, event_id, token_for) -> None:  # type: ignore[no-untyped-def]
    failed(session, event_id)
    late = clock.now(session) - timedelta(minutes=7)
    a_message(session, event_id=event_id, now=late)
    a_message(session, event_id=event_id, now=late, due_at=late + timedelta(days=3))
    a_message(session, now=late - timedelta(days=1))  # of no event
    session.commit()
    answer = client.get(address(event_id) + "/summary", headers=token_for("event-manager"))
    assert (answer.json["messages"]["pending"], answer.json["messages"]["failed"]) == (2, 1)
    assert answer.json["messages"]["unknown"] == 0
    assert answer.json["due_now"] == 1
    assert answer.json["oldest_due_at"] == utc_instant(late)


def test_filters(client, session, event_id, token_for) -> None:  # type: ignore[no-untyped-def]
    first, second = failed(session, event_id), failed(session, event_id)
    first.batch_id = event_id
    second.due_at = first.due_at + timedelta(days=2)
    session.commit()
    headers = token_for("event-manager")
    edge = utc_instant(first.due_at + timedelta(days=1))

    def ids(query: str) -> list[str]:
        answer = client.get(f"{address(event_id)}?{query}", headers=headers)
        return [item["id"] for item in answer.json["items"]]

    assert ids(f"announcement_id={event_id}") == [first.public_id]
    assert ids(f"participant_id={second.recipient_id}") == [second.public_id]
    assert ids(f"due_from={edge}") == [second.public_id]
    assert ids(f"due_before={edge}") == [first.public_id]


def test_send_to_another_address(client, session, event_id, token_for) -> None:  # type: ignore[no-untyped-def]
    message = failed(session, event_id)
    headers = token_for("event-manager")
    body = {"state": "failed", "email": "anna.new@example.org"}
    answers = [
        client.post(address(event_id, message, "address"), headers=headers, json=body)
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 409]
    fresh = session.get_one(OutboxMessage, message.id)
    contact = session.get_one(Contact, fresh.contact_id)
    assert (fresh.state, contact.email) == ("pending", "anna.new@example.org")
    audited = select(AuditEntry).where(AuditEntry.subject_id == message.public_id)
    [entry] = session.scalars(audited)
    assert entry.action == "message.readdressed"
    assert "anna" not in str(entry.changes)
    wrong = client.post(
        address(event_id, message, "address"),
        headers=headers,
        json={"state": "failed", "email": "no address"},
    )
    assert wrong.status_code == 422


@pytest.fixture
def link(session: Session, event_id: str) -> str:
    now = clock.now(session)
    contact = a_contact(session, "zoe@example.org", now=now)
    for priority in (0, 5):
        message = a_message(session, contact, event_id=event_id, priority=priority, now=now)
    session.commit()
    return "/u/" + unsubscribe_token(SECRET, message.public_id, f"event:{event_id}")


FORM = {"data": "List-Unsubscribe=One-Click", "content_type": "application/x-www-form-urlencoded"}


def test_leaving_announcements_keeps_reminders(client, session, event_id) -> None:  # type: ignore[no-untyped-def]
    now = clock.now(session)
    contact = a_contact(session, "zoe@example.org", now=now)
    for purpose in ("reminder", "announcement"):
        message = a_message(
            session, contact, event_id=event_id, purpose=purpose, priority=9, now=now
        )
    session.commit()
    token = unsubscribe_token(SECRET, message.public_id, f"event:{event_id}:announcement")
    assert client.post(f"/u/{token}", **FORM).status_code == 200
    left = select(OutboxMessage.purpose).where(OutboxMessage.state == "pending")
    assert list(session.scalars(left)) == ["reminder"]
    told = ("zoe@example.org", event_id, None)
    assert mail.is_suppressed(session, *told, "announcement")
    assert not mail.is_suppressed(session, *told, "reminder")


def states(session: Session) -> list[str]:
    return list(session.scalars(select(OutboxMessage.state).order_by(OutboxMessage.priority)))


def test_looking_at_the_page_changes_nothing(client, session, link) -> None:  # type: ignore[no-untyped-def]
    for _ in range(2):
        answer = client.get(link)
        assert (answer.status_code, answer.mimetype) == (200, "text/html")
        assert '<form method="post">' in answer.text
    assert states(session) == ["pending", "pending"]
    assert session.scalars(select(Suppression)).first() is None


def test_one_click_stops_reminders_at_once_and_twice_is_once(  # type: ignore[no-untyped-def]
    client, session, link, event_id
) -> None:
    for _ in range(2):
        answer = client.post(link, **FORM)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
    assert states(session) == ["pending", "suppressed"]
    [row] = session.scalars(select(Suppression))
    assert (row.scope, row.reason, row.source) == (f"event:{event_id}", "unsubscribed", "one-click")
    told = ("zoe@example.org", event_id, None, "reminder")
    assert mail.is_suppressed(session, *told)
    assert not mail.is_suppressed(session, *told, priority=0)


def test_one_click_as_multipart(client, session, link) -> None:  # type: ignore[no-untyped-def]
    answer = client.post(
        link, data={"List-Unsubscribe": "One-Click"}, content_type="multipart/form-data"
    )
    assert answer.status_code == 200
    assert states(session) == ["pending", "suppressed"]


@pytest.mark.parametrize("forged", ["x", "A" * 120, "%00", "é"])
def test_a_forged_link_leads_nowhere(client, session, link, forged: str) -> None:  # type: ignore[no-untyped-def]
    assert client.get(f"/u/{forged}").status_code == 404
    assert client.post(link[:-3] + "AAA", **FORM).status_code == 404
    assert states(session) == ["pending", "pending"]
