"""What the doors of events refuse to take (api.md §2, security.md rows 8, 26)."""

from __future__ import annotations

import pytest

from eventsvc.core.ids import new_id
from tests.events.doors import EVENTS, SPAN, errors


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


BAD_ZONES = (
    "", "utc", "EST5EDT", "EST", "CET", "GMT+1", "UTC+2", "+02:00", "Europe", "Europe/",
    "europe/berlin", "Europe/Atlantis", "../../etc/passwd", "/etc/localtime",
    "Europe/../Europe/Berlin", "posix/Europe/Berlin", "Europe/Berlin ", "Europe/Berlin\x00",
    "<-03>3", 120,
)  # fmt: skip
BAD_INSTANTS = (
    "", "2027-05-05", "2027-05-05T09:00", "2027-05-05T09:00:00", "2027-05-05 09:00:00Z",
    "20270505T090000Z", "2027-W18-3T09:00:00Z", "2027-13-01T00:00:00Z", "2027-02-29T00:00:00Z",
    "2027-05-05T24:00:00Z", "2027-05-05T09:60:00Z", "2027-05-05T09:00:60Z",
    "2027-05-05T09:00:00.5Z", "2027-05-05T09:00:00+25:00", "2027-05-05T09:00:00+0200",
    "1999-12-31T23:59:59Z", "2101-01-01T00:00:00Z", "0001-01-01T00:00:00Z",
    "99999-01-01T00:00:00Z", "-2027-05-05T09:00:00Z", "tomorrow", "٢٠٢٧-05-05T09:00:00Z",
    "2027-05-05T09:00:00Z\n2027", "2027-05-05T09:00:00 Z", 1809766800, 1.5, True, [], {},
    "9" * 500,
)  # fmt: skip


@pytest.mark.parametrize("zone", BAD_ZONES)
def test_odd_zone_names_are_refused(client, admin, zone):
    """security.md row 26."""
    refused = client.post(EVENTS, headers=admin, json={"title": "x", **SPAN, "timezone": zone})
    assert [pointer for pointer, _ in errors(refused)] == ["/timezone"]


@pytest.mark.parametrize("instant", BAD_INSTANTS)
def test_odd_dates_are_refused(client, admin, instant):
    """security.md row 26."""
    refused = client.post(EVENTS, headers=admin, json={"title": "x", **SPAN, "starts_at": instant})
    assert [pointer for pointer, _ in errors(refused)] == ["/starts_at"]


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
