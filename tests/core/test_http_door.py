"""What a door makes of a view: answers, tags, preconditions, order of judgement, headers."""

from __future__ import annotations

import io
import json
import uuid

import pytest
import structlog
from structlog.testing import capture_logs

from tests.core import small_app
from tests.core.small_app import HALL, add_chair_row, bearer

CHAIRS = f"/api/v1/halls/{HALL}/chairs"


def test_create_answers_201_with_location_tag_and_body(caller):
    made = caller.post(CHAIRS, json={"name": " Ärmel "}, headers=bearer())
    assert made.status_code == 201
    assert made.headers["Location"] == f"{CHAIRS}/{made.json['id']}"
    assert made.headers["ETag"] == '"1"'
    assert made.json["name"] == "Ärmel"
    read = caller.get(made.headers["Location"], headers=bearer())
    assert (read.status_code, read.json, read.headers["ETag"]) == (200, made.json, '"1"')


def test_change_and_remove(small, caller):
    chair = f"{CHAIRS}/{add_chair_row(small)}"
    changed = caller.patch(chair, json={"height": None}, headers=bearer(If_Match='"1"'))
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    assert changed.json["height"] is None
    assert changed.json["name"] == "throne"
    assert "Location" not in changed.headers
    removed = caller.delete(chair, headers=bearer(If_Match='"2"'))
    assert (removed.status_code, removed.data) == (204, b"")
    assert "Content-Type" not in removed.headers
    assert caller.get(chair, headers=bearer()).status_code == 404


@pytest.mark.parametrize(
    ("who", "given", "status"),
    [("manager", None, 428), ("manager", '"2"', 412), ("manager", 'W/"1"', 412),
     ("manager", "1", 400), ("manager", '"1', 400), ("manager", "", 400),
     ("manager", '"7", "1"', 200), ("manager", "*", 200), ("editor", "*", 412),
     ("manager", '"01"', 412)],
)  # fmt: skip
def test_if_match(caller, small, who, given, status):
    codes = {428: "precondition-required", 412: "stale-version", 400: "malformed-request"}
    chair = f"{CHAIRS}/{add_chair_row(small)}"
    headers = bearer(who) if given is None else bearer(who, If_Match=given)
    answer = caller.patch(chair, json={"height": 5}, headers=headers)
    assert answer.status_code == status
    if status != 200:
        assert answer.json["code"] == codes[status]
        assert caller.get(chair, headers=bearer()).json["height"] == 90
    if given in ('"2"', "*") and status == 412:
        assert answer.json["current_etag"] == '"1"'


def test_if_match_is_optional_where_declared_so(small, caller):
    paint = f"{CHAIRS}/{add_chair_row(small)}/paint"
    assert caller.post(paint, headers=bearer()).status_code == 200
    assert caller.post(paint, headers=bearer(If_Match='"1"')).status_code == 200
    assert caller.post(paint, headers=bearer(If_Match='"9"')).status_code == 412


def test_a_view_that_forgets_the_precondition_writes_nothing(small, caller):
    chair = f"{CHAIRS}/{add_chair_row(small)}"
    assert caller.put(f"{chair}/careless", headers=bearer(If_Match='"9"')).status_code == 500


def test_a_body_where_none_is_taken(small, caller):
    paint = f"{CHAIRS}/{add_chair_row(small)}/paint"
    assert caller.post(paint, json={}, headers=bearer()).status_code == 200
    odd = caller.post(paint, json={"colour": "red"}, headers=bearer())
    assert odd.json["errors"][0]["code"] == "unknown-field"
    text = caller.post(paint, data="red", headers=bearer(Content_Type="text/plain"))
    assert text.status_code == 415


@pytest.mark.parametrize(
    "given", ['"1"', 'W/"1"', '"7", "1"', "*"],
)  # fmt: skip
def test_if_none_match_is_304(small, caller, given):
    chair = f"{CHAIRS}/{add_chair_row(small)}"
    same = caller.get(chair, headers=bearer(If_None_Match=given))
    assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", '"1"')
    assert caller.get(chair, headers=bearer(If_None_Match='"2"')).status_code == 200


