"""Each row of the table of api.md §2, and the shape of a problem document."""

from __future__ import annotations

import io
import json
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError

from eventsvc.core import errors
from eventsvc.core.db import db
from eventsvc.core.http import problems
from eventsvc.core.http.codes import CODES
from tests.core.small_app import FOREIGN_HALL, HALL, Chair, add_chair_row, bearer

CHAIRS = f"/api/v1/halls/{HALL}/chairs"
ME = "/api/v1/me"
JSON = {"Content-Type": "application/json"}


def post(caller: FlaskClient, raw: bytes, **headers: str):
    length = {"CONTENT_LENGTH": str(len(raw))}
    headers = {**bearer(), **JSON, **headers}
    return caller.post(CHAIRS, data=raw, headers=headers, environ_overrides=length)


def is_problem(response, status: int, code: str) -> dict:
    assert response.status_code == status, response.text
    assert response.content_type == "application/problem+json"
    document = json.loads(response.text)
    assert document["code"] == code
    assert document["status"] == status
    assert document["type"] == f"/problems/{code}"
    assert document["title"] == CODES[code].title if code in CODES else document["title"]
    assert document["instance"] == f"urn:uuid:{response.headers['X-Request-Id']}"
    return document


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"{", b"\xff\xfe", b'{"name": NaN}', b'{"height": Infinity}', b'{"a": 1, "a": 2}',
        b'{"name": ' + b"[" * 33 + b"]" * 33 + b"}", b"[" * 100_000,
        b'{"height": ' + b"9" * 31 + b"}", b'{"height": ' + b"9" * 5000 + b"}",
    ],
)  # fmt: skip
def test_what_is_not_json_is_400(caller, raw):
    is_problem(post(caller, raw), 400, "malformed-json")


@pytest.mark.parametrize("media", ["text/plain", "application/xml", "multipart/form-data", "",
                                   "application/json; charset=latin-1"])  # fmt: skip
def test_another_content_type_is_415(caller, media):
    response = caller.post(CHAIRS, data=b"{}", headers={**bearer(), "Content-Type": media})
    is_problem(response, 415, "unsupported-media-type")


def test_json_may_name_its_charset(caller):
    kind = "application/json; charset=UTF-8"
    assert (
        caller.post(CHAIRS, data=b"[]", headers={**bearer(), "Content-Type": kind}).status_code
        == 422
    )


@pytest.mark.parametrize(
    ("accept", "status"),
    [("text/html", 406), ("application/json;q=0", 406), ("*/*", 200), ("application/*", 200),
     ("text/html, application/json;q=0.1", 200), ("", 200)],
)  # fmt: skip
def test_accept_that_excludes_json_is_406(caller, accept, status):
    response = caller.get(ME, headers=bearer(Accept=accept))
    assert response.status_code == status
    if status == 406:
        is_problem(response, 406, "not-acceptable")


def test_a_large_body_is_413_before_it_is_read(caller):
    headers = {**bearer(), **JSON}
    environ = {"CONTENT_LENGTH": str(1024 * 1024 + 1), "wsgi.input": io.BytesIO()}
    response = caller.post(CHAIRS, headers=headers, environ_overrides=environ)
    is_problem(response, 413, "body-too-large")
    photo = f"{CHAIRS}/{uuid.uuid4()}/photo"
    content = b"x" * (1024 * 1024 + 1)
    kind = {**bearer(), "Content-Type": "image/png"}
    assert caller.put(photo, data=content, headers=kind).status_code == 204
    is_problem(caller.put(photo, data=content * 2, headers=kind), 413, "body-too-large")


def test_a_body_without_length_is_411(caller):
    environ = {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}
    response = caller.post(CHAIRS, headers={**bearer(), **JSON}, environ_overrides=environ)
    is_problem(response, 411, "length-required")


def test_a_body_shorter_than_announced_is_400(caller):
    environ = {"CONTENT_LENGTH": "50", "wsgi.input": io.BytesIO(b'{"name": "a"}')}
    response = caller.post(CHAIRS, headers={**bearer(), **JSON}, environ_overrides=environ)
    is_problem(response, 400, "malformed-request")


