"""Many callers at once, on both databases (security.md rows 2 and 3)."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask

from tests.core.small_app import HALL, add_chair_row, bearer

CHAIRS = f"/api/v1/halls/{HALL}/chairs"
CALLERS = 20


def at_once(small: Flask, call) -> list:
    """The answers of twenty callers who start together."""
    barrier = Barrier(CALLERS)

    def one(number: int):
        client = small.test_client()
        barrier.wait()
        return call(client, number)

    with ThreadPoolExecutor(CALLERS) as pool:
        return list(pool.map(one, range(CALLERS)))


@pytest.mark.threat(2)
def test_of_twenty_changes_with_one_tag_exactly_one_holds(small, caller):
    chair = f"{CHAIRS}/{add_chair_row(small)}"
    answers = at_once(
        small,
        lambda client, number: client.patch(
            chair, json={"height": number}, headers=bearer(If_Match='"1"')
        ),
    )
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: CALLERS - 1}
    [won] = [answer for answer in answers if answer.status_code == 200]
    assert caller.get(chair, headers=bearer()).json == won.json
    assert won.headers["ETag"] == '"2"'


@pytest.mark.threat(2)
def test_of_twenty_removals_with_one_tag_exactly_one_holds(small):
    chair = f"{CHAIRS}/{add_chair_row(small)}"
    answers = at_once(small, lambda c, _: c.delete(chair, headers=bearer(If_Match='"1"')))
    statuses = Counter(answer.status_code for answer in answers)
    assert statuses[204] == 1
    assert set(statuses) <= {204, 404, 412}


@pytest.mark.threat(3)
def test_twenty_calls_with_one_key_make_one_thing(small, caller):
    answers = at_once(
        small,
        lambda client, _: client.post(
            CHAIRS, json={"name": "one"}, headers=bearer(Idempotency_Key="k-1")
        ),
    )
    statuses = Counter(answer.status_code for answer in answers)
    assert set(statuses) <= {201, 409}
    made = {answer.json["id"] for answer in answers if answer.status_code == 201}
    assert len(made) == 1
    for answer in answers:
        if answer.status_code == 409:
            assert answer.json["code"] == "idempotency-in-progress"
            assert int(answer.headers["Retry-After"]) > 0
    assert (
        len([a for a in answers if a.status_code == 201 and "Idempotent-Replayed" not in a.headers])
        == 1
    )
    assert len(caller.get(CHAIRS, headers=bearer()).json["items"]) == 1
