"""Doors: long work and what came of it."""

from __future__ import annotations

import pytest

from eventsvc.core import clock
from eventsvc.core.errors import Conflict
from eventsvc.core.ids import new_id
from eventsvc.core.work import claim_next, fail, queue_job
from tests.factories.accounts import an_event, an_organiser


def a_job(session, organiser, **values) -> str:
    told = {"args": {}, "organiser_id": organiser.id, "scope": "imports", **values}
    job_id = queue_job(session, "test", key="a-job", now=clock.now(session), **told)
    session.commit()
    return f"/api/v1/jobs/{job_id}"


def test_a_job_is_read_and_cancelled(client, session, organiser, token_for):
    job = a_job(session, organiser)
    admin = token_for()
    read = client.get(job, headers=admin).json
    assert (read["state"], read["progress"], read["result"]) == ("queued", 0, None)
    assert client.delete(job, headers=admin).status_code == 204
    assert client.get(job, headers=admin).json["state"] == "cancelled"
    assert client.delete(job, headers=admin).status_code == 204


@pytest.mark.threat(5)
def test_a_job_needs_its_scope_and_its_organiser(client, session, organiser, token_for):
    job = a_job(session, organiser)
    refused = client.get(job, headers=token_for("read-only"))
    assert (refused.status_code, refused.json["required_scope"]) == (403, "imports")
    other = token_for(organiser=an_organiser(session))
    assert client.get(job, headers=other).status_code == 404
    assert client.delete(job, headers=other).status_code == 404
    assert client.get(job).status_code == 401


def test_a_failed_job_tells_a_problem_document(client, session, organiser, token_for):
    job = a_job(session, organiser)
    now = clock.now(session)
    claimed = claim_next(session, "test", now=now)
    fail(session, claimed, Conflict("archived", "An archived event is read only."), now=now)
    session.commit()
    read = client.get(job, headers=token_for()).json
    assert read["problem"] == {
        "type": "/problems/archived", "status": 409, "code": "archived",
        "title": "The present state does not allow this",
        "detail": "An archived event is read only.",
    }  # fmt: skip
    ended = client.delete(job, headers=token_for())
    assert (ended.status_code, ended.json["code"]) == (409, "job-ended")


@pytest.mark.threat(5)
def test_a_job_of_an_event_is_seen_from_that_event(client, session, organiser, token_for):
    mine, other = an_event(session, organiser, "mine"), an_event(session, organiser, "other")
    job = a_job(session, organiser, event_id=mine.id)
    assert client.get(job, headers=token_for("event-manager", event_id=mine.id)).status_code == 200
    for headers in (
        token_for("event-manager", event_id=other.id),
        token_for(organiser=an_organiser(session)),
    ):
        assert client.get(job, headers=headers).status_code == 404
    assert client.get(f"/api/v1/jobs/{new_id()}", headers=token_for()).status_code == 404


@pytest.mark.threat(5)
def test_a_job_of_nobody_is_for_the_platform(client, session, organiser, token_for):
    job = a_job(session, organiser, organiser_id=None)
    assert client.get(job, headers=token_for()).status_code == 404
    admin = token_for("platform-admin", organiser=None)
    assert client.get(job, headers=admin).status_code == 200
