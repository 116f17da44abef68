"""Examples are made from schemas: what can be sent, and all of what is answered."""

from __future__ import annotations

from http import HTTPStatus

import pytest

from eventsvc.core.http.document import PROBLEM_STATUSES
from eventsvc.core.http.examples import answer_example, problem_example, request_example

TEXT = {"type": "string", "maxLength": 20}
SCHEMAS = {
    "StopBody": {"properties": {"place": TEXT, "note": TEXT}, "required": ["place"]},
    "VisitBody": {
        "properties": {
            "title": {**TEXT, "minLength": 1},
            "starts_at": {"type": "string", "format": "date-time"},
            "kind": {"type": ["string", "null"], "enum": ["bus", "foot", None]},
            "stops": {"type": "array", "items": {"$ref": "#/components/schemas/StopBody"}},
            "seats": {"type": "integer", "minimum": 4},
            "name": TEXT,
            "note": TEXT,
        },
        "required": ["title", "starts_at", "kind", "stops", "seats"],
    },
    "Patch": {
        "properties": {
            "host_id": {"type": "string", "format": "uuid"},
            "step_free": {"type": ["boolean", "null"]},
            "title": TEXT,
        }
    },
    "Loop": {
        "properties": {
            "below": {"type": "array", "items": {"$ref": "#/components/schemas/Loop"}},
            "beside": {"anyOf": [{"$ref": "#/components/schemas/Loop"}, {"type": "null"}]},
            "short": {"type": "string", "maxLength": 9},
            "zone": {"type": "string", "examples": ["Europe/Vienna"]},
            "any": {"type": "object", "additionalProperties": True},
        }
    },
}


def test_a_request_has_what_is_required_and_the_name():
    assert request_example({"$ref": "#/components/schemas/VisitBody"}, SCHEMAS) == {
        "title": "Example title",
        "starts_at": "2027-05-05T09:00:00+02:00",
        "kind": "bus",
        "stops": [{"place": "Example place"}],
        "seats": 4,
        "name": "Example name",
    }


def test_a_patch_changes_its_first_plain_field():
    assert request_example(SCHEMAS["Patch"], SCHEMAS) == {"step_free": False}


def test_an_answer_has_every_field_and_ends():
    made = answer_example(SCHEMAS["Loop"], SCHEMAS)
    assert made["short"] == "Example s"
    assert made["zone"] == "Europe/Vienna"
    assert made["any"] == {}
    assert made["below"][0]["below"] == []
    assert made["beside"]["beside"] is None


@pytest.mark.parametrize("status", PROBLEM_STATUSES)
def test_every_problem_has_an_example(status):
    made = problem_example(status)
    assert made["status"] == status
    assert made["title"]
    assert HTTPStatus(status)
