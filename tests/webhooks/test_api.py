"""Doors: webhook endpoints and their deliveries (api.md §6, §11)."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from eventsvc.audit.models import AuditEntry
from eventsvc.core import outgoing
from eventsvc.webhooks.models import WebhookEndpoint
from tests.factories.accounts import an_organiser, counted
from tests.factories.events import make_event
from tests.webhooks.support import URL, an_endpoint, deliveries, public


@pytest.fixture(autouse=True)
def names() -> Iterator[None]:
    with outgoing.resolving_with(public):
        yield


@pytest.fixture
def where(organiser) -> str:
    return f"/api/v1/organisers/{organiser.id}/webhook-endpoints"


def body_of(answer, status=200):
    assert answer.status_code == status, answer.get_json()
    return answer.get_json()


def add(client, where, headers, **values):
    return body_of(client.post(where, json={"url": URL, **values}, headers=headers), 201)


def test_an_endpoint_is_added_read_changed_and_removed(client, session, where, token_for):
    headers = token_for()
    answer = client.post(where, json={"url": URL, "types": ["event.*"]}, headers=headers)
    made = body_of(answer, 201)
    assert made["secret"].startswith("whsec_")
    own = answer.headers["Location"]
    assert own == f"{where}/{made['id']}"
    read = body_of(client.get(own, headers=headers))
    assert "secret" not in read
    assert read == {key: value for key, value in made.items() if key != "secret"}
    patch = {"description": "Our own system", "types": ["*"]}
    changed = client.patch(own, json=patch, headers={**headers, "If-Match": '"1"'})
    assert body_of(changed)["version"] == 2
    assert client.patch(own, json=patch, headers=headers).status_code == 428
    stale = client.patch(own, json=patch, headers={**headers, "If-Match": '"1"'})
    assert stale.status_code == 412
    assert client.delete(own, headers={**headers, "If-Match": '"2"'}).status_code == 204
    assert client.get(own, headers=headers).status_code == 404
    told = [row.action for row in session.query(AuditEntry).order_by(AuditEntry.seq)]
    assert [one for one in told if one.startswith("webhook")] == [
        "webhook-endpoint.added",
        "webhook-endpoint.changed",
        "webhook-endpoint.removed",
    ]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, ("/url", "required")),
        ({"url": "http://hooks.example.org/"}, ("/url", "not-https")),
        ({"url": "https://127.0.0.1/"}, ("/url", "not-a-host-name")),
        ({"url": "https://hooks.example.org:8443/"}, ("/url", "port-not-allowed")),
        ({"url": URL, "types": ["event"]}, ("/types/0", "not-a-choice")),
        ({"url": URL, "types": []}, ("/types", "too-few")),
        ({"url": URL, "secret": "x"}, ("/secret", "unknown-field")),
        ({"url": URL, "version": 3}, ("/version", "read-only-field")),
    ],
)
def test_what_is_refused(client, where, token_for, body, said):
    answer = body_of(client.post(where, json=body, headers=token_for()), 422)
    assert said in [(one["pointer"], one["code"]) for one in answer["errors"]]


@pytest.mark.threat(16)
def test_a_name_of_the_inside_is_refused_when_it_is_saved(client, where, token_for):
    headers = token_for()
    made = add(client, where, headers)
    with outgoing.resolving_with(lambda _name: ["10.1.2.3"]):
        refused = body_of(client.post(where, json={"url": URL}, headers=headers), 422)
        assert refused["errors"][0]["code"] == "address-not-public"
        patched = client.patch(
            f"{where}/{made['id']}",
            json={"url": "https://other.example.org/"},
            headers={**headers, "If-Match": '"1"'},
        )
        assert patched.status_code == 422


@pytest.mark.threat(17)
def test_the_secret_is_nowhere_in_clear(client, session, where, token_for, backend):
    made = add(client, where, token_for())
    kept = session.execute(text("SELECT secret FROM webhook_endpoints")).scalar_one()
    assert made["secret"] not in kept
    assert made["secret"].removeprefix("whsec_") not in kept


def test_a_new_secret_is_shown_once_and_the_old_one_signs_for_24_hours(
    client, session, where, token_for
):
    headers = token_for()
    made = add(client, where, headers)
    renewed = body_of(client.post(f"{where}/{made['id']}/secret", headers=headers))
    assert renewed["secret"] != made["secret"]
    assert renewed["previous_secret_until"] is not None
    row = session.get(WebhookEndpoint, made["id"])
    assert (row.secret, row.previous_secret) == (renewed["secret"], made["secret"])


def test_a_replay_does_not_show_the_secret_again(client, where, token_for):
    headers = {**token_for(), "Idempotency-Key": "once"}
    first = body_of(client.post(where, json={"url": URL}, headers=headers), 201)
    again = body_of(client.post(where, json={"url": URL}, headers=headers), 201)
    assert first["secret"] is not None
    assert again["secret"] is None
    assert again["id"] == first["id"]


def test_at_most_twenty(client, session, where, organiser, token_for):
    for _ in range(20):
        an_endpoint(session, organiser.id)
    session.commit()
    refused = body_of(client.post(where, json={"url": URL}, headers=token_for()), 409)
    assert refused["code"] == "too-many-endpoints"


@pytest.mark.threat(5)
def test_another_organisers_endpoints_are_not_there(client, session, organiser, token_for):
    other = an_organiser(session)
    mine, _ = an_endpoint(session, organiser.id)
    make_event(session, organiser.id, state="announced")
    delivery = deliveries(session)[0]
    own = token_for()
    theirs = token_for(organiser=other)
    path = f"/api/v1/organisers/{organiser.id}/webhook-endpoints/{mine.id}"
    crossed = f"/api/v1/organisers/{other.id}/webhook-endpoints/{mine.id}"
    tag = {"If-Match": '"1"'}
    for headers, at in ((theirs, path), (theirs, crossed), (own, crossed)):
        assert client.get(at, headers=headers).status_code == 404
        assert (
            client.patch(at, json={"enabled": False}, headers={**headers, **tag}).status_code == 404
        )
        assert client.delete(at, headers={**headers, **tag}).status_code == 404
        assert client.post(f"{at}/secret", headers=headers).status_code == 404
        assert client.get(f"{at}/deliveries", headers=headers).status_code == 404
        again = f"{at}/deliveries/{delivery.id}/redeliver"
        assert client.post(again, headers=headers).status_code == 404


@pytest.mark.parametrize(
    "role", ["event-manager", "programme-editor", "check-in-staff", "read-only"]
)
def test_only_owners_and_administrators(client, where, token_for, role):
    headers = token_for(role)
    assert client.get(where, headers=headers).status_code == 403
    assert client.post(where, json={"url": URL}, headers=headers).status_code == 403


def test_a_credential_of_one_event_sees_none(client, session, organiser, where, token_for):
    event = make_event(session, organiser.id)
    headers = token_for("series-owner", event_id=event.id)
    assert client.get(where, headers=headers).status_code == 403


def test_deliveries_are_listed_newest_first_and_filtered(
    client, session, organiser, where, token_for
):
    endpoint, _ = an_endpoint(session, organiser.id)
    event = make_event(session, organiser.id, state="announced")
    make_event(session, organiser.id, state="announced")
    session.commit()
    headers = token_for()
    path = f"{where}/{endpoint.id}/deliveries"
    listed = body_of(client.get(path, headers=headers))["items"]
    assert [one["type"] for one in listed] == ["event.announced"] * 2
    one = body_of(client.get(f"{path}?event_id={event.id}&state=pending", headers=headers))["items"]
    assert [json.loads(found["body"])["data"] for found in one] == [
        {"id": event.id, "state": "announced"}
    ]
    assert json.loads(one[0]["body"])["id"] == one[0]["id"]
    assert body_of(client.get(f"{path}?type=agenda.published", headers=headers))["items"] == []
    assert client.get(f"{path}?state=odd", headers=headers).status_code == 400


def test_redelivery_keeps_id_and_body_and_counts_anew(client, session, organiser, where, token_for):
    endpoint, _ = an_endpoint(session, organiser.id)
    make_event(session, organiser.id, state="announced")
    delivery = deliveries(session)[0]
    delivery.state, delivery.attempts, delivery.error = "failed", 8, "timeout"
    before = delivery.body
    session.commit()
    path = f"{where}/{endpoint.id}/deliveries/{delivery.id}/redeliver"
    headers = token_for()
    again = body_of(client.post(path, headers=headers))
    assert (again["id"], again["state"], again["attempts"]) == (delivery.id, "pending", 0)
    assert again["body"] == before
    own = f"{where}/{endpoint.id}"
    body_of(client.patch(own, json={"enabled": False}, headers={**headers, "If-Match": '"1"'}))
    refused = body_of(client.post(path, headers=headers), 409)
    assert refused["code"] == "endpoint-disabled"
    session.expire_all()
    assert deliveries(session)[0].state == "cancelled"


def test_a_list_costs_the_same_at_one_and_at_twenty(client, session, organiser, where, token_for):
    headers = token_for()

    def cost(path: str) -> int:
        with counted() as sent:
            body_of(client.get(path, headers=headers))
        return len(sent)

    endpoint, _ = an_endpoint(session, organiser.id)
    make_event(session, organiser.id, state="announced")
    session.commit()
    body_of(client.get(where, headers=headers))  # the first use of a credential is noted
    first = cost(where), cost(f"{where}/{endpoint.id}/deliveries")
    for _ in range(15):
        an_endpoint(session, organiser.id)
    for _ in range(29):
        make_event(session, organiser.id, state="announced")
    session.commit()
    assert (cost(where), cost(f"{where}/{endpoint.id}/deliveries")) == first
