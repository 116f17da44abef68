"""Doors of imports: who may send what, and what is answered."""

from __future__ import annotations

import pytest

from eventsvc.core.ids import new_id
from tests.factories.accounts import an_organiser, counted
from tests.factories.events import make_event


def test_taken_with_a_job(send, client, token_for, event):
    taken = send("rooms", "name\nHall")
    assert taken.status_code == 202
    assert taken.headers["Location"] == f"/api/v1/jobs/{taken.json['id']}"
    path = f"/api/v1/events/{event.id}/imports/{taken.json['import_id']}"
    read = client.get(path, headers=token_for()).json
    assert (read["state"], read["kind"], read["file_name"], read["size"]) == (
        "queued", "rooms", "file.csv", 9,
    )  # fmt: skip
    job = client.get(taken.headers["Location"], headers=token_for()).json
    assert (job["kind"], job["event_id"], job["state"]) == ("import", event.id, "queued")


def test_a_key_is_required_and_replays(send, client, token_for, event):
    headers = {**token_for("event-manager"), "Idempotency-Key": "one"}
    first, again = (send("rooms", "name\nHall", headers=headers) for _ in range(2))
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (again.json, again.headers["Location"]) == (first.json, first.headers["Location"])
    bare = client.post(
        f"/api/v1/events/{event.id}/imports", data={"kind": "rooms"},
        headers=token_for("event-manager"), content_type="multipart/form-data",
    )  # fmt: skip
    assert (bare.status_code, bare.json["code"]) == (400, "idempotency-key-required")


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"kind": "guests"}, "/kind", "not-a-choice"),
        ({"format": "json"}, "/format", "not-for-this-kind"),
        ({"mode": "try"}, "/mode", "not-a-choice"),
        ({"match": "replace"}, "/match", "not-a-choice"),
        ({"notify": "yes"}, "/notify", "invalid-boolean"),
        ({"charset": "utf-7"}, "/charset", "not-a-choice"),
        ({"more": "x"}, "/more", "unknown-field"),
        ({"state": "succeeded"}, "/state", "read-only-field"),
    ],
)
def test_odd_fields(send, fields, pointer, code):
    told = {"kind": "rooms", **fields}
    answer = send(told.pop("kind"), "name\nHall", **told)
    assert answer.status_code == 422
    assert [(e["pointer"], e["code"]) for e in answer.json["errors"]] == [(pointer, code)]


@pytest.mark.threat(5)
def test_who_may_import(send, token_for, session, organiser):
    other = token_for(organiser=an_organiser(session))
    own_event = token_for("event-manager", event_id=make_event(session, organiser.id).id)
    for headers, status in (
        ({}, 401),
        (token_for("programme-editor"), 403),
        (token_for("read-only"), 403),
        (token_for("event-manager", scopes=["events:write"]), 403),
        (other, 404),
        (own_event, 404),
    ):
        given = {**headers, "Idempotency-Key": new_id()}
        assert send("rooms", "name\nHall", headers=given).status_code == status


@pytest.mark.threat(5)
def test_a_credential_of_one_event_adds_nothing_to_the_directory(send, token_for, event):
    headers = {**token_for("event-manager", event_id=event.id), "Idempotency-Key": "k"}
    assert send("organisations", "name,kind\nX,cluster", headers=headers).status_code == 403
    assert send("rooms", "name\nHall", headers=headers).status_code == 202


def test_archived_events_take_nothing(send, session, organiser):
    archived = make_event(session, organiser.id, state="archived")
    session.commit()
    answer = send("rooms", "name\nHall", at=archived.id)
    assert (answer.status_code, answer.json["code"]) == (409, "archived")


def test_the_list_costs_the_same_for_many(send, client, token_for, event):
    def listed() -> int:
        with counted() as sent:
            found = client.get(f"/api/v1/events/{event.id}/imports", headers=headers)
        assert found.status_code == 200
        return len(sent)

    headers = token_for("event-manager")
    send("rooms", "name\nHall")
    listed()
    few = listed()
    for number in range(29):
        send("rooms", f"name\nHall {number}")
    assert listed() == few
    path = f"/api/v1/events/{event.id}/imports"
    assert client.get(f"{path}?kind=sessions", headers=headers).json["items"] == []
    query = f"{path}?state=queued&kind=rooms&limit=1&count=true"
    page = client.get(query, headers=headers).json
    assert (len(page["items"]), page["total"]) == (1, 30)
