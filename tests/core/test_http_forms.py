"""Forms with a file at the door: judged in the order of api.md §1, replayed by their content."""

from __future__ import annotations

import io

import pytest

from tests.core.small_app import HALL, bearer

LISTS = f"/api/v1/halls/{HALL}/chairs/lists"


def send(caller, *, key="k-1", who="manager", file=b"name\nA", name="list.csv", **fields):
    data = {"kind": "long", **fields}
    if file is not None:
        data["file"] = (io.BytesIO(file), name)
    headers = bearer(who, Idempotency_Key=key) if who else {"Idempotency-Key": key}
    return caller.post(LISTS, data=data, headers=headers, content_type="multipart/form-data")


def raw(caller, body: bytes, media="multipart/form-data; boundary=b", **headers):
    told = bearer(Idempotency_Key="k-2", **headers)
    return caller.post(LISTS, data=body, headers=told, content_type=media)


def test_a_form_and_its_file(caller):
    answer = send(caller, name="/lists/../chairs.csv")
    assert answer.status_code == 202
    assert answer.json == {"name": "chairs.csv", "size": 6, "kind": "long"}


def test_a_repeated_form_is_replayed_whatever_its_boundary(caller):
    first, again = send(caller), send(caller)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json == first.json
    other = send(caller, file=b"name\nB")
    assert (other.status_code, other.json["code"]) == (422, "idempotency-key-reused")


@pytest.mark.threat(7)
def test_rights_come_before_the_body(caller):
    assert send(caller, who=None, file=b"x" * 900).status_code == 401
    assert send(caller, who="reader").status_code == 403


def test_fields_are_judged_all_at_once(caller):
    answer = send(caller, file=None, kind="odd", try_only="yes", more="x")
    found = {(error["pointer"], error["code"]) for error in answer.json["errors"]}
    assert answer.status_code == 422
    assert found == {
        ("/file", "required"), ("/kind", "not-a-choice"), ("/try_only", "invalid-boolean"),
        ("/more", "unknown-field"),
    }  # fmt: skip
    assert send(caller, file=b"").json["errors"][0]["code"] == "too-short"
    assert send(caller, file=b"x" * 1001).json["errors"][0]["code"] == "too-long"
    text = raw(caller, PART.replace(b'"kind"', b'"file"') + END)
    assert text.json["errors"][0]["code"] == "invalid-type"


@pytest.mark.threat(24)
def test_sizes_and_types(caller):
    assert send(caller, file=b"x" * 70_000).status_code == 413
    assert raw(caller, b"{}", "application/json").status_code == 415
    assert raw(caller, b"a=b", "application/x-www-form-urlencoded").status_code == 415


PART = b'--b\r\nContent-Disposition: form-data; name="kind"\r\n\r\nlong\r\n'
END = b"--b--\r\n"


@pytest.mark.threat(23)
@pytest.mark.parametrize(
    ("body", "media"),
    [
        (b"nothing", "multipart/form-data; boundary=b"),
        (PART, "multipart/form-data; boundary=b"),
        (PART + END, "multipart/form-data"),
        (PART * 2 + END, "multipart/form-data; boundary=b"),
        (PART * 40 + END, "multipart/form-data; boundary=b"),
        (b"--b\r\n" + b"a: b\r\n" * 5000 + b"\r\n\r\n--b--", "multipart/form-data; boundary=b"),
    ],
)
def test_broken_forms_are_malformed(caller, body, media):
    answer = raw(caller, body, media)
    assert (answer.status_code, answer.json["code"]) == (400, "malformed-request")
