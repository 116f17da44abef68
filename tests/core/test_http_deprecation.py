"""An operation that ends says so in time, and is gone afterwards (api.md §13)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from eventsvc.core import clock
from eventsvc.core.http.deprecation import Deprecation
from tests.core import small_app
from tests.core.small_app import bearer

BENCH = "/api/v1/bench"
BEFORE, AFTER = datetime(2027, 6, 30, 23, 59, tzinfo=UTC), datetime(2027, 7, 1, tzinfo=UTC)


@pytest.fixture
def caller(lite):
    with small_app.standing(lite) as app:
        yield app.test_client()


@pytest.mark.parametrize("headers", [bearer(), {}])
def test_every_answer_says_that_it_ends(caller, headers):
    with clock.standing_at(BEFORE):
        answer = caller.get(BENCH, headers=headers)
    assert answer.status_code == (200 if headers else 401)
    assert answer.headers["Deprecation"] == "@1798761600"
    assert answer.headers["Sunset"] == "Thu, 01 Jul 2027 00:00:00 GMT"
    assert answer.headers["Link"] == '<https://example.org/chairs>; rel="deprecation"'


def test_after_the_sunset_it_is_gone(caller):
    with clock.standing_at(AFTER):
        answer = caller.get(BENCH)
    assert answer.status_code == 410
    assert answer.json["code"] == "gone"
    assert "https://example.org/chairs" in answer.json["detail"]
    assert answer.headers["Sunset"] == "Thu, 01 Jul 2027 00:00:00 GMT"


def test_other_operations_say_nothing_of_it(caller):
    assert "Sunset" not in caller.get("/api/v1/my/seat", headers=bearer("guest")).headers


def test_the_document_says_so(caller):
    operation = caller.get("/api/v1/openapi.json").json["paths"][BENCH]["get"]
    assert operation["deprecated"] is True
    assert {"Deprecation", "Sunset", "Link"} <= set(operation["responses"]["200"]["headers"])
    assert operation["responses"]["410"] == {"$ref": "#/components/responses/Problem410"}


def test_the_notice_is_180_days_at_least():
    Deprecation(date(2027, 1, 1), date(2027, 6, 30), "https://example.org/")
    with pytest.raises(ValueError, match="180"):
        Deprecation(date(2027, 1, 1), date(2027, 6, 29), "https://example.org/")
