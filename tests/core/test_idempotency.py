"""A call that is repeated has happened once (api.md §3, security.md row 3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from eventsvc.core import idempotency
from eventsvc.core.db import db
from eventsvc.core.http import answers
from eventsvc.core.idempotency import Claim, IdempotencyClaim, InProgress, KeyReused, Replay
from eventsvc.core.transactions import transaction
from tests.core.small_app import HALL, add_chair_row, bearer

CHAIRS = f"/api/v1/halls/{HALL}/chairs"
NOW = datetime(2027, 5, 5, 9, tzinfo=UTC)


def post(caller, name="one", key="k-1", who="manager", path=CHAIRS, **more):
    return caller.post(path, json={"name": name, **more}, headers=bearer(who, Idempotency_Key=key))


def names(caller) -> list[str]:
    return [item["name"] for item in caller.get(CHAIRS, headers=bearer()).json["items"]]


def test_the_same_call_gets_the_same_answer(caller):
    first, again = post(caller), post(caller)
    assert (first.status_code, first.data) == (again.status_code, again.data)
    for name in ("Location", "ETag", "Content-Type"):
        assert first.headers[name] == again.headers[name]
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert first.headers["X-Request-Id"] != again.headers["X-Request-Id"]
    assert names(caller) == ["one"]


def test_the_order_of_names_in_the_body_does_not_matter(caller):
    headers = bearer(Idempotency_Key="k", Content_Type="application/json")
    first = caller.post(CHAIRS, data=b'{"name": "a", "height": 1}', headers=headers)
    again = caller.post(CHAIRS, data=b'{"height":1,"name":"\\u0061"}', headers=headers)
    assert first.data == again.data


def test_another_body_is_422(caller):
    post(caller)
    for answer in (post(caller, "two"), post(caller, path=f"{CHAIRS}?dry_run=false")):
        assert (answer.status_code, answer.json["code"]) == (422, "idempotency-key-reused")
    assert names(caller) == ["one"]


@pytest.mark.parametrize(("name", "status"), [("taken", 409), ("throne", 409), ("", 422)])
def test_a_refused_call_frees_its_key(small, caller, name, status):
    add_chair_row(small, "throne")
    assert post(caller, name).status_code == status
    assert post(caller, name).status_code == status
    assert post(caller, "good").status_code == 201


def test_a_trial_run_frees_its_key(caller):
    assert post(caller, path=f"{CHAIRS}?dry_run=true").status_code == 201
    again = post(caller, path=f"{CHAIRS}?dry_run=true")
    assert again.status_code == 201
    assert "Idempotent-Replayed" not in again.headers
    assert names(caller) == []


def test_a_key_belongs_to_one_credential_and_address(small, caller):
    assert post(caller).status_code == 201
    assert post(caller, "two", who="editor").status_code == 201
    chair = add_chair_row(small)
    painted = caller.post(f"{CHAIRS}/{chair}/paint", headers=bearer(Idempotency_Key="k-1"))
    assert painted.status_code == 200


def test_rights_are_judged_before_a_replay(caller):
    post(caller)
    assert post(caller, who="reader").status_code == 403


def test_secrets_are_not_kept(small, caller):
    path = f"{CHAIRS}/minted"
    first, again = post(caller, path=path), post(caller, path=path)
    assert first.json["key"] == "evt_secret"
    assert again.json == {**first.json, "key": None}
    with small.app_context():
        kept = db.session().scalars(select(IdempotencyClaim)).one()
        assert "evt_secret" not in str(vars(kept))


def test_a_required_key(caller):
    answer = caller.post(f"{CHAIRS}/minted", json={"name": "a"}, headers=bearer())
    assert (answer.status_code, answer.json["code"]) == (400, "idempotency-key-required")


@pytest.mark.parametrize("key", ["", "k" * 256, "ключ", "a\tb"])
def test_a_malformed_key_is_400(caller, key):
    assert post(caller, key=key.encode().decode("latin-1")).status_code == 400
    assert names(caller) == []


def test_work_whose_claim_was_taken_over_rolls_back(caller, monkeypatch):
    written = answers.written

    def slow(declared, resource, path):
        db.session().execute(update(IdempotencyClaim).values(lease="another"))
        return written(declared, resource, path)

    monkeypatch.setattr(answers, "written", slow)
    answer = post(caller)
    assert (answer.status_code, answer.json["code"]) == (409, "idempotency-in-progress")
    assert names(caller) == []


@pytest.fixture
def in_app(small) -> Iterator[None]:
    with small.app_context():
        yield


def claim(now=NOW, body="b", key="k") -> Claim | Replay:
    with transaction(write=True) as session:
        return idempotency.claim(
            session, credential="c", method="POST", path="/p", key=key, body_digest=body, now=now
        )


def complete(held, **changed) -> None:
    values = {"status": 201, "headers": {"ETag": '"1"'}, "answer": '{"id":"x-1"}', **changed}
    with transaction(write=True) as session:
        idempotency.complete(session, held, **values)


@pytest.mark.usefixtures("in_app")
def test_a_running_claim_is_taken_over_after_a_minute_only():
    first = claim()
    with pytest.raises(InProgress):
        claim(NOW + timedelta(seconds=59))
    second = claim(NOW + timedelta(seconds=60))
    assert isinstance(second, Claim)
    assert second.lease != first.lease
    with pytest.raises(InProgress):
        complete(first)
    with transaction(write=True) as session:
        idempotency.free(session, first)  # no longer its to give back
    complete(second)
    assert claim() == Replay(201, {"ETag": '"1"'}, '{"id":"x-1"}')
    with pytest.raises(KeyReused):
        claim(body="other")


@pytest.mark.usefixtures("in_app")
def test_a_claim_lasts_a_day():
    complete(claim())
    assert isinstance(claim(NOW + timedelta(hours=23, minutes=59)), Replay)
    assert isinstance(claim(NOW + timedelta(hours=24)), Claim)
    with transaction(write=True) as session:
        assert idempotency.expire(session, NOW + timedelta(hours=47)) == 0
        assert idempotency.expire(session, NOW + timedelta(hours=48)) == 1


@pytest.mark.usefixtures("in_app")
def test_an_erasure_blanks_the_kept_answer():
    complete(claim())
    complete(claim(key="2"), answer='{"id":"y"}')
    with transaction(write=True) as session:
        idempotency.forget(session, "x-1")
    assert claim() == Replay(201, {"ETag": '"1"'}, None)
    assert claim(key="2").answer == '{"id":"y"}'
