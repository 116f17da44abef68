"""api.md §1 "Unknown", "PATCH"; §2 field errors; §14 open query schemas."""

from __future__ import annotations

import copy
import pickle

import pytest
from marshmallow import EXCLUDE, ValidationError, fields, validate, validates_schema
from webargs.multidictproxy import MultiDictProxy
from werkzeug.datastructures import MultiDict

from eventsvc.core import text
from eventsvc.core.text import (
    Body,
    Choice,
    Coded,
    Instant,
    Integer,
    ListOf,
    Part,
    Patch,
    Query,
    QueryChoice,
    QueryInteger,
    Slug,
    Text,
    field_errors,
    invalid,
    parameter_refusal,
    refuse,
)


class StopBody(Body):
    name = Text(required=True)
    minutes = Integer()


class VisitBody(Body):
    title = Text(max_length=50, required=True)
    mode = Choice(["bus", "foot"], load_default="bus", allow_none=True)
    starts_at = Instant(allow_none=True)
    ends_at = Instant()
    start = Part(StopBody, allow_none=True)
    stops = ListOf(Part(StopBody), 4)
    tags = ListOf(Slug(), 5, min_items=1, unique=True, allow_none=True)
    created_at = Instant(dump_only=True)
    guide = Text(dump_only=True)

    @validates_schema
    def _in_order(self, visit, **kwargs):
        if visit.get("starts_at") and visit.get("ends_at", visit["starts_at"]) < visit["starts_at"]:
            raise refuse("before-start", "It ends before it starts", "ends_at")


class VisitPatch(Patch, VisitBody):
    pass


class VisitQuery(Query):
    limit = QueryInteger(minimum=1, maximum=200, load_default=50)
    state = ListOf(QueryChoice(["planned", "confirmed"]), 2)


def errors_of(schema, body, **options):
    with pytest.raises(ValidationError) as refusal:
        schema().load(body, **options)
    return [(e.pointer, e.code) for e in field_errors(refusal.value.messages)]


def test_all_field_errors_come_at_once_with_pointers_into_the_body():
    body = {
        "zz": 1,
        "a/~b": 1,
        "id": "x",
        "mode": "boat",
        "starts_at": "2027-05-05T09:00:00",
        "start": {"minutes": True, "version": 1},
        "stops": [{"name": "a"}, {}, 3, {"name": None}],
        "tags": ["a", "A", "a"],
        "guide": "x",
    }
    assert errors_of(VisitBody, body) == [
        ("/title", "required"),
        ("/mode", "not-a-choice"),
        ("/starts_at", "offset-missing"),
        ("/start/name", "required"),
        ("/start/minutes", "invalid-type"),
        ("/stops/1/name", "required"),
        ("/stops/2", "invalid-type"),
        ("/stops/3/name", "null-not-allowed"),
        ("/tags/1", "invalid-slug"),
        ("/tags/2", "duplicate-item"),
        ("/a~1~0b", "unknown-field"),
        ("/guide", "read-only-field"),
        ("/id", "read-only-field"),
        ("/start/version", "read-only-field"),
        ("/zz", "unknown-field"),
    ]


@pytest.mark.threat(8)
@pytest.mark.parametrize("name", sorted(text.SERVER_SET))
@pytest.mark.parametrize("schema", [VisitBody, VisitPatch])
def test_row_8_each_server_set_field_is_refused(schema, name):
    assert errors_of(schema, {"title": "a", name: 1}) == [(f"/{name}", "read-only-field")]


def test_a_schema_may_take_or_guard_other_names():
    class EventBody(Body):
        server_set = frozenset({"code"})
        organiser_id = text.Id()

    organiser = "0b9c2f4e-7a51-4c1e-9a43-3f1d2b6c8e90"
    assert EventBody().load({"organiser_id": organiser}) == {"organiser_id": organiser}
    assert errors_of(EventBody, {"code": 1}) == [("/code", "read-only-field")]
    assert errors_of(EventBody, {"state": 1}) == [("/state", "unknown-field")]
    many = [{}, {"code": 1}]
    assert errors_of(EventBody, many, many=True) == [("/1/code", "read-only-field")]


@pytest.mark.parametrize("body", [None, [], [1], "x", 5, True])
def test_a_body_is_an_object(body):
    assert errors_of(VisitBody, body) == [("", "invalid-type")]


