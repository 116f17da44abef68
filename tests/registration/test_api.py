"""The doors of registrations."""

from __future__ import annotations

import pytest
from sqlalchemy import event as sql_events

from eventsvc.core import clock
from eventsvc.core.db import db
from eventsvc.events.models import Event
from eventsvc.registration.queries import active_with
from tests.factories.registration import link_of, make_open_event, make_registration, person, states

PRIVATE = ("email", "contact_email", "suspicious_email", "note", "answers", "external_id")


@pytest.fixture
def event(session, organiser):
    made = make_open_event(session, organiser.id, capacity=2, now=clock.now(session))
    session.commit()
    return made


@pytest.fixture
def base(event):
    return f"/api/v1/events/{event.id}"


@pytest.fixture
def manager(token_for):
    return token_for("event-manager")


def public_path(event):
    return f"/api/v1/public/events/-/{event.slug}/registrations"


def register(client, base, headers, **values):
    return client.post(f"{base}/registrations", json=person(**values), headers=headers)


def count_queries(call):
    seen = []
    note = lambda *args: seen.append(args[2])  # noqa: E731
    engine = getattr(db.engines[None], "engine", db.engines[None])
    sql_events.listen(engine, "before_cursor_execute", note)
    try:
        call()
    finally:
        sql_events.remove(engine, "before_cursor_execute", note)
    return len(seen)


def test_staff_register_read_change_and_cancel(client, base, manager):
    made = register(client, base, manager, organisation="Example Cluster", country="AT")
    assert made.status_code == 201
    body = made.json
    assert made.headers["Location"] == f"{base}/registrations/{body['id']}"
    assert made.headers["ETag"] == f'"{body["version"]}"'
    assert (body["state"], body["mode"], body["organisation"]) == (
        "confirmed", "on_site", "Example Cluster",
    )  # fmt: skip
    assert len(body["code"]) == 10
    assert body["created_at"].endswith("Z")
    one = made.headers["Location"]
    read = client.get(one, headers=manager)
    assert read.headers["ETag"].startswith('W/"')
    assert client.patch(one, json={"note": "x"}, headers=manager).status_code == 428
    tagged = {**manager, "If-Match": made.headers["ETag"]}
    changed = client.patch(one, json={"name": "Robin Changed"}, headers=tagged)
    assert (changed.status_code, changed.json["name"]) == (200, "Robin Changed")
    assert client.patch(one, json={"note": "x"}, headers=tagged).status_code == 412
    gone = client.post(f"{one}/transitions", json={"to": "cancelled"}, headers=manager)
    assert (gone.status_code, gone.json["state"]) == (200, "cancelled")
    again = client.post(f"{one}/transitions", json={"to": "cancelled"}, headers=manager)
    assert (again.status_code, again.json["allowed"]) == (409, [])


@pytest.mark.threat(8)
@pytest.mark.parametrize("name", ["id", "state", "sequence", "event_id", "waitlist_position"])
def test_row_8_server_set_fields_are_refused(client, base, manager, name):
    answer = register(client, base, manager, **{name: "x"})
    assert answer.status_code == 422
    assert [(e["pointer"], e["code"]) for e in answer.json["errors"]] == [
        (f"/{name}", "read-only-field")
    ]


def test_the_rights_of_each_role(client, base, token_for, event, session):
    made = make_registration(session, event, now=clock.now(session))
    session.commit()
    one = f"{base}/registrations/{made.id}"
    for role, status in [
        ("event-manager", 200), ("check-in-staff", 200), ("read-only", 200),
        ("programme-editor", 403),
    ]:  # fmt: skip
        headers = token_for(role)
        read = client.get(one, headers=headers)
        assert read.status_code == status, role
        seen = set(PRIVATE) & set(read.json)
        assert seen == (set(PRIVATE) if role == "event-manager" else set()), role
        if role != "event-manager":
            refused = register(client, base, headers)
            assert (refused.status_code, refused.json["required_scope"]) == (
                403, "registrations:write",
            )  # fmt: skip
    assert client.get(one).status_code == 401
    foreign = make_open_event(session, event.organiser_id, now=clock.now(session))
    session.commit()
    manager = token_for("event-manager")
    for path in (f"/api/v1/events/{foreign.id}/registrations/{made.id}", f"{base}/registrations/x"):
        assert client.get(path, headers=manager).status_code == 404


def test_q_finds_addresses_only_for_those_who_may_see_them(client, base, token_for, event, session):
    now = clock.now(session)
    make_registration(session, event, email="findme@example.org", name="Kim A", now=now)
    make_registration(session, event, country="AT", organisation="Blue Cluster", now=now)
    session.commit()

    def found(role, query):
        answer = client.get(f"{base}/registrations?{query}", headers=token_for(role))
        assert answer.status_code == 200, answer.json
        return len(answer.json["items"])

    assert found("event-manager", "q=findme") == 1
    assert found("read-only", "q=findme") == 0
    assert found("read-only", "q=kim") == 1
    assert found("read-only", "organisation=blue") == 1
    assert found("read-only", "country=AT&country=DE") == 1
    assert found("read-only", "state=confirmed&mode=on_site&type=guest") == 2
    assert found("read-only", "state=cancelled") == 0
    bad = client.get(f"{base}/registrations?sort=email", headers=token_for("read-only"))
    assert bad.status_code == 400


