"""Events over HTTP: made, changed, taken from state to state (api.md §1–§7, §10)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from eventsvc.accounts import actions as accounts
from eventsvc.core import clock
from eventsvc.core.rights import system
from eventsvc.core.transactions import transaction
from tests.conftest import add_organiser
from tests.events.doors import EVENTS, SERIES, SPAN, errors
from tests.factories.events import make_event, make_venue


def test_create_answers_location_tag_and_the_zone_of_the_event(client, admin, organiser):
    made = client.post(EVENTS, headers=admin, json={"title": "Heilbronn", **SPAN})
    assert made.status_code == 201
    assert made.headers["Location"] == f"{EVENTS}/{made.json['id']}"
    assert made.headers["ETag"] == '"1"'
    assert made.json["starts_at"] == "2027-05-05T09:00:00+02:00"
    assert (made.json["organiser_id"], made.json["state"]) == (organiser.id, "idea")
    read = client.get(made.headers["Location"], headers=admin)
    assert (read.json, read.headers["ETag"]) == (made.json, '"1"')
    fresh = client.get(
        made.headers["Location"], headers={**admin, "If-None-Match": read.headers["ETag"]}
    )
    assert fresh.status_code == 304


def test_an_edition_of_a_series_has_its_own_address(client, admin):
    series = client.post(SERIES, headers=admin, json={"name": "Clusters meet Regions"}).json
    made = client.post(f"{SERIES}/{series['id']}/events", headers=admin, json={"title": "Palma"})
    assert made.headers["Location"] == f"{EVENTS}/{made.json['id']}"
    assert made.json["series_id"] == series["id"]
    listed = client.get(f"{SERIES}/{series['id']}/events", headers=admin).json["items"]
    assert [one["id"] for one in listed] == [made.json["id"]]


def test_dates_of_a_month_and_of_whole_days(client, admin):
    body = {"title": "H", "month": "2025-04", "not_after": "2025-04-22", "length_days": 2}
    known = client.post(EVENTS, headers=admin, json=body).json
    assert (known["date_precision"], known["starts_at"], known["sort_on"]) == (
        "month", None, "2025-04-22"
    )  # fmt: skip
    body = {"title": "P", "timezone": "Europe/Madrid", "starts_on": "2025-05-14",
            "ends_on": "2025-05-15"}  # fmt: skip
    known = client.post(EVENTS, headers=admin, json=body).json
    assert known["all_day"] is True
    assert known["ends_at"] == "2025-05-16T00:00:00+02:00"
    assert (known["starts_on"], known["ends_on"]) == ("2025-05-14", "2025-05-15")


def test_a_change_needs_the_present_tag(client, admin, event):
    address = f"{EVENTS}/{event.id}"
    assert client.patch(address, headers=admin, json={"title": "x"}).status_code == 428
    stale = {**admin, "If-Match": '"99"'}
    assert client.patch(address, headers=stale, json={"title": "x"}).status_code == 412
    present = {**admin, "If-Match": client.get(address, headers=admin).headers["ETag"]}
    changed = client.patch(address, headers=present, json={"title": "x", "city": None})
    assert (changed.status_code, changed.json["title"], changed.json["city"]) == (200, "x", None)
    assert client.patch(address, headers=present, json={"title": "y"}).status_code == 412
    assert client.delete(address, headers=admin).status_code == 428
    assert client.delete(address, headers={**admin, "If-Match": "*"}).status_code == 204
    assert client.get(address, headers=admin).status_code == 404


def test_a_new_zone_must_say_what_stays(client, admin, event):
    tagged = {**admin, "If-Match": "*"}
    address = f"{EVENTS}/{event.id}"
    refused = client.patch(address, headers=tagged, json={"timezone": "Europe/Helsinki"})
    assert errors(refused) == [("/on_timezone_change", "required")]
    told = {"timezone": "Europe/Helsinki", "on_timezone_change": "keep_wall_time"}
    changed = client.patch(address, headers=tagged, json=told)
    assert changed.json["starts_at"] == "2027-05-05T09:00:00+03:00"


def test_steps_answer_warnings_and_allowed_ways(client, admin, session, event):
    steps = f"{EVENTS}/{event.id}/transitions"
    stepped = client.post(steps, headers=admin, json={"to": "published"})
    assert (stepped.status_code, stepped.json["state"]) == (200, "published")
    assert [one["code"] for one in stepped.json["warnings"]] == ["venue-missing"]
    refused = client.post(steps, headers=admin, json={"to": "archived"})
    assert refused.status_code == 409
    assert (refused.json["code"], refused.json["from"], refused.json["to"]) == (
        "transition-not-allowed", "published", "archived"
    )  # fmt: skip
    assert refused.json["allowed"] == ["draft", "running", "postponed", "cancelled"]
    stale = client.post(steps, headers={**admin, "If-Match": '"1"'}, json={"to": "running"})
    assert stale.status_code == 412
    assert errors(client.post(steps, headers=admin, json={"to": "cancelled"})) == [
        ("/reason", "required")
    ]


def test_an_event_without_days_cannot_be_published(client, admin):
    body = {"title": "H", "month": "2025-04"}
    steps = client.post(EVENTS, headers=admin, json=body).headers["Location"] + "/transitions"
    refused = client.post(steps, headers=admin, json={"to": "published"})
    assert (refused.status_code, refused.json["code"]) == (409, "event-incomplete")
    assert refused.json["missing"] == ["timezone", "starts_at"]
    kept = client.post(steps, headers=admin, json={"to": "completed", "recorded": True})
    assert (kept.status_code, kept.json["recorded"], kept.json["state"]) == (200, True, "completed")


def test_archived_refuses_every_write(client, admin, session, event):
    venue = make_venue(session, event)
    session.commit()
    address = f"{EVENTS}/{event.id}"
    for to in ("cancelled", "archived"):
        client.post(f"{address}/transitions", headers=admin, json={"to": to, "reason": "why"})
    tagged = {**admin, "If-Match": "*"}
    for refused in (
        client.patch(address, headers=tagged, json={"title": "x"}),
        client.delete(address, headers=tagged),
        client.post(f"{address}/key-messages", headers=admin, json={"text": "x"}),
        client.patch(f"{address}/venues/{venue.id}", headers=tagged, json={"name": "x"}),
        client.delete(f"{address}/venues/{venue.id}", headers=tagged),
    ):
        assert (refused.status_code, refused.json["code"]) == (409, "archived")


def test_roles_decide_who_creates_changes_and_archives(client, token_for, event):
    manager, editor = token_for("event-manager"), token_for("programme-editor")
    assert client.post(EVENTS, headers=manager, json={"title": "x"}).status_code == 403
    assert client.post(SERIES, headers=manager, json={"name": "x"}).status_code == 403
    steps = f"{EVENTS}/{event.id}/transitions"
    assert client.post(steps, headers=editor, json={"to": "published"}).status_code == 403
    assert client.post(steps, headers=manager, json={"to": "published"}).status_code == 200
    body = {"to": "cancelled", "reason": "why"}
    assert client.post(steps, headers=manager, json=body).status_code == 200
    assert client.post(steps, headers=manager, json={"to": "archived"}).status_code == 403
    venues = f"{EVENTS}/{event.id}/venues"
    assert client.post(venues, headers=editor, json={"name": "Hall"}).status_code == 201
    messages = f"{EVENTS}/{event.id}/key-messages"
    assert client.post(messages, headers=editor, json={"text": "x"}).status_code == 403


@pytest.mark.commits
def test_of_twenty_changes_with_one_tag_exactly_one_succeeds(committed):
    with transaction() as session:
        organiser = add_organiser(session)
        event_id = make_event(session, organiser.id).id
        _, token = accounts.create_token(
            session, system("test"), name="t", role="organiser-admin",
            organiser_id=organiser.id, now=clock.now(session),
        )  # fmt: skip
    headers = {"Authorization": f"Bearer {token}", "If-Match": '"1"'}

    def change(number: int) -> int:
        client = committed.test_client()
        body = {"title": f"Title {number}"}
        return client.patch(f"{EVENTS}/{event_id}", headers=headers, json=body).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(change, range(20)))
    assert statuses == [200] + [412] * 19
