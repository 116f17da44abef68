"""Doors: announcements (api.md §6)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.audit.models import AuditEntry
from eventsvc.core import clock
from eventsvc.core.transactions import transaction
from eventsvc.events import actions as events
from eventsvc.events.models import Event
from eventsvc.mail.models import OutboxMessage
from eventsvc.reminders import actions, jobs
from eventsvc.reminders.models import Announcement
from tests.conftest import add_organiser
from tests.factories.accounts import an_organiser, counted
from tests.factories.agenda import make_speaker
from tests.factories.bookings import make_booking, make_workshop
from tests.factories.events import ACTOR, NOW
from tests.factories.registration import make_open_event, make_registration, told
from tests.reminders.support import outbox

NOBODY = "00000000-0000-0000-0000-000000000000"
TEXTS = [
    {"language": "en", "subject": "News of {event}", "body": "Dear {name},\n\n**Bring** a pen."},
    {"language": "de", "subject": "Neues", "body": "Hallo {name}"},
]


@pytest.fixture
def event(session: Session, organiser) -> Event:  # type: ignore[no-untyped-def]
    made = make_open_event(session, organiser.id, mode="hybrid")
    session.commit()
    return made


@pytest.fixture
def headers(token_for) -> dict[str, str]:  # type: ignore[no-untyped-def]
    return token_for("event-manager")


def path(event: Event, *more: str) -> str:
    return "/".join((f"/api/v1/events/{event.id}/announcements", *more))


def add(client: FlaskClient, event: Event, headers, **values: Any):  # type: ignore[no-untyped-def]
    body = {"title": "News", "texts": TEXTS, **values}
    return client.post(path(event), headers=headers, json=body)


def step(client, event, headers, one, to, *, key="k1", **more):  # type: ignore[no-untyped-def]
    return client.post(
        path(event, one["id"], "transitions"),
        headers={**headers, "Idempotency-Key": key},
        json={"to": to, **more},
    )


def test_a_draft_is_written_read_changed_and_removed(client, session, event, headers) -> None:  # type: ignore[no-untyped-def]
    made = add(client, event, headers, audience={"languages": ["de"]})
    assert made.status_code == 201, made.json
    assert made.json["state"] == "draft"
    assert made.headers["ETag"] == '"1"'
    assert made.json["messages"]["pending"] == 0
    here = path(event, made.json["id"])
    assert client.get(here, headers=headers).json["title"] == "News"
    assert client.patch(here, headers=headers, json={"title": "More"}).status_code == 428
    tagged = {**headers, "If-Match": '"1"'}
    changed = client.patch(
        here, headers=tagged, json={"title": "More", "audience": {"modes": ["online"]}}
    )
    assert (changed.status_code, changed.json["version"]) == (200, 2)
    merged = changed.json["audience"]
    assert (merged["languages"], merged["modes"]) == (["de"], ["online"])
    assert merged["states"] == ["confirmed", "attended"]
    assert client.patch(here, headers=tagged, json={"title": "x"}).status_code == 412
    assert client.delete(here, headers={**headers, "If-Match": '"2"'}).status_code == 204
    assert client.get(here, headers=headers).status_code == 404
    actions_told = select(AuditEntry.action).where(AuditEntry.subject_id == made.json["id"])
    assert sorted(session.scalars(actions_told)) == [
        "announcement.added", "announcement.changed", "announcement.removed",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "pointer", "code"),
    [
        ({"state": "sent"}, "/state", "read-only-field"),
        ({"owner": 1}, "/owner", "unknown-field"),
        ({"texts": []}, "/texts", "too-few"),
        ({"texts": [TEXTS[0], TEXTS[0]]}, "/texts/1/language", "duplicate-language"),
        ({"audience": {"items": [NOBODY]}}, "/audience/items/0", "unknown-item"),
        ({"audience": {"states": ["asleep"]}}, "/audience/states/0", "not-a-choice"),
    ],
)  # fmt: skip
def test_refused_fields(client, event, headers, *, values, pointer, code) -> None:  # type: ignore[no-untyped-def]
    answer = add(client, event, headers, **values)
    assert answer.status_code == 422
    assert [(e["pointer"], e["code"]) for e in answer.json["errors"]] == [(pointer, code)]


@pytest.mark.threat(19)
@pytest.mark.parametrize("subject", ["a\r\nBcc: x@example.org", "a\nb", "\u202ex"])
def test_a_subject_is_one_line(client, event, headers, subject) -> None:  # type: ignore[no-untyped-def]
    answer = add(client, event, headers, texts=[{**TEXTS[0], "subject": subject}])
    assert answer.status_code == 422
    assert answer.json["errors"][0]["code"] == "invalid-character"


def test_who_may_not(client, session, event, headers, token_for) -> None:  # type: ignore[no-untyped-def]
    one = add(client, event, headers).json
    other = token_for("event-manager", organiser=an_organiser(session))
    reader = token_for("read-only")
    assert client.get(path(event), headers=other).status_code == 404
    assert client.get(path(event, one["id"]), headers=other).status_code == 404
    assert add(client, event, other).status_code == 404
    assert add(client, event, reader).status_code == 403
    assert step(client, event, reader, one, "sending").status_code == 403
    assert client.get(path(event)).status_code == 401
    elsewhere = make_open_event(session, event.organiser_id)
    session.commit()
    assert client.get(path(elsewhere, one["id"]), headers=headers).status_code == 404


def test_a_step_needs_its_key_and_happens_once(client, session, event, headers) -> None:  # type: ignore[no-untyped-def]
    one = add(client, event, headers).json
    bare = client.post(
        path(event, one["id"], "transitions"), headers=headers, json={"to": "sending"}
    )
    assert (bare.status_code, bare.json["code"]) == (400, "idempotency-key-required")
    answers = [step(client, event, headers, one, "sending") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[1].headers["Idempotent-Replayed"] == "true"
    again = step(client, event, headers, one, "sending", key="k2")
    assert (again.status_code, again.json["code"]) == (409, "transition-not-allowed")
    assert again.json["allowed"] == ["cancelled"]


def test_a_scheduled_one_needs_a_moment_and_is_closed(client, session, event, headers) -> None:  # type: ignore[no-untyped-def]
    one = add(client, event, headers).json
    assert step(client, event, headers, one, "scheduled").json["code"] == "not-scheduled"
    tag = {**headers, "If-Match": '"1"'}
    moment = {
        "scheduled_at": (clock.now(session) + timedelta(hours=1)).replace(microsecond=0).isoformat()
    }
    client.patch(path(event, one["id"]), headers=tag, json=moment)
    assert step(client, event, headers, one, "scheduled", key="k2").json["state"] == "scheduled"
    tag = {**headers, "If-Match": "*"}
    closed = client.patch(path(event, one["id"]), headers=tag, json={"title": "x"})
    assert (closed.status_code, closed.json["code"]) == (409, "announcement-not-draft")
    removed = client.delete(path(event, one["id"]), headers=tag)
    assert (removed.status_code, removed.json["code"]) == (409, "announcement-in-use")


def test_a_list_costs_the_same_for_one_and_many(client, session, event, headers) -> None:  # type: ignore[no-untyped-def]
    costs = []
    for count in (1, 29):
        for _ in range(count):
            add(client, event, headers)
        with counted() as sent:
            answer = client.get(path(event) + "?limit=200&state=draft", headers=headers)
        costs.append(len(sent))
    assert len(answer.json["items"]) == 30
    assert costs[0] == costs[1]


def run(session: Session, now=NOW, limit: int = 100) -> None:  # type: ignore[no-untyped-def]
    while actions.announce(session, now=now, limit=limit):
        pass


def announcement(session: Session, event: Event, **values: Any) -> Announcement:
    body = {"title": "News", "texts": TEXTS, **values}
    made = actions.add_announcement(session, ACTOR, event, body, now=NOW)
    actions.transition_announcement(session, ACTOR, event, made, "sending", now=NOW)
    return made


def test_each_gets_one_in_their_language(session, event) -> None:  # type: ignore[no-untyped-def]
    make_registration(session, event, language="de")
    make_registration(session, event, language="fr")
    made = announcement(session, event)
    run(session, limit=1)
    run(session, limit=1)
    rows = outbox(session, "announcement")
    assert sorted(row.locale for row in rows) == ["de", "en"]
    assert {(row.batch_id, row.priority, row.state) for row in rows} == {(made.id, 9, "pending")}
    assert made.queued_at == NOW


def test_audiences(session, event) -> None:  # type: ignore[no-untyped-def]
    workshop = make_workshop(session, event)
    role = make_speaker(session, event, workshop)
    seated = make_registration(session, event, name="Seated", language="de-AT")
    online = make_registration(session, event, name="Online", mode="online")
    speaker = make_registration(session, event, name="Speaker", language="en")
    speaker.participant.person_id = role.person_id
    speaker.participant.type = "speaker"
    gone = make_registration(session, event, name="Gone")
    gone.state = "cancelled"
    make_booking(session, workshop, seated)
    session.flush()
    del online

    def reached(**audience: Any) -> list[str]:
        made = announcement(session, event, audience=audience)
        run(session)
        rows = outbox(session, "announcement", subject_id=made.id)
        names = {seated.participant_id: "Seated", speaker.participant_id: "Speaker"}
        return sorted(names.get(row.recipient_id, "other") for row in rows)

    assert reached() == ["Seated", "Speaker", "other"]
    assert reached(items=[workshop.id]) == ["Seated"]
    assert reached(items=[workshop.id], speakers="also") == ["Seated", "Speaker"]
    assert reached(speakers="only") == ["Speaker"]
    assert reached(speakers="none") == ["Seated", "other"]
    assert reached(types=["speaker"]) == ["Speaker"]
    assert reached(languages=["de"]) == ["Seated"]
    assert reached(modes=["online"]) == ["other"]
    assert reached(states=["cancelled"]) == ["other"]


def test_cancelling_stops_what_waits(client, session, event, headers) -> None:  # type: ignore[no-untyped-def]
    make_registration(session, event)
    made = announcement(session, event)
    run(session)
    session.commit()
    answer = step(client, event, headers, {"id": made.id}, "cancelled", reason="A mistake")
    assert answer.json["messages"] | {"cancelled": 1} == answer.json["messages"]
    [row] = outbox(session, "announcement")
    assert (row.state, row.cancelled_reason) == ("cancelled", "announcement cancelled")


@pytest.mark.parametrize("to", ["cancelled", "postponed"])
def test_what_was_written_for_the_planned_event_does_not_leave(session, event, to) -> None:  # type: ignore[no-untyped-def]
    make_registration(session, event)
    sending = announcement(session, event)
    run(session)
    waiting = actions.add_announcement(
        session,
        ACTOR,
        event,
        {"title": "Badges", "texts": TEXTS, "scheduled_at": NOW + timedelta(days=1)},
        now=NOW,
    )
    actions.transition_announcement(session, ACTOR, event, waiting, "scheduled", now=NOW)
    events.transition(session, ACTOR, event, to, reason="The hall is closed", now=NOW)
    assert (waiting.state, sending.state) == ("draft", "cancelled")
    assert waiting.reason == sending.reason
    run(session, now=NOW + timedelta(days=2))
    assert [row.state for row in outbox(session, "announcement")] == ["cancelled"]


def test_it_is_sent_and_told_when_the_last_message_has_left(session, event) -> None:  # type: ignore[no-untyped-def]
    make_registration(session, event)
    made = announcement(session, event)
    run(session)
    assert not actions.end_announcement(session, now=NOW)
    [row] = outbox(session, "announcement")
    row.state = "sent"
    session.flush()
    assert actions.end_announcement(session, now=NOW)
    assert made.state == "sent"
    [fact] = told(session, "announcement.sent", made.id)
    assert fact.payload == {"people": 1}


def test_a_crash_in_the_middle_goes_on_and_writes_to_nobody_twice(committed, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(jobs, "BATCH", 2)
    with transaction() as session:
        now = clock.now(session)
        event = make_open_event(session, add_organiser(session).id)
        for _ in range(5):
            make_registration(session, event)
        made = actions.add_announcement(
            session, ACTOR, event,
            {"title": "News", "texts": TEXTS, "scheduled_at": now + timedelta(hours=1)}, now=now,
        )  # fmt: skip
        actions.transition_announcement(session, ACTOR, event, made, "scheduled", now=now)
    jobs.announce()
    assert written() == 0, "its moment has not come"
    whole = actions.announce
    calls = []

    def crashing(session, **options):  # type: ignore[no-untyped-def]
        more = whole(session, **options)
        calls.append(more)
        if len(calls) == 2:
            raise SystemExit
        return more

    with clock.standing_at(now + timedelta(hours=2)):
        monkeypatch.setattr(actions, "announce", crashing)
        with pytest.raises(SystemExit):
            jobs.announce()
        assert written() == 2
        monkeypatch.setattr(actions, "announce", whole)
        jobs.announce()
        jobs.announce()
    assert written() == 5
    with transaction() as session:
        session.query(OutboxMessage).update({"state": "sent"})
    jobs.announce()
    with transaction(write=False) as session:
        assert session.scalars(select(Announcement.state)).one() == "sent"


def written() -> int:
    with transaction(write=False) as session:
        return len(outbox(session, "announcement"))


@pytest.mark.threat(4)
def test_two_runners_at_once_write_to_each_once(committed, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(jobs, "BATCH", 3)
    with transaction() as session:
        now = clock.now(session)
        event = make_open_event(session, add_organiser(session).id)
        for _ in range(12):
            make_registration(session, event)
        for _ in range(2):
            made = actions.add_announcement(
                session, ACTOR, event, {"title": "News", "texts": TEXTS}, now=now
            )
            actions.transition_announcement(session, ACTOR, event, made, "sending", now=now)

    def run_job() -> None:
        with committed.app_context():
            jobs.announce()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(run_job) for _ in range(4)]:
            done.result()
    jobs.announce()
    assert written() == 24