@pytest.mark.parametrize("length", ["-1", "1_0", "+5", "zero", "٥"])
def test_a_length_that_is_no_number_is_400(caller, length):
    environ = {"CONTENT_LENGTH": length, "wsgi.input": io.BytesIO(b"{}")}
    response = caller.post(CHAIRS, headers={**bearer(), **JSON}, environ_overrides=environ)
    is_problem(response, 400, "malformed-request")


def test_an_encoded_body_is_415(caller):
    is_problem(post(caller, b"{}", **{"Content-Encoding": "gzip"}), 415, "unsupported-media-type")


@pytest.mark.parametrize("height", ["5", 5.0, True, [5], {"a": 5}, 301])
def test_a_wrong_json_type_is_422(caller, height):
    document = is_problem(
        caller.post(CHAIRS, json={"name": "a", "height": height}, headers=bearer()),
        422, "validation-failed",
    )  # fmt: skip
    assert [error["pointer"] for error in document["errors"]] == ["/height"]


def test_all_field_errors_come_at_once(caller):
    body = {"height": "x", "owner": 1, "id": "1", "version": 2, "a/b~c": 3}
    document = is_problem(
        caller.post(CHAIRS, json=body, headers=bearer()), 422, "validation-failed"
    )
    assert document["detail"] == "6 fields are invalid"
    found = {error["pointer"]: error["code"] for error in document["errors"]}
    assert found == {
        "/name": "required", "/height": "invalid-type", "/owner": "unknown-field",
        "/id": "read-only-field", "/version": "read-only-field", "/a~1b~0c": "unknown-field",
    }  # fmt: skip


@pytest.mark.parametrize("body", [b"[]", b'"a"', b"null", b"7"])
def test_a_body_that_is_no_object_is_422(caller, body):
    is_problem(post(caller, body), 422, "validation-failed")


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=201", "limit=+5", "limit=1_0", "limit=٥", "limit=", "limit=5&limit=6",
     "sort=hue", "sort=name,name", "fields=hue", "expand=hue", "count=1", "cursor=%00"],
)  # fmt: skip
def test_an_odd_parameter_is_400(caller, query):
    document = is_problem(
        caller.get(f"{CHAIRS}?{query}", headers=bearer()), 400, "malformed-request"
    )
    assert document["errors"][0]["parameter"] == query.partition("=")[0]


@pytest.mark.parametrize(
    ("query", "code"),
    [("foo=1", "unknown-parameter"), ("cursor=abc", "bad-cursor"), ("cursor=*", "bad-cursor")],
)
def test_an_unknown_parameter_or_cursor_is_400(caller, query, code):
    document = is_problem(caller.get(f"{CHAIRS}?{query}", headers=bearer()), 400, code)
    assert document["errors"][0]["parameter"] == query.partition("=")[0]


def test_a_query_where_none_is_taken_is_400(caller):
    is_problem(caller.get(f"{ME}?a=1", headers=bearer()), 400, "unknown-parameter")
    is_problem(caller.post(f"{CHAIRS}?a=1", json={"name": "a"}, headers=bearer()), 400,
               "unknown-parameter")  # fmt: skip


@pytest.mark.threat(6)
def test_missing_foreign_and_malformed_are_one_answer(small, caller):
    """security.md row 6: existence is not told."""
    chair = add_chair_row(small)
    answers = []
    for path in (
        f"{CHAIRS}/{uuid.uuid4()}",
        f"/api/v1/halls/{FOREIGN_HALL}/chairs/{chair}",
        f"{CHAIRS}/7",
        f"{CHAIRS}/{chair.upper()}",
        f"/api/v1/halls/x%00y/chairs/{chair}",
        f"{CHAIRS}/{{{chair}}}",
        "/api/v1/nowhere",
    ):
        document = is_problem(caller.get(path, headers=bearer()), 404, "not-found")
        del document["instance"]
        answers.append(document)
    assert all(answer == answers[0] for answer in answers)


