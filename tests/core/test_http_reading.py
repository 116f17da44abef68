"""A call that only looks is judged and answered in one transaction."""

from __future__ import annotations

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from eventsvc.core.db import db
from tests.core.small_app import HALL, add_chair_row, bearer

CHAIRS = f"/api/v1/halls/{HALL}/chairs"


@pytest.fixture
def begun():
    """Appended to whenever a transaction begins."""
    found: list[str] = []
    note = lambda connection: found.append(connection.dialect.name)  # noqa: E731
    event.listen(Engine, "begin", note)
    yield found
    event.remove(Engine, "begin", note)


@pytest.mark.parametrize("path", [CHAIRS, f"{CHAIRS}/list.csv", "/api/v1/my/seat"])
def test_a_look_takes_one_transaction(caller, begun, path):
    headers = bearer("guest") if path.endswith("seat") else bearer()
    assert caller.get(path, headers=headers).status_code == 200
    assert len(begun) == 1


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        (CHAIRS, bearer("nobody"), 401),
        (CHAIRS, bearer("guest"), 403),
        (CHAIRS.replace(HALL, HALL[::-1]), bearer(), 404),
        (CHAIRS, bearer(Accept="text/html"), 406),
        (f"{CHAIRS}?limit=0", bearer(), 400),
        ("/api/v1/boom", {}, 500),
    ],
)
def test_a_refused_look_leaves_no_transaction_open(small, caller, path, headers, status):
    with small.app_context():
        assert caller.get(path, headers=headers).status_code == status
        assert not db.session().in_transaction()


def test_a_change_begins_anew_after_it_was_judged(small, caller, begun):
    chair = add_chair_row(small)
    begun.clear()
    answer = caller.patch(f"{CHAIRS}/{chair}", json={"height": 1}, headers=bearer(If_Match='"1"'))
    assert answer.status_code == 200
    assert len(begun) == 2
