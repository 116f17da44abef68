"""The doors of site visits, buses and stops (api.md §6, editions.md §5)."""

from __future__ import annotations

import pytest

from tests.agenda.test_api import call, event  # noqa: F401  fixtures
from tests.factories.visits import make_bus, make_stop, make_visit

VISIT = {
    "title": "Steel works",
    "starts_at": "2027-05-07T08:00:00+02:00",
    "ends_at": "2027-05-07T16:00:00+02:00",
    "place": "Linz",
    "place_country": "AT",
    "meeting_point": "Gate 1",
    "capacity": 40,
    "practical": {"shoes": "Sturdy", "photo_ban": True},
    "identity_fields": ["full_name", "nationality"],
}


def test_a_visit_is_an_agenda_item_with_columns_of_its_own(call):  # noqa: F811
    made = call("post", "/site-visits", json=VISIT)
    assert made.status_code == 201, made.json
    assert (made.json["kind"], made.json["type"]) == ("visit", "site_visit")
    assert made.json["starts_at"] == "2027-05-07T08:00:00+02:00"
    assert made.json["practical"] == {"shoes": "Sturdy", "photo_ban": True}
    path = f"/site-visits/{made.json['id']}"
    read = call("get", path)
    assert read.json == made.json
    assert read.headers["ETag"] == '"1"'
    changed = call("patch", path, tag='"1"', json={"meeting_point": "Gate 2"})
    assert changed.headers["ETag"] == '"2"'
    assert changed.json["meeting_point"] == "Gate 2"
    assert call("patch", path, tag='"1"', json={"title": "X"}).status_code == 412
    assert call("get", f"/sessions/{made.json['id']}").status_code == 404
    listed = call("get", "/site-visits?q=steel&expand=speakers").json["items"]
    assert [(one["id"], one["speakers"]) for one in listed] == [(made.json["id"], [])]
    assert call("delete", path, tag='"2"').status_code == 204
    assert call("get", path).status_code == 404


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ends_at": "2027-05-09T17:00:01+02:00"}, "outside-event"),
        ({"starts_at": "2027-05-02T08:59:59+02:00"}, "outside-event"),
        ({"bookable": True, "capacity": None}, "capacity-and-times-missing"),
        ({"bookable": True, "starts_at": None, "ends_at": None}, "capacity-and-times-missing"),
        ({"identity_fields": ["shoe_size"]}, "not-a-choice"),
        ({"host_organisation_id": "00000000-0000-4000-8000-000000000000"}, "unknown-id"),
        ({"type": "panel"}, "unknown-field"),
    ],
)
def test_what_a_visit_cannot_be(call, change, code):  # noqa: F811
    refused = call("post", "/site-visits", json={**VISIT, **change})
    assert refused.status_code == 422
    assert refused.json["errors"][0]["code"] == code


def test_buses_and_stops(call, session, event):  # noqa: F811
    visit = make_visit(session, event)
    session.commit()
    buses = f"/site-visits/{visit.id}/buses"
    bus = call("post", buses, json={"name": "Bus A", "seats": 48, "guide": "Guide"})
    assert (bus.status_code, bus.json["site_visit_id"]) == (201, visit.id)
    stops = f"{buses}/{bus.json['id']}/stops"
    body = {"place": "Station", "leaves_at": "2027-05-05T13:30:00+02:00"}
    stop = call("post", stops, json=body)
    assert (stop.status_code, stop.json["leaves_at"]) == (201, body["leaves_at"])
    late = call("post", stops, json={**body, "leaves_at": "2027-05-05T17:00:00+02:00"})
    assert late.json["errors"][0]["code"] == "outside-visit"
    earlier = {"leaves_at": "2027-05-05T11:00:00Z"}
    moved = call("patch", f"{stops}/{stop.json['id']}", tag='"1"', json=earlier)
    assert moved.json["leaves_at"] == "2027-05-05T13:00:00+02:00"
    shown = call("get", buses).json["items"]
    assert [one["place"] for one in shown[0]["stops"]] == ["Station"]
    fewer = call("patch", f"{buses}/{bus.json['id']}", tag='"1"', json={"seats": 30})
    assert fewer.json["seats"] == 30
    assert call("delete", f"{stops}/{stop.json['id']}", tag='"2"').status_code == 204
    assert call("get", stops).json["items"] == []
    assert call("delete", f"{buses}/{bus.json['id']}", tag='"2"').status_code == 204


def test_a_bus_of_another_visit_is_not_found(call, session, event):  # noqa: F811
    one, other = make_visit(session, event), make_visit(session, event)
    bus = make_bus(session, event, one)
    stop = make_stop(session, event, bus)
    session.commit()
    assert call("get", f"/site-visits/{one.id}/buses/{bus.id}").status_code == 200
    assert call("get", f"/site-visits/{other.id}/buses/{bus.id}").status_code == 404
    wrong = f"/site-visits/{other.id}/buses/{bus.id}/stops/{stop.id}"
    assert call("get", wrong).status_code == 404


def test_steps_of_a_visit(call, session, event):  # noqa: F811
    visit = make_visit(session, event)
    session.commit()
    path = f"/site-visits/{visit.id}/transitions"
    gone = call("post", path, json={"to": "cancelled", "reason": "Storm"})
    assert (gone.json["state"], gone.headers["ETag"]) == ("cancelled", '"2"')