def test_lists_carry_a_weak_tag_and_fields_make_a_weak_one(small, caller):
    add_chair_row(small)
    first = caller.get(CHAIRS, headers=bearer())
    assert first.headers["ETag"].startswith('W/"')
    again = caller.get(CHAIRS, headers=bearer(If_None_Match=first.headers["ETag"]))
    assert again.status_code == 304
    add_chair_row(small, "stool")
    again = caller.get(CHAIRS, headers=bearer(If_None_Match=first.headers["ETag"]))
    assert again.status_code == 200


def test_lists_page_through(small, caller):
    for number in range(5):
        add_chair_row(small, f"chair {number}")
    seen, target = [], f"{CHAIRS}?limit=2&fields=name&count=true&height=90&height=91"
    while target:
        answer = caller.get(target, headers=bearer())
        assert answer.json["total"] == 5
        seen += [item["name"] for item in answer.json["items"]]
        assert all(list(item) == ["id", "name"] for item in answer.json["items"])
        link = answer.headers.get("Link")
        assert (link is None) == (answer.json["next_cursor"] is None)
        target = link and link.removeprefix("<").removesuffix('>; rel="next"')
    assert seen == [f"chair {number}" for number in range(5)]


def test_a_trial_run_answers_and_leaves_nothing(caller):
    trial = caller.post(f"{CHAIRS}?dry_run=true", json={"name": "a"}, headers=bearer())
    assert trial.status_code == 201
    assert caller.get(CHAIRS, headers=bearer()).json["items"] == []


def test_text_goes_out_with_its_own_type(caller):
    sent = caller.get(f"{CHAIRS}/list.csv", headers=bearer())
    assert sent.content_type == "text/csv; charset=utf-8"
    assert sent.data.decode() == "name\r\nÄ\r\n"
    assert sent.headers["Cache-Control"] == "public, max-age=60"
    tag = sent.headers["ETag"]
    assert caller.get(f"{CHAIRS}/list.csv", headers=bearer(If_None_Match=tag)).status_code == 304
    json_only = bearer(Accept="application/json")
    assert caller.get(f"{CHAIRS}/list.csv", headers=json_only).status_code == 406


def test_head_and_options_work_wherever_get_does(small, caller):
    chair = f"{CHAIRS}/{add_chair_row(small)}"
    for path in (CHAIRS, chair, "/api/v1/me", "/problems/conflict", "/api/v1/openapi.json"):
        head, got = (caller.open(path, method=m, headers=bearer()) for m in ("HEAD", "GET"))
        assert (head.status_code, head.data) == (200, b"")
        assert head.headers["Content-Length"] == str(len(got.data))
        assert head.headers.get("ETag") == got.headers.get("ETag")
        options = caller.options(path)
        assert options.status_code == 200
        assert "GET" in options.headers["Allow"]
    assert {"PATCH", "DELETE"} <= set(caller.options(chair).headers["Allow"].split(", "))


@pytest.mark.threat(7)
def test_rights_come_before_the_body(caller):
    """security.md row 7: what a caller may not send is not looked at."""
    raw = {"data": b"{nonsense", "content_type": "text/plain"}
    assert caller.post(CHAIRS, **raw).status_code == 401
    assert caller.post(CHAIRS, headers=bearer("reader"), **raw).status_code == 403
    other = CHAIRS.replace(HALL, small_app.FOREIGN_HALL)
    assert caller.post(other, headers=bearer(), **raw).status_code == 404


