"""Calls from pages of other hosts (security row 31)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eventsvc.core import config

pytestmark = pytest.mark.threat(31)
OURS = "https://www.example.org"
WHERE = "/api/v1/openapi.json"


@pytest.fixture
def letting_in(client):
    before = config.current()
    config.configure(replace(before, cors_origins=(OURS,)))
    yield client
    config.configure(before)


def told(answer) -> dict[str, str]:
    return {name: value for name, value in answer.headers if name.startswith("Access-Control")}


@pytest.mark.parametrize("origin", [OURS, "null", "https://evil.example.org", "*"])
def test_without_the_setting_nobody_is_let_in(client, origin):
    assert told(client.get(WHERE, headers={"Origin": origin})) == {}


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example.org", "null", "*", f"{OURS}.evil.org", "http://www.example.org", ""],
)
def test_a_foreign_page_is_not_let_in(letting_in, origin):
    answer = letting_in.get(WHERE, headers={"Origin": origin})
    assert told(answer) == {}
    assert "Origin" in answer.headers["Vary"]


def test_a_listed_page_may_read_but_gets_no_cookies(letting_in):
    answer = letting_in.get(WHERE, headers={"Origin": OURS})
    assert answer.headers["Access-Control-Allow-Origin"] == OURS
    assert "Access-Control-Allow-Credentials" not in answer.headers
    asked = {"Origin": OURS, "Access-Control-Request-Method": "PATCH"}
    preflight = letting_in.options("/api/v1/events", headers=asked)
    assert "PATCH" in preflight.headers["Access-Control-Allow-Methods"]
    assert "If-Match" in preflight.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in preflight.headers