def test_the_list_costs_the_same_queries_for_one_and_for_many(
    client, base, manager, event, session
):
    path = f"{base}/registrations"
    event.capacity = 0
    session.flush()
    make_registration(session, event, now=clock.now(session))
    session.commit()
    client.get(path, headers=manager)
    one = count_queries(lambda: client.get(path, headers=manager))
    for _ in range(8):
        make_registration(session, event, now=clock.now(session))
    session.commit()
    assert count_queries(lambda: client.get(path, headers=manager)) == one
    waiting = client.get(f"{base}/waiting-list?limit=5&count=true", headers=manager).json
    assert [item["waitlist_position"] for item in waiting["items"]] == [1, 2, 3, 4, 5]
    assert (waiting["total"], waiting["items"][0]["waitlist_length"]) == (9, 9)


def test_promotion_by_hand(client, base, manager, event, session):
    now = clock.now(session)
    made = [make_registration(session, event, now=now) for _ in range(3)]
    session.commit()
    full = client.post(f"{base}/waiting-list/promote", json={}, headers=manager)
    assert (full.status_code, full.json["code"]) == (409, "no-place-free")
    wanted = {"registration_id": made[2].id, "allow_over_capacity": True}
    over = client.post(f"{base}/waiting-list/promote", json=wanted, headers=manager)
    assert (over.status_code, over.json["state"]) == (200, "confirmed")


@pytest.mark.threat(14)
def test_row_14_the_public_gets_one_answer_whatever_becomes_of_it(client, event, session):
    path, same = public_path(event), person()
    waiting = [person() for _ in range(3)]
    answers = [client.post(path, json=body) for body in [same, same, *waiting]]
    assert {answer.status_code for answer in answers} == {202}
    assert {answer.data for answer in answers} == {b'{"status":"received"}'}
    names = [set(dict(answer.headers)) for answer in answers]
    assert all(one == names[0] for one in names)
    assert states(session, event) == ["confirmed"] * 2 + ["waitlisted"] * 2


def test_9_7_closed_is_closed_for_all(client, event, session):
    path, known = public_path(event), person()
    client.post(path, json=known)
    session.get_one(Event, event.id).registration_closes_at = clock.now(session)
    session.commit()
    for body in (known, person()):
        answer = client.post(path, json=body)
        assert (answer.status_code, answer.json["code"]) == (409, "registration-closed")
    assert (
        client.post("/api/v1/public/events/-/nowhere/registrations", json=known).status_code == 404
    )


def test_public_fields_are_closed_and_judged(client, event):
    for body, pointer in [
        ({"name": "A"}, "/email"),
        (person(email="no"), "/email"),
        (person(country="XX"), "/country"),
        (person(mode="online"), "/mode"),
        (person(note="x"), "/note"),
        (person(consents={"photo": "yes"}), "/consents/photo"),
    ]:
        answer = client.post(public_path(event), json=body)
        assert answer.status_code == 422
        assert pointer in [error["pointer"] for error in answer.json["errors"]]


@pytest.mark.threat(15)
@pytest.mark.parametrize("many", [30, pytest.param(1000, marks=pytest.mark.deep)])
def test_row_15_unproved_registrations_change_no_availability(client, event, session, many):
    event.email_proof = True
    session.commit()
    path = f"/api/v1/public/events/-/{event.slug}/availability"
    before = client.get(path).json
    for _ in range(many):
        client.post(public_path(event), json=person())
    assert client.get(path).json == before
    assert set(states(session, event)) == {"pending"}


def test_the_private_link_proves_reads_changes_and_cancels(client, event, session):
    event.email_proof = True
    session.commit()
    client.post(public_path(event), json=person(email="kim@example.org"))
    made = active_with(session, event.id, "kim@example.org")
    link = link_of(session, made, now=clock.now(session))
    for _ in range(2):  # row 10: looking changes nothing
        seen = client.get("/api/v1/my/registration", headers=link)
        assert (seen.status_code, seen.json["state"]) == (200, "pending")
    assert seen.json["email"] == "kim@example.org"
    done = client.post("/api/v1/my/registration/confirm", headers=link)
    assert (done.status_code, done.json["state"]) == (200, "confirmed")
    tagged = {**link, "If-Match": f'"{done.json["version"]}"'}
    changed = client.patch("/api/v1/my/registration", json={"job_title": "Baker"}, headers=tagged)
    assert (changed.status_code, changed.json["job_title"]) == (200, "Baker")
    mine = "/api/v1/my/registration/transitions"
    refused = client.post(mine, json={"to": "attended"}, headers=link)
    assert (refused.status_code, refused.json["allowed"]) == (409, ["cancelled"])
    assert client.post(mine, json={"to": "cancelled"}, headers=link).json["state"] == "cancelled"
    assert client.get(f"/api/v1/events/{event.id}/registrations", headers=link).status_code == 403


def test_a_new_link_ends_the_old_one(client, base, manager, event, session):
    now = clock.now(session)
    made = make_registration(session, event, now=now)
    old = link_of(session, made, now=now)
    path = f"{base}/registrations/{made.id}/link"
    shown = client.post(path, json={"deliver": "return"}, headers=manager)
    assert shown.status_code == 200
    new = {"Authorization": f"Bearer {shown.json['link_token']}"}
    assert client.get("/api/v1/my/registration", headers=old).status_code == 401
    assert client.get("/api/v1/my/registration", headers=new).status_code == 200
    mailed = client.post(path, json={"deliver": "mail"}, headers=manager)
    assert mailed.json == {"delivered": "mail", "link_token": None}


def test_the_replay_of_a_link_call_hides_the_token(client, base, manager, event, session):
    made = make_registration(session, event, now=clock.now(session))
    session.commit()
    headers = {**manager, "Idempotency-Key": "once"}
    path = f"{base}/registrations/{made.id}/link"
    first = client.post(path, json={"deliver": "return"}, headers=headers)
    again = client.post(path, json={"deliver": "return"}, headers=headers)
    assert first.json["link_token"]
    assert again.json == {"delivered": "return", "link_token": None}