def test_a_rule_of_the_schema_points_at_its_field():
    body = {
        "title": "a",
        "starts_at": "2027-05-05T09:00:00Z",
        "ends_at": "2027-05-05T08:00:00Z",
    }
    with pytest.raises(ValidationError) as refusal:
        VisitBody().load(body)
    (error,) = invalid(refusal.value).errors
    assert (error.pointer, error.code) == ("/ends_at", "before-start")
    assert error.detail == "It ends before it starts"


def test_a_patch_answers_only_what_was_sent():
    assert VisitPatch().load({}) == {}
    assert VisitPatch().load({"starts_at": None, "start": {"minutes": 5}}) == {
        "starts_at": None,
        "start": {"minutes": 5},
    }
    assert VisitPatch().load({"tags": None}) == {"tags": None}


def test_a_patch_clears_only_what_may_be_empty_and_replaces_lists_whole():
    assert errors_of(VisitPatch, {"title": None, "stops": [{"minutes": 1}]}) == [
        ("/title", "null-not-allowed"),
        ("/stops/0/name", "required"),
    ]


def test_lists_have_limits():
    stop = {"name": "a"}
    assert errors_of(VisitBody, {"title": "a", "stops": [stop] * 5, "tags": []}) == [
        ("/stops", "too-many"),
        ("/tags", "too-few"),
    ]
    assert errors_of(VisitBody, {"title": "a", "stops": stop}) == [("/stops", "invalid-type")]


def test_no_caller_can_open_a_closed_schema():
    assert errors_of(VisitBody, {"title": "a", "zz": 1}, unknown=EXCLUDE)
    assert errors_of(VisitQuery, {"zz": "1"}, unknown=EXCLUDE) == [("/zz", "unknown-parameter")]


def test_queries_read_plain_and_multiple_mappings():
    pairs = MultiDict([("limit", "5"), ("state", "planned"), ("state", "confirmed")])
    expected = {"limit": 5, "state": ["planned", "confirmed"]}
    assert VisitQuery().load(pairs) == expected
    assert VisitQuery().load(MultiDictProxy(pairs, VisitQuery())) == expected
    assert VisitQuery().load({"limit": "5", "state": ["planned", "confirmed"]}) == expected
    assert VisitQuery().load(MultiDict()) == {"limit": 50}


@pytest.mark.parametrize(
    ("pairs", "code", "errors"),
    [
        ([("limit", "5"), ("limit", "5")], "malformed-request", [("limit", "repeated-parameter")]),
        ([("limit", "0")], "malformed-request", [("limit", "out-of-range")]),
        (
            [("zz", "1"), ("limit", "+5")],
            "unknown-parameter",
            [("limit", "invalid-number"), ("zz", "unknown-parameter")],
        ),
        ([("state", "x")], "malformed-request", [("state", "not-a-choice")]),
    ],
)
def test_an_odd_query_is_a_malformed_request(pairs, code, errors):
    with pytest.raises(ValidationError) as refusal:
        VisitQuery().load(MultiDict(pairs))
    answer = parameter_refusal(refusal.value.messages)
    assert answer.code == code
    assert [(e["parameter"], e["code"]) for e in answer.members["errors"]] == errors


def test_messages_of_plain_marshmallow_fields_have_codes_too():
    class Plain(Body):
        number = fields.Integer(strict=True, validate=validate.Range(1, 5))
        word = fields.String(validate=validate.Length(max=2))
        choice = fields.String(validate=validate.OneOf(["a"]))
        missing = fields.Raw(required=True)
        empty = fields.Raw()

    body = {"number": 9, "word": "abc", "choice": "b", "empty": None}
    assert errors_of(Plain, body) == [
        ("/number", "out-of-range"),
        ("/word", "too-long"),
        ("/choice", "not-a-choice"),
        ("/missing", "required"),
        ("/empty", "null-not-allowed"),
    ]
    assert [e.code for e in field_errors(["odd"], "/x")] == ["invalid-value"]


def test_hostile_names_give_harmless_pointers():
    hostile = {"\ud800" + "x" * 5000: 1} | {f"n{n}": 1 for n in range(5000)}
    errors = errors_of(VisitPatch, hostile)
    assert len(errors) == 1000
    assert all(len(pointer.encode()) < 150 for pointer, _ in errors)


def test_a_coded_message_can_be_copied():
    message = Coded("too-long", "At most 5 characters")
    for twin in (copy.deepcopy(message), pickle.loads(pickle.dumps(message))):  # noqa: S301
        assert (twin, twin.code) == (message, "too-long")
