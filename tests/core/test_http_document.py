"""The document is valid, complete and closed (api.md §1), and its pages need no other host."""

from __future__ import annotations

import re

import pytest
from openapi_spec_validator import validate

from tests.core import small_app

CHAIR = "/api/v1/halls/{hall_id}/chairs/{chair_id}"
CHAIRS = "/api/v1/halls/{hall_id}/chairs"


@pytest.fixture
def document(lite) -> dict:
    app, _ = small_app.make(lite)
    answer = app.test_client().get("/api/v1/openapi.json")
    assert answer.content_type == "application/json"
    return answer.json


def operations(document: dict) -> dict[str, dict]:
    return {
        operation["operationId"]: operation
        for path in document["paths"].values()
        for method, operation in path.items()
        if method != "parameters"
    }


def test_the_document_is_valid(document):
    assert document["openapi"] == "3.1.0"
    validate(document)


def test_every_operation_is_told_in_full(document):
    found = operations(document)
    assert len(found) == 18
    for name, operation in found.items():
        assert operation["summary"].endswith("."), name
        assert operation["tags"], name
        assert "security" in operation, name
        assert {"404", "429", "500"} <= set(operation["responses"]), name
        for status, response in operation["responses"].items():
            if status >= "400" and name != "read_health":
                assert response == {"$ref": f"#/components/responses/Problem{status}"}
    for response in document["components"]["responses"].values():
        schema = response["content"]["application/problem+json"]["schema"]
        assert schema == {"$ref": "#/components/schemas/Problem"}


def test_names_summaries_and_longer_text(document):
    add = document["paths"][CHAIRS]["post"]
    assert add["operationId"] == "add_chair"
    assert add["summary"] == "Add a chair."
    assert add["description"] == "It stands at the end."
    assert add["tags"] == ["chairs"]
    assert {"name": "chairs", "description": "Chairs"} in document["tags"]


def test_security_of_public_and_other_operations(document):
    found = operations(document)
    assert found["read_public_hall"]["security"] == []
    assert not {"401", "403"} & set(found["read_public_hall"]["responses"])
    assert found["list_chairs"]["security"] == [{"bearer": []}, {"session": []}]
    assert found["add_chair"]["security"] == [{"bearer": []}, {"session": [], "csrf": []}]
    assert found["list_chairs"]["x-required-scope"] == "agenda:read"


def test_ids_in_paths_are_uuids(document):
    parameters = document["paths"][CHAIR]["parameters"]
    assert {p["name"]: p["schema"]["format"] for p in parameters} == {
        "hall_id": "uuid", "chair_id": "uuid",
    }  # fmt: skip


def test_requests_are_closed_and_answers_open(document):
    schemas = document["components"]["schemas"]
    assert schemas["ChairIn"]["additionalProperties"] is False
    assert schemas["ChairPatch"]["additionalProperties"] is False
    assert "required" not in schemas["ChairPatch"]
    assert "additionalProperties" not in schemas["ChairOut"]
    assert all("maxLength" in schemas["ChairIn"]["properties"][name] for name in ("name",))


def named(operation: dict) -> set[str]:
    refs = (parameter.get("$ref", "") for parameter in operation["parameters"])
    return {ref.rpartition("/")[2] for ref in refs}


def test_headers_and_their_parameters(document):
    found = operations(document)
    assert "IfMatch" in named(found["change_chair"])
    assert {"412", "428"} <= set(found["change_chair"]["responses"])
    assert "IfMatchOptional" in named(found["paint_chair"])
    assert "428" not in found["paint_chair"]["responses"]
    assert "IdempotencyKey" in named(found["add_chair"])
    assert "IdempotencyKeyRequired" in named(found["mint_chair"])
    made = found["add_chair"]["responses"]["201"]["headers"]
    assert {"ETag", "Location", "X-Request-Id", "RateLimit", "Idempotent-Replayed"} <= set(made)
    assert "Link" in found["list_chairs"]["responses"]["200"]["headers"]
    assert "304" in found["read_chair"]["responses"]


def test_queries_and_pages(document):
    listed = operations(document)["list_chairs"]
    by_name = {p["name"]: p for p in listed["parameters"] if "name" in p}
    assert set(by_name) == {"limit", "cursor", "count", "sort", "fields", "expand", "height"}
    assert by_name["height"]["explode"] is True
    assert "name, height" in by_name["sort"]["description"]
    assert by_name["limit"]["schema"]["maximum"] == 200
    page = listed["responses"]["200"]["content"]["application/json"]["schema"]
    assert page["properties"]["items"]["items"] == {"$ref": "#/components/schemas/ChairOut"}


def test_a_view_may_say_more_itself(document):
    health = operations(document)["read_health"]["responses"]
    assert health["503"]["description"] == "Not ready"
    assert "content" not in health["200"]


def test_uploads_and_other_media(document):
    found = operations(document)
    assert set(found["put_photo"]["requestBody"]["content"]) == {"image/png", "image/jpeg"}
    form = found["take_list"]["requestBody"]["content"]
    assert set(form) == {"multipart/form-data"}
    assert set(found["send_list"]["responses"]["200"]["content"]) == {"text/csv; charset=utf-8"}


def test_the_interactive_page_stays_on_this_host(lite):
    app, _ = small_app.make(lite)
    client = app.test_client()
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    assert "'self'" in page.headers["Content-Security-Policy"]
    assert not re.search(r"https?://|//[a-z]", page.text)
    assert not re.search(r"<script>|<style>| on[a-z]+=", page.text)
    for part in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        with client.get(part) as answer:
            assert answer.status_code == 200
            assert answer.content_length
    assert client.get("/api/v1/docs/start.js").text.count("/api/v1/openapi.json") == 1
    for odd in ("index.html", "..%2f__init__.py", "LICENSE"):
        assert client.get(f"/api/v1/docs/{odd}").status_code == 404


def test_the_document_is_sent_once(lite):
    app, _ = small_app.make(lite)
    client = app.test_client()
    tag = client.get("/api/v1/openapi.json").headers["ETag"]
    again = client.get("/api/v1/openapi.json", headers={"If-None-Match": tag})
    assert again.status_code == 304
