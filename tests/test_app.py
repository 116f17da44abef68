"""The application as a whole: what is wired, and that its document tells the truth."""

from __future__ import annotations

import re

import pytest
from openapi_spec_validator import validate

from eventsvc import app as house
from eventsvc import jobs
from eventsvc.core.http.declare import declaration
from eventsvc.core.rights import SCOPES

METHODS = {"get", "post", "patch", "put", "delete"}


@pytest.fixture
def document(client):
    return client.get("/api/v1/openapi.json").json


def operations(document):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method in METHODS:
                yield path, method, operation


def test_the_document_validates_as_openapi_3_1(document):
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_every_operation_says_what_it_is(document):
    for path, method, operation in operations(document):
        where = f"{method} {path}"
        assert operation["operationId"], where
        assert operation["summary"].endswith((".", "?")) or operation["summary"], where
        assert operation["tags"], where
        assert "security" in operation or document.get("security"), where


def test_operation_ids_are_unique(document):
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(ids) == len(set(ids))


def test_path_parameters_have_speaking_names_and_ids_are_uuids(document):
    for path, _, operation in operations(document):
        for name in re.findall(r"{(\w+)}", path):
            assert name not in {"id", "e", "o"}, path
        for parameter in operation.get("parameters", ()):
            if parameter.get("in") == "path" and parameter["name"].endswith("_id"):
                assert parameter["schema"]["format"] == "uuid", path


def test_every_refusal_is_a_problem_document(document):
    shared = document["components"].get("responses", {})
    for path, method, operation in operations(document):
        for status, response in operation["responses"].items():
            if not status.startswith(("4", "5")) or (path.endswith(".ics") and status == "410"):
                continue  # an ended calendar address answers without any data (calendar.md rule 31)
            body = shared[response["$ref"].rsplit("/", 1)[1]] if "$ref" in response else response
            assert list(body["content"]) == ["application/problem+json"], (path, method, status)


def test_request_bodies_are_closed(document):
    schemas = document["components"]["schemas"]
    for path, method, operation in operations(document):
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content is None:
            continue
        schema = content["schema"]
        if "$ref" in schema:
            schema = schemas[schema["$ref"].rsplit("/", 1)[1]]
        assert schema.get("additionalProperties") is False, (method, path)


@pytest.mark.threat(5)
def test_every_route_declares_who_may_call_it(app):
    for rule in app.url_map.iter_rules():
        declared = declaration(app.view_functions[rule.endpoint])
        assert declared.judged, rule.rule
        if declared.scope not in {None, "signed-in", "session", "link", "speaker-link"}:
            assert declared.scope in SCOPES, rule.rule


def test_listeners_are_called_with_the_fact_they_are_listed_for():
    for fact, listeners in house.LISTENERS.items():
        for listener in listeners:
            annotation = listener.__annotations__["fact"]
            names = {part.strip() for part in str(annotation).split("|")}
            known = {kind.__name__ for kind in fact.__mro__}
            assert names & known, f"{listener.__module__}.{listener.__name__} hears {fact.__name__}"


def test_every_job_has_a_queue_with_a_worker():
    assert set(jobs.queues().values()) <= {"mail", "plan", "report", "solve"}


def test_hosts_that_are_not_ours_are_refused(client):
    answer = client.get("/api/v1/public/series", headers={"Host": "evil.example"})
    assert answer.status_code == 400
