"""Who asks, which organiser they may see, and when their credential was last used."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import structlog
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from eventsvc.accounts import auth
from eventsvc.accounts.models import Credential
from eventsvc.core import clock
from eventsvc.core.db import db
from eventsvc.core.errors import Forbidden, NotFound, Unauthenticated
from eventsvc.core.ids import new_id, new_token
from eventsvc.core.rights import Actor
from tests.conftest import add_organiser
from tests.factories.accounts import a_token, an_organiser

ME = "/api/v1/auth/me"


def test_a_token_is_an_actor_with_its_rights(session, organiser):
    credential, token = a_token(session, organiser, role="read-only")
    found = auth.authenticate(session, f"bearer {token}")
    assert (found.kind, found.role, found.organiser_id) == ("token", "read-only", organiser.id)
    assert found.scopes == frozenset(credential.scopes)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer x",
        "Basic eDp5",
        f"Bearer {new_token('evt')}",
        f"Bearer {new_token('evc')}",
    ],
    ids=["nothing", "empty", "scheme alone", "x", "basic", "unknown", "another kind"],
)
def test_anything_else_is_refused(session, header):
    with pytest.raises(Unauthenticated):
        auth.authenticate(session, header)


def test_a_typing_error_in_a_token_is_refused_without_a_query(session, organiser):
    _, token = a_token(session, organiser)
    with pytest.raises(Unauthenticated):
        auth.authenticate(session, f"Bearer {token[:-1]}{'0' if token[-1] != '0' else '1'}")


@pytest.mark.parametrize("how", ["foreign", "missing", "malformed"])
def test_the_gate_lets_nobody_see_another_organiser(session, organiser, how):
    asked = {"foreign": an_organiser(session).id, "missing": new_id(), "malformed": "x"}[how]
    asking = Actor("token", "t", role="organiser-admin", organiser_id=organiser.id)
    with pytest.raises(NotFound):
        auth.organiser_gate(session, asking, {"organiser_id": asked})


def test_the_whole_organiser_is_closed_to_a_credential_of_one_event(session, organiser):
    asking = Actor("token", "t", role="organiser-admin", organiser_id=organiser.id, event_id="e")
    path = {"organiser_id": organiser.id}
    auth.organiser_gate(session, asking, path)
    with pytest.raises(Forbidden):
        auth.whole_organiser_gate(session, asking, path)
    with pytest.raises(NotFound):
        auth.whole_organiser_gate(session, asking, {"organiser_id": an_organiser(session).id})


@pytest.fixture
def own(committed):
    """A committed database with one organiser and one token; (client, session, credential)."""
    session = db.session()
    organiser = add_organiser(session)
    credential, token = a_token(session, organiser)
    session.commit()
    return committed.test_client(), session, credential.id, {"Authorization": f"Bearer {token}"}


def last_used(session, credential_id) -> datetime | None:
    session.rollback()
    session.expire_all()
    return session.get(Credential, credential_id).last_used_at


def test_the_first_use_is_noted_after_the_answer(own):
    client, session, credential_id, headers = own
    answer = client.get(ME, headers=headers)
    assert answer.status_code == 200
    assert last_used(session, credential_id) is None
    answer.close()  # what a server does once the answer is out
    assert last_used(session, credential_id) is not None


def test_a_use_is_noted_again_after_an_hour_only(own):
    client, session, credential_id, headers = own
    start = datetime(2026, 3, 1, 12, tzinfo=UTC)
    session.execute(update(Credential).values(created_at=start, expires_at=None))
    session.commit()
    for minutes, noted in ((0, 0), (59, 0), (61, 61), (62, 61)):
        with clock.standing_at(start + timedelta(minutes=minutes)):
            client.get(ME, headers=headers, buffered=True)
        assert last_used(session, credential_id) == start + timedelta(minutes=noted)


def test_a_refused_credential_is_not_noted(own):
    client, session, credential_id, _headers = own
    wrong = {"Authorization": f"Bearer {new_token('evt')}"}
    assert client.get(ME, headers=wrong, buffered=True).status_code == 401
    assert last_used(session, credential_id) is None


def test_a_busy_database_does_not_spoil_the_answer(own, monkeypatch):
    client, session, credential_id, headers = own

    def busy(*_arguments, **_named):
        raise OperationalError("UPDATE", {}, Exception("locked"))

    monkeypatch.setattr(auth, "note_use", busy)
    with structlog.testing.capture_logs() as logs:
        assert client.get(ME, headers=headers, buffered=True).status_code == 200
    assert [entry["event"] for entry in logs if "credential" in entry["event"]] == [
        "credential.use_not_noted"
    ]
    assert last_used(session, credential_id) is None
