"""Doors: addresses that an organiser's mail does not go to (delivery.md §9)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.audit.models import AuditEntry
from eventsvc.core import clock
from eventsvc.mail import actions as mail
from eventsvc.mail import queries
from eventsvc.mail.models import OutboxMessage, Suppression
from tests.factories.accounts import an_event, an_organiser, counted
from tests.factories.mail import a_contact, a_message

ADDRESS = "zoe@example.org"


@pytest.fixture
def path(organiser) -> str:  # type: ignore[no-untyped-def]
    return f"/api/v1/organisers/{organiser.id}/suppressions"


def written_to(session: Session, organiser: Any, address: str = ADDRESS, **values: Any) -> Any:
    now = clock.now(session)
    contact = a_contact(session, address, now=now)
    return a_message(session, contact, organiser_id=organiser.id, now=now, **values)


def bounce(session: Session, address: str = ADDRESS) -> None:
    now = clock.now(session)
    mail.suppress(session, address, scope="all", reason="bounce", source="smtp", now=now)


def test_block_see_and_lift(client, session, organiser, token_for, path) -> None:  # type: ignore[no-untyped-def]
    message = written_to(session, organiser)
    session.commit()
    headers = token_for("event-manager")
    made = client.post(path, headers=headers, json={"email": ADDRESS, "reason": "asked by phone"})
    assert made.status_code == 201, made.json
    assert made.json["scope"] == f"organiser:{organiser.id}"
    assert session.get_one(OutboxMessage, message.id).state == "suppressed"
    told = (ADDRESS, None, None, "registration_confirmed")
    assert queries.is_suppressed(session, *told, priority=0) is False, "of nobody else"
    reason = queries.suppression_reason(session, *told, organiser_id=organiser.id, priority=0)
    assert reason == "asked by phone"
    [item] = client.get(path, headers=headers).json["items"]
    assert (item["address"], item["source"]) == (ADDRESS, "organiser")
    here = f"{path}/{item['id']}"
    assert client.get(here, headers=headers).headers["ETag"] == '"1"'
    tagged = {**headers, "If-Match": '"1"'}
    assert client.delete(f"{here}?reason=x", headers=headers).status_code == 428
    assert client.delete(here, headers=tagged).status_code == 400
    assert client.delete(f"{here}?reason=called+back", headers=tagged).status_code == 204
    assert session.scalars(select(Suppression)).all() == []
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.action)).all()
    changes = {e.action: e.changes for e in entries if e.action.startswith("suppression")}
    assert set(changes) == {"suppression.added", "suppression.lifted"}
    assert changes["suppression.lifted"]["reason"] == "called back"
    assert "zoe" not in str(changes)


def test_one_event_or_series_only(client, session, organiser, token_for, path) -> None:  # type: ignore[no-untyped-def]
    event = an_event(session, organiser)
    foreign = an_event(session, an_organiser(session), slug="foreign-event")
    session.commit()
    headers = token_for("event-manager")
    body = {"email": ADDRESS, "reason": "asked"}
    made = client.post(path, headers=headers, json={**body, "event_id": event.id})
    assert made.json["scope"] == f"event:{event.id}"
    for values, pointer in (
        ({"event_id": foreign.id}, "/event_id"),
        ({"series_id": foreign.id}, "/series_id"),
        ({"series_id": event.id, "event_id": event.id}, "/series_id"),
    ):
        refused = client.post(path, headers=headers, json={**body, **values})
        assert refused.status_code == 422
        assert refused.json["errors"][0]["pointer"] == pointer


def test_others_see_nothing_of_it(client, session, organiser, token_for, path) -> None:  # type: ignore[no-untyped-def]
    other = an_organiser(session)
    written_to(session, organiser)
    bounce(session)
    bounce(session, "never-written@example.org")
    session.commit()
    theirs = token_for("event-manager", organiser=other)
    assert client.get(path, headers=theirs).status_code == 404
    own = client.get(f"/api/v1/organisers/{other.id}/suppressions", headers=theirs)
    assert own.json["items"] == [], "this organiser never wrote to these addresses"
    [item] = client.get(path, headers=token_for("event-manager")).json["items"]
    foreign = f"/api/v1/organisers/{other.id}/suppressions/{item['id']}"
    assert client.get(foreign, headers=theirs).status_code == 404
    assert client.get(path, headers=token_for("read-only")).status_code == 403


def test_filters_and_costs(client, session, organiser, token_for, path) -> None:  # type: ignore[no-untyped-def]
    headers = token_for("event-manager")
    costs = []
    for more in (1, 29):
        for _ in range(more):
            address = f"guest{len(session.scalars(select(Suppression)).all())}@example.org"
            written_to(session, organiser, address)
            bounce(session, address)
        session.commit()
        with counted() as sent:
            answer = client.get(path + "?limit=200&reason=bounce", headers=headers)
        costs.append(len(sent))
    assert len(answer.json["items"]) == 30
    assert costs[0] == costs[1]
    one = client.get(path + "?email=guest3@example.org", headers=headers)
    assert [item["address"] for item in one.json["items"]] == ["guest3@example.org"]
