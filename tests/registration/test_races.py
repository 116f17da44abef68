"""Races over places, with real commits (security.md rows 1 and 4)."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from threading import Event as Signal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.accounts import actions as accounts
from eventsvc.bookings.queries import broken_invariants
from eventsvc.core import clock
from eventsvc.core.rights import system
from eventsvc.core.transactions import transaction
from eventsvc.events.models import Event
from eventsvc.facts.models import FactRow
from eventsvc.registration import actions
from eventsvc.registration.actions import seats
from eventsvc.registration.jobs import expire_offers
from eventsvc.registration.models import Registration
from tests.conftest import add_organiser
from tests.factories.registration import make_open_event, make_registration, person

pytestmark = pytest.mark.commits


def prepare(**values: Any) -> tuple[str, str, dict[str, str]]:
    """A committed open event: its id, its public path, and a manager's headers."""
    with transaction() as session:
        now = clock.now(session)
        organiser = add_organiser(session)
        event = make_open_event(session, organiser.id, now=now, **values)
        _, token = accounts.create_token(
            session,
            system("test"),
            name="race",
            role="event-manager",
            organiser_id=organiser.id,
            now=now,
        )
        path = f"/api/v1/public/events/-/{event.slug}/registrations"
        return event.id, path, {"Authorization": f"Bearer {token}"}


def at_once(app: Flask, calls: list[tuple[str, dict[str, Any], dict[str, str]]]) -> list[Any]:
    """POST all of them at one moment, each in a thread of its own.

    Whoever finds the lock taken for five seconds (a loaded machine) is answered 503 and calls
    again, as api.md §9.6 asks of callers.
    """
    start = Barrier(len(calls))

    def call(path: str, body: dict[str, Any], headers: dict[str, str]) -> Any:
        start.wait(timeout=30)
        for _ in range(5):
            answer = app.test_client().post(path, json=body, headers=headers)
            if answer.status_code != 503:
                break
            assert answer.headers["Retry-After"]
        return answer

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(lambda one: call(*one), calls))


def rows(session: Session, event_id: str) -> list[Registration]:
    wanted = select(Registration).where(Registration.event_id == event_id)
    return list(session.scalars(wanted.order_by(Registration.sequence)))


@pytest.mark.threat(1)
@pytest.mark.parametrize("door", ["staff", "public"])
def test_50_parallel_for_10_places_give_10_confirmed_and_40_in_order(
    committed: Flask, door: str
) -> None:
    event_id, public_path, headers = prepare(capacity=10)
    path = f"/api/v1/events/{event_id}/registrations" if door == "staff" else public_path
    sent = headers if door == "staff" else {}
    answers = at_once(committed, [(path, person(), sent) for _ in range(50)])
    expected = 201 if door == "staff" else 202
    assert Counter(answer.status_code for answer in answers) == {expected: 50}
    with transaction(write=False) as session:
        made = rows(session, event_id)
        assert [row.state for row in made] == ["confirmed"] * 10 + ["waitlisted"] * 40
        assert [row.sequence for row in made] == list(range(1, 51))
        assert broken_invariants(session) == []
        items = committed.test_client().get(
            f"/api/v1/events/{event_id}/waiting-list?limit=200", headers=headers
        )
        ranks = [item["waitlist_position"] for item in items.json["items"]]
        assert ranks == list(range(1, 41))


@pytest.mark.threat(1)
def test_cancel_storm_promotes_exactly_the_first_k_once_each(committed: Flask) -> None:
    event_id, _, headers = prepare(capacity=10)
    with transaction() as session:
        event = session.get_one(Event, event_id)
        made = [make_registration(session, event, now=clock.now(session)).id for _ in range(30)]
    path = f"/api/v1/events/{event_id}/registrations/%s/transitions"
    calls = [(path % one, {"to": "cancelled"}, headers) for one in made[:10]]
    answers = at_once(committed, calls)
    assert [answer.status_code for answer in answers] == [200] * 10
    with transaction(write=False) as session:
        state = {row.id: (row.state, row.promotions) for row in rows(session, event_id)}
        assert [state[one] for one in made[10:20]] == [("confirmed", 1)] * 10
        assert [state[one] for one in made[20:]] == [("waitlisted", 0)] * 10
        promoted = select(FactRow.subject_id).where(FactRow.kind == "registration.promoted")
        assert sorted(session.scalars(promoted)) == sorted(made[10:20])
        assert broken_invariants(session) == []


