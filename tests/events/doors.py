"""Addresses and readings that the tests of doors share."""

from __future__ import annotations

EVENTS, SERIES = "/api/v1/events", "/api/v1/series"
SPAN = {
    "timezone": "Europe/Berlin",
    "starts_at": "2027-05-05T09:00:00+02:00",
    "ends_at": "2027-05-06T17:00:00+02:00",
}


def errors(answer) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.json
    return [(error["pointer"], error["code"]) for error in answer.json["errors"]]