@pytest.mark.threat(7)
def test_order_of_judgement(small, caller):
    """api.md §1: each fault is told only when those before it are mended."""
    chair = f"{CHAIRS}/{add_chair_row(small)}"
    encoded = {"Content-Encoding": "gzip", "Accept": "text/html", "Content-Type": "text/plain"}
    steps = [
        (f"{chair}/nowhere", encoded, b"{", 415),
        (f"{chair}/nowhere", {**encoded, "Content-Encoding": "identity"}, b"{", 404),
        (chair, {"Accept": "text/html", "Content-Type": "text/plain"}, b"{", 401),
        (chair, bearer("reader", Accept="text/html", Content_Type="text/plain"), b"{", 403),
        (chair, bearer(Accept="text/html", Content_Type="text/plain"), b"{", 406),
        (chair, bearer(Content_Type="text/plain"), b"{", 415),
        (chair, bearer(Content_Type="application/json"), b"{", 400),
        (chair, bearer(Content_Type="application/json"), b'{"height": "x"}', 422),
        (chair, bearer(Content_Type="application/json"), b'{"height": 5}', 428),
        (chair, bearer(Content_Type="application/json", If_Match='"5"'), b'{"height": 5}', 412),
        (chair, bearer(Content_Type="application/json", If_Match='"1"'), b'{"height": 5}', 200),
    ]
    for path, headers, raw, status in steps:
        assert caller.patch(path, data=raw, headers=headers).status_code == status


def test_headers_of_every_response(caller):
    for path in ("/api/v1/me", "/nowhere", "/api/v1/boom", "/api/v1/openapi.json"):
        first, second = (
            caller.get(path),
            caller.get(path, headers={"X-Request-Id": str(uuid.uuid4())}),
        )
        headers = first.headers
        assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
        assert "Server" not in headers
        assert str(uuid.UUID(headers["X-Request-Id"])) != second.headers["X-Request-Id"]
    assert caller.get("/api/v1/me", headers=bearer()).headers["Cache-Control"] == "no-store"
    public = caller.get("/api/v1/public/halls/x")
    assert public.headers["Cache-Control"] == "public, max-age=60"


def test_a_view_may_set_a_header(caller):
    assert caller.get("/api/v1/me", headers=bearer()).headers["Deprecation"] == "@1"


@pytest.mark.threat(31)
def test_another_origin_gets_no_permission(caller):
    """security.md row 31."""
    for method in ("GET", "OPTIONS", "POST"):
        answer = caller.open(CHAIRS, method=method, headers=bearer(Origin="https://evil.example"))
        assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1", ""])
def test_only_listed_hosts_are_served(caller, host):
    answer = caller.get("/api/v1/me", headers=bearer(Host=host))
    assert answer.status_code == 400
    health = caller.get("/api/v1/healthz", headers={"Host": host})
    assert health.status_code == 200


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "localhost:8000"])
def test_the_listed_host_is_served_on_any_port(caller, host):
    assert caller.get("/api/v1/me", headers=bearer(Host=host)).status_code == 200


@pytest.mark.threat(5)
def test_a_route_without_a_need_stops_the_start_and_is_refused(lite):
    """Deny by default (security.md rows 5 and 7)."""
    app, _ = small_app.make(lite, undeclared_too=True)
    with pytest.raises(RuntimeError, match="/api/v1/undeclared"):
        small_app.check_declared(app)
    assert app.test_client().get("/api/v1/undeclared", headers=bearer()).status_code == 403


def test_each_request_is_one_line_without_its_path(small, caller):
    structlog.reset_defaults()
    chair = add_chair_row(small)
    with capture_logs() as lines:
        caller.get(f"{CHAIRS}/{chair}?a=secret", headers=bearer())
    [line] = [line for line in lines if line["event"] == "request"]
    assert line["route"] == "/api/v1/halls/<hall_id>/chairs/<chair_id>"
    assert (line["method"], line["status"], line["credential_id"]) == ("GET", 400, "c-1")
    assert line["organiser_id"] == "o-1"
    assert chair not in json.dumps(line)
    assert "secret" not in json.dumps(line)


@pytest.mark.threat(23)
def test_a_body_that_breaks_off_leaves_the_worker_alive(caller):
    """security.md row 23."""

    class Broken(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer) -> int:
            raise OSError("reset by peer")

    headers = bearer(Content_Type="application/json")
    environ = {"CONTENT_LENGTH": "20", "wsgi.input": Broken()}
    assert caller.post(CHAIRS, headers=headers, environ_overrides=environ).status_code == 400
    assert caller.get("/api/v1/me", headers=bearer()).status_code == 200
