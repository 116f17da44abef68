"""The doors of what stands around an event."""

from __future__ import annotations

import pytest

from eventsvc.core.ids import new_id
from tests.conftest import add_organiser
from tests.events.doors import EVENTS, SERIES, errors
from tests.events.test_queries import make_organisation
from tests.factories.events import make_event, make_series, make_venue

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
