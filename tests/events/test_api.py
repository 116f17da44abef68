"""The doors of series and events over HTTP (api.md §1–§7, §10)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from eventsvc.accounts import actions as accounts
from eventsvc.core import clock
from eventsvc.core.ids import new_id
from eventsvc.core.rights import system
from eventsvc.core.transactions import transaction
from tests.conftest import add_organiser
from tests.events.test_queries import make_organisation
from tests.factories.events import make_event, make_series, make_venue

EVENTS, SERIES = "/api/v1/events", "/api/v1/series"
SPAN = {
    "timezone": "Europe/Berlin",
    "starts_at": "2027-05-05T09:00:00+02:00",
    "ends_at": "2027-05-06T17:00:00+02:00",
}


def errors(answer) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.json
    return [(error["pointer"], error["code"]) for error in answer.json["errors"]]


@pytest.fixture
def admin(token_for):
    return token_for()


@pytest.fixture
def event(session, organiser):
    made = make_event(session, organiser.id)
    session.commit()
    return made


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


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        ({}, ("/title", "required")),
        ({"title": "x", "starts_at": "2027-05-05T09:00:00"}, ("/starts_at", "offset-missing")),
        ({"title": "x", "owner": "y"}, ("/owner", "unknown-field")),
        ({"title": "x", "timezone": "EST5EDT"}, ("/timezone", "unknown-zone")),
        ({"title": "x", "timezone": "../../etc/passwd"}, ("/timezone", "unknown-zone")),
        ({"title": "x", "starts_at": "1999-12-31T00:00:00Z"}, ("/starts_at", "out-of-range")),
        ({"title": "x", "country": "XX"}, ("/country", "unknown-country")),
        ({"title": "x", "capacity": "5"}, ("/capacity", "invalid-type")),
        ({"title": "x", "parent_id": new_id()}, ("/parent_id", "unknown-event")),
        ({"title": "x", "before_event_id": new_id()}, ("/before_event_id", "unknown-event")),
        ({"title": "x", "organiser_id": new_id()}, ("/organiser_id", "unknown-organiser")),
    ],
)
def test_invalid_fields_are_refused_one_by_one(client, admin, body, refused):
    assert errors(client.post(EVENTS, headers=admin, json=body)) == [refused]


@pytest.mark.parametrize(
    "name",
    ["id", "state", "version", "created_at", "event_id", "series_id", "recorded", "starts_rev",
     "sort_on", "announced_at", "completed_at", "archive", "over_capacity"],
)  # fmt: skip
def test_server_set_fields_are_read_only(client, admin, event, name):
    made = client.post(EVENTS, headers=admin, json={"title": "x", name: None})
    assert errors(made) == [(f"/{name}", "read-only-field")]
    tagged = {**admin, "If-Match": f'"{event.version}"'}
    changed = client.patch(f"{EVENTS}/{event.id}", headers=tagged, json={name: None})
    assert errors(changed) == [(f"/{name}", "read-only-field")]


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


PARTICULARS = {
    "venues": ({"name": "Hall", "latitude": 48.2, "longitude": 16.4}, {"name": "Other"}),
    "figures": ({"metric": "participants", "operator": ">", "value": 120}, {"value": 126}),
    "awards": ({"category": "Manager of the Year", "year": 2022, "laureate_name": "Name"},
               {"note": "x"}),
    "links": ({"kind": "album", "title": "Photo album"}, {"url": "https://example.org/a"}),
    "key-messages": ({"text": "Clusters link policy and firms."}, {"text": "x"}),
}  # fmt: skip


@pytest.mark.parametrize("path", PARTICULARS)
def test_what_stands_around_an_event_is_added_changed_and_removed(
    client, admin, session, event, path
):
    body, change = PARTICULARS[path]
    address = f"{EVENTS}/{event.id}/{path}"
    made = client.post(address, headers=admin, json=body)
    assert made.status_code == 201
    assert made.json.items() >= body.items()
    place = made.headers["Location"]
    assert client.get(place, headers=admin).json == made.json
    changed = client.patch(place, headers={**admin, "If-Match": '"1"'}, json=change)
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    beside = make_event(session, event.organiser_id)
    session.commit()
    under_another = place.replace(event.id, beside.id)
    assert client.get(under_another, headers=admin).status_code == 404
    tagged = {**admin, "If-Match": '"2"'}
    assert client.delete(under_another, headers=tagged).status_code == 404
    assert client.delete(place, headers=tagged).status_code == 204
    assert client.get(address, headers=admin).json["items"] == []


def test_figures_keep_their_operator(client, admin, session, organiser, event):
    series = make_series(session, organiser.id)
    session.commit()
    for owner in (f"{EVENTS}/{event.id}", f"{SERIES}/{series.id}"):
        for operator, value, wanted in ((">", 120, ">120"), ("~", 700, "~700"), ("=", 15, "15")):
            body = {"metric": "m", "operator": operator, "value": value}
            made = client.post(f"{owner}/figures", headers=admin, json=body)
            assert made.json["notation"] == wanted
    refused = client.post(
        f"{EVENTS}/{event.id}/figures", headers=admin, json={**body, "operator": "<="}
    )
    assert errors(refused) == [("/operator", "not-a-choice")]


def test_credit_line_comes_from_the_roles(client, admin, session, organiser, event):
    address = f"{EVENTS}/{event.id}"
    names = {"organiser": "European Cluster Collaboration Platform",
             "on_behalf_of": "European Commission", "host": "Example GmbH"}  # fmt: skip
    for role, name in names.items():
        row = make_organisation(session, organiser.id, name)
        session.commit()
        body = {"organisation_id": row.id, "role": role}
        made = client.post(f"{address}/organisation-roles", headers=admin, json=body)
        assert (made.status_code, made.json["name"]) == (201, name)
    again = client.post(f"{address}/organisation-roles", headers=admin, json=body)
    assert again.json["code"] == "role-taken"
    shown = client.get(f"{address}?expand=organisations", headers=admin)
    assert shown.headers["ETag"].startswith("W/")
    assert shown.json["credit_line"] == (
        "Organised by the European Cluster Collaboration Platform on behalf of the European"
        " Commission, hosted by Example GmbH"
    )


def test_organisations_of_another_directory_cannot_be_named(client, admin, session, event):
    other = add_organiser(session, "other")
    row = make_organisation(session, other.id, "Foreign")
    session.commit()
    body = {"organisation_id": row.id, "role": "host"}
    refused = client.post(f"{EVENTS}/{event.id}/organisation-roles", headers=admin, json=body)
    assert errors(refused) == [("/organisation_id", "unknown-organisation")]


def test_relations_say_whether_they_are_printed(client, admin, session, organiser, event):
    other = make_event(session, organiser.id, title="Palma")
    session.commit()
    address = f"{EVENTS}/{event.id}/relations"
    body = {"other_event_id": other.id, "kind": "next", "basis": "printed", "source": "000"}
    made = client.post(address, headers=admin, json=body)
    assert (made.status_code, made.json["title"]) == (201, "Palma")
    assert client.post(address, headers=admin, json=body).json["code"] == "already-related"
    assert client.get(address, headers=admin).json["items"] == [made.json]
    assert client.delete(made.headers["Location"], headers=admin).status_code == 204


def test_lists_filter_and_count(client, admin, session, organiser):
    series = make_series(session, organiser.id)
    main = make_event(session, organiser.id, title="Main 100%", series_id=series.id, country="BE")
    make_event(session, organiser.id, title="Side", parent_id=main.id, country="ES")
    make_event(session, organiser.id, title="Alone", date_precision="none", state="announced")
    session.commit()

    def titles(query: str) -> list[str]:
        answer = client.get(f"{EVENTS}?{query}", headers=admin)
        assert answer.status_code == 200, answer.json
        return sorted(one["title"] for one in answer.json["items"])

    assert titles("top_level=true") == ["Alone", "Main 100%"]
    assert titles("country=BE&country=ES") == ["Main 100%", "Side"]
    assert titles(f"series_id={series.id}") == ["Main 100%"]
    assert titles("state=announced") == ["Alone"]
    assert titles("q=100%25") == ["Main 100%"]
    assert titles("starts_from=2027-05-05T07:00:00Z&starts_before=2027-05-05T07:00:01Z") == [
        "Main 100%", "Side"
    ]  # fmt: skip
    assert titles("recorded=true") == []
    assert titles(f"parent_id={main.id}") == ["Side"]
    assert client.get(f"{EVENTS}?count=true&limit=1", headers=admin).json["total"] == 3
    for odd in ("colour=red", "state=published&limit=0", "sort=secret", "recorded=1", "q=x"):
        assert client.get(f"{EVENTS}?{odd}", headers=admin).status_code == 400


def test_another_organisers_things_are_not_there(client, token_for, session, event):
    other = add_organiser(session, "other")
    stranger = {**token_for(organiser=other), "If-Match": "*"}
    address = f"{EVENTS}/{event.id}"
    answers = [
        client.get(address, headers=stranger),
        client.patch(address, headers=stranger, json={"title": "x"}),
        client.delete(address, headers=stranger),
        client.post(f"{address}/transitions", headers=stranger, json={"to": "published"}),
        client.post(f"{address}/figures", headers=stranger, json={}),
        client.get(f"{EVENTS}/{new_id()}", headers=stranger),
        client.get(f"{EVENTS}/x", headers=stranger),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert {answer.json["code"] for answer in answers} == {"not-found"}
    assert client.get(EVENTS, headers=stranger).json["items"] == []
    assert client.get(address).status_code == 401


def test_a_copy_takes_settings_places_and_organisations_but_no_dates(
    client, admin, session, organiser, event
):
    host = make_organisation(session, organiser.id, "Host")
    make_venue(session, event, name="Old hall")
    session.commit()
    address = f"{EVENTS}/{event.id}"
    body = {"organisation_id": host.id, "role": "host"}
    client.post(f"{address}/organisation-roles", headers=admin, json=body)
    tagged = {**admin, "If-Match": "*"}
    client.patch(address, headers=tagged, json={"capacity": 80, "languages": ["de"], "edition": 9})
    made = client.post(EVENTS, headers=admin, json={"title": "Next", "copy_from": event.id})
    assert made.status_code == 201, made.json
    assert (made.json["capacity"], made.json["languages"]) == (80, ["de"])
    assert (made.json["date_precision"], made.json["edition"]) == ("none", None)
    place = made.headers["Location"] + "?expand=venues,organisations"
    around = client.get(place, headers=admin).json
    assert [one["name"] for one in around["venues"]] == ["Old hall"]
    assert around["credit_line"] == "Hosted by Host"
    foreign = client.post(EVENTS, headers=admin, json={"title": "Next", "copy_from": new_id()})
    assert errors(foreign) == [("/copy_from", "unknown-event")]


def test_series_are_changed_and_deleted_only_when_empty(client, admin, session, organiser):
    series = make_series(session, organiser.id)
    make_event(session, organiser.id, series_id=series.id)
    empty = make_series(session, organiser.id)
    session.commit()
    tagged = {**admin, "If-Match": "*"}
    body = {"aliases": ["Cluster meet Regions"], "interval_years": 2}
    changed = client.patch(f"{SERIES}/{series.id}", headers=tagged, json=body)
    assert changed.json.items() >= body.items()
    refused = client.delete(f"{SERIES}/{series.id}", headers=tagged)
    assert (refused.status_code, refused.json["code"]) == (409, "series-not-empty")
    assert client.delete(f"{SERIES}/{empty.id}", headers=tagged).status_code == 204


def test_public_pages_may_be_cached_and_show_nothing_internal(client, admin, session, organiser):
    series = make_series(session, organiser.id, slug="cmr")
    body = {"edition_derived": 21, "join_url": "https://example.org/join", "slug": "palma",
            "report_list": ["report@example.org"], "series_id": series.id}  # fmt: skip
    event = make_event(session, organiser.id, **body)
    session.commit()
    address = "/api/v1/public/events/cmr/palma"
    assert client.get(address).status_code == 404
    assert client.get("/api/v1/public/series/cmr").status_code == 404
    client.post(f"{EVENTS}/{event.id}/transitions", headers=admin, json={"to": "announced"})
    shown = client.get(address)
    assert shown.headers["Cache-Control"] == "public, max-age=60"
    assert client.get(address, headers={"If-None-Match": shown.headers["ETag"]}).status_code == 304
    assert shown.json["edition"] is None
    assert not {"edition_derived", "join_url", "report_list", "capacity", "archive"} & set(
        shown.json
    )
    page = client.get("/api/v1/public/series/cmr")
    assert [one["slug"] for one in page.json["events"]] == ["palma"]
    assert [one["slug"] for one in client.get("/api/v1/public/series").json["items"]] == ["cmr"]
    told = {"to": "cancelled", "reason": "why"}
    client.post(f"{EVENTS}/{event.id}/transitions", headers=admin, json=told)
    assert client.get(address).json["state"] == "cancelled"


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