@pytest.mark.parametrize("given", [None, "Bearer nobody", "Basic manager", "manager", "Bearer "])
def test_no_or_bad_credentials_are_401(caller, given):
    response = caller.get(ME, headers={"Authorization": given} if given else {})
    is_problem(response, 401, "unauthenticated")
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_a_missing_scope_is_403_and_named(caller):
    response = caller.post(CHAIRS, json={"name": "a"}, headers=bearer("reader"))
    assert is_problem(response, 403, "forbidden")["required_scope"] == "agenda:write"


def test_a_link_opens_only_doors_for_links(caller):
    seat = "/api/v1/my/seat"
    assert caller.get(seat, headers=bearer("guest")).json == {"subject": "r-1"}
    assert (
        is_problem(caller.get(seat, headers=bearer()), 403, "forbidden")["required_scope"] == "link"
    )
    is_problem(caller.get(ME, headers=bearer("guest")), 403, "forbidden")
    is_problem(caller.get(CHAIRS, headers=bearer("guest")), 403, "forbidden")


def test_a_conflict_has_its_own_code_and_names_the_others(caller):
    response = caller.post(CHAIRS, json={"name": "taken"}, headers=bearer())
    assert is_problem(response, 409, "name-taken")["conflicts_with"] == ["x"]


def test_a_unique_constraint_nobody_translated_is_409(small, caller):
    add_chair_row(small, "throne")
    response = caller.post(CHAIRS, json={"name": "throne"}, headers=bearer())
    assert "throne" not in json.dumps(is_problem(response, 409, "conflict"))


@pytest.mark.parametrize("path", [CHAIRS, "/api/v1/openapi.json"])
def test_another_method_is_405_with_allow(caller, path):
    response = caller.put(path, headers=bearer())
    is_problem(response, 405, "method-not-allowed")
    assert {"GET", "HEAD", "OPTIONS"} <= set(response.headers["Allow"].split(", "))


def test_a_defect_is_500_and_tells_nothing(caller):
    document = is_problem(caller.get("/api/v1/boom"), 500, "internal-error")
    assert set(document) == {"type", "title", "status", "code", "instance"}


def test_a_lock_that_is_not_free_is_503(small: Flask, caller, monkeypatch):
    """On both databases a wait for a lock ends as 503 with Retry-After, never 500."""
    monkeypatch.setattr("eventsvc.core.transactions.LOCK_WAIT_MS", 100)
    chair = add_chair_row(small)
    with small.app_context():
        options = {"sqlite_begin": "IMMEDIATE"}
        with db.engine.connect().execution_options(**options) as holder:
            holder.execute(update(Chair).values(height=1))
            headers = bearer(If_Match='"1"')
            response = caller.patch(f"{CHAIRS}/{chair}", json={"height": 2}, headers=headers)
            holder.rollback()
    is_problem(response, 503, "unavailable")
    assert int(response.headers["Retry-After"]) > 0


class LostServerError(Exception):
    """An error of a driver whose server does not answer."""


@pytest.mark.parametrize(
    ("error", "status"),
    [(OperationalError("SELECT", {}, LostServerError("host evt_secret")), 503),
     (StaleDataError("x"), 412), (errors.RateLimited(12), 429),
     (errors.PreconditionRequired(), 428),
     (KeyError("evt_secret"), 500)],
)  # fmt: skip
def test_what_the_database_or_a_rule_says_finds_its_status(small, error, status):
    with small.test_request_context("/"):
        response = problems.answer(error)
    assert response.status_code == status
    assert b"secret" not in response.get_data()
    if status == 429:
        assert response.headers["Retry-After"] == "12"
        assert json.loads(response.get_data())["retry_after"] == 12


@pytest.mark.parametrize("code", sorted(CODES))
def test_each_type_leads_to_a_page(caller, code):
    response = caller.get(f"/problems/{code}")
    assert response.status_code == 200
    assert CODES[code].title.replace("'", "&#x27;") in response.text


def test_codes_of_rooms_have_a_page_and_nonsense_has_none(caller):
    assert "409" in caller.get("/problems/room-in-use").text
    for nonsense in ("<script>", "A", "a--b", "x" * 100):
        assert caller.get(f"/problems/{nonsense}").status_code == 404