@pytest.mark.threat(4)
def test_mixed_storm_of_cancels_newcomers_promotions_and_the_clock_keeps_every_rule(
    committed: Flask,
) -> None:
    event_id, public_path, headers = prepare(capacity=5)
    with transaction() as session:
        event = session.get_one(Event, event_id)
        made = [make_registration(session, event, now=clock.now(session)).id for _ in range(15)]
    path = f"/api/v1/events/{event_id}"
    calls = [
        (f"{path}/registrations/{one}/transitions", {"to": "cancelled"}, headers)
        for one in made[:4]
    ]
    calls += [(public_path, person(), {}) for _ in range(4)]
    calls += [(f"{path}/waiting-list/promote", {}, headers) for _ in range(4)]

    def tick() -> None:
        with committed.app_context():
            expire_offers()

    with ThreadPoolExecutor(2) as clockwork:
        ticks = [clockwork.submit(tick) for _ in range(2)]
        answers = at_once(committed, calls)
        assert [one.result() for one in ticks] == [None, None]
    assert {answer.status_code for answer in answers} <= {200, 202, 409}
    with transaction(write=False) as session:
        found = rows(session, event_id)
        assert Counter(row.state for row in found)["confirmed"] == 5
        assert [row.state for row in found if row.id in made[4:9]] == ["confirmed"] * 5
        assert all(row.promotions <= 1 for row in found)
        assert broken_invariants(session) == []


def test_one_address_at_once_is_registered_once(committed: Flask) -> None:
    event_id, public_path, headers = prepare(capacity=10)
    path = f"/api/v1/events/{event_id}/registrations"
    body = person()
    spelled = {**body, "email": body["email"].upper()}
    answers = at_once(committed, [(path, one, headers) for one in [body, spelled] * 5])
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 9}
    assert {a.json["code"] for a in answers if a.status_code == 409} == {"already-registered"}
    public = at_once(committed, [(public_path, body, {}) for _ in range(5)])
    assert {answer.status_code for answer in public} == {202}
    with transaction(write=False) as session:
        assert len(rows(session, event_id)) == 1


@pytest.mark.threat(1)
@pytest.mark.parametrize("locked", [True, False])
def test_the_lock_is_what_prevents_overselling(
    committed: Flask, backend: str, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    """Two deciders meet after counting; without the lock both see the one place free."""
    if backend == "sqlite" and not locked:
        pytest.skip("SQLite has no row lock to remove: BEGIN IMMEDIATE holds the whole database")
    event_id, _, _ = prepare(capacity=1)
    meeting, first_done, decide = Barrier(2), Signal(), seats.decide

    def decide_and_meet(*args: Any, **options: Any) -> str:
        seat = decide(*args, **options)
        with suppress(BrokenBarrierError):
            if meeting.wait(timeout=1) == 1:
                first_done.wait(timeout=5)
        return seat

    def lock_nothing(session: Session, event_id: str) -> Event:
        return session.scalars(select(Event).where(Event.id == event_id)).one()

    monkeypatch.setattr(seats, "decide", decide_and_meet)
    if not locked:
        monkeypatch.setattr("eventsvc.events.queries.lock_event", lock_nothing)

    def register(body: dict[str, Any]) -> str:
        with committed.app_context(), transaction() as session:
            now = clock.now(session)
            state = actions.register(session, system("test"), event_id, body, now=now).state
        first_done.set()
        return state

    with ThreadPoolExecutor(2) as pool:
        given = sorted(pool.map(register, [person(), person()]))
    with transaction(write=False) as session:
        oversold = any(one.startswith("9.1") for one in broken_invariants(session))
    if locked:
        assert (given, oversold) == (["confirmed", "waitlisted"], False)
    else:
        assert (given, oversold) == (["confirmed", "confirmed"], True)
