"""Organisers, tokens and private links: the verbs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from eventsvc.accounts import actions, queries
from eventsvc.audit.models import AuditEntry
from eventsvc.core.errors import Conflict, Invalid
from eventsvc.core.ids import digest, new_id, token_kind
from eventsvc.core.rights import Actor
from tests.factories.accounts import HOUSE, a_token, an_organiser

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECRET = "a secret key of thirty-two bytes or more"


def refused(error) -> list[tuple[str, str]]:
    return [(one.pointer, one.code) for one in error.value.errors]


def entries(session, thing) -> list[str]:
    found = select(AuditEntry.action).where(AuditEntry.subject_id == thing.id)
    return list(session.scalars(found.order_by(AuditEntry.seq)))


def test_a_slug_is_taken_once(session, organiser):
    with pytest.raises(Conflict) as error:
        an_organiser(session, organiser.slug)
    assert error.value.code == "slug-taken"
    assert error.value.members["conflicts_with"] == [organiser.id]


def test_a_change_of_an_organiser_is_audited_in_its_own_trail(session, organiser):
    actions.change_organiser(session, HOUSE, organiser, {"name": "Other name"}, now=NOW)
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert (entry.action, entry.organiser_id) == ("organiser.changed", organiser.id)
    assert entry.changes == {"fields": ["name"]}
    assert organiser.version == 2


def test_a_change_to_the_same_values_writes_nothing(session, organiser):
    actions.change_organiser(session, HOUSE, organiser, {"name": organiser.name}, now=NOW)
    assert organiser.version == 1
    assert entries(session, organiser) == ["organiser.added"]


def test_a_change_to_the_slug_of_another_is_refused(session, organiser):
    other = an_organiser(session)
    with pytest.raises(Conflict, match="slug"):
        actions.change_organiser(session, HOUSE, other, {"slug": organiser.slug}, now=NOW)


@pytest.mark.threat(9)
def test_a_token_is_stored_as_digest_prefix_and_last_four(session, organiser):
    credential, token = a_token(session, organiser)
    assert token_kind(token) == "evt"
    assert credential.digest == digest(token)
    assert (credential.prefix, credential.last_four) == (token[:8], token[-4:])
    stored = [getattr(credential, column.key) for column in credential.__table__.columns]
    assert not any(token in str(value) for value in stored)


def test_a_token_lives_for_a_year_unless_told_less(session, organiser):
    credential, _ = a_token(session, organiser, now=NOW)
    assert credential.expires_at == NOW + timedelta(days=365)


@pytest.mark.parametrize(
    ("options", "pointer", "code"),
    [
        ({"role": "emperor"}, "/role", "unknown-role"),
        ({"role": "attendee"}, "/role", "unknown-role"),
        ({"scopes": ["platform"]}, "/scopes", "scope-not-allowed"),
        ({"scopes": ["nonsense"]}, "/scopes", "scope-not-allowed"),
        ({"role": "read-only", "scopes": ["events:write"]}, "/scopes", "scope-not-allowed"),
        ({"now": NOW, "expires_at": NOW}, "/expires_at", "in-the-past"),
        ({"now": NOW, "expires_at": NOW + timedelta(days=366)}, "/expires_at", "too-late"),
        ({"event_id": new_id()}, "/event_id", "unknown-event"),
    ],
)
def test_a_token_is_refused(session, organiser, options, pointer, code):
    with pytest.raises(Invalid) as error:
        a_token(session, organiser, **options)
    assert refused(error) == [(pointer, code)]


def test_a_role_of_an_organiser_needs_one(session):
    with pytest.raises(Invalid) as error:
        actions.create_token(session, HOUSE, name="t", role="read-only", now=NOW)
    assert refused(error) == [("/organiser_id", "required")]


def maker(organiser, *scopes: str, role: str = "organiser-admin", event_id=None) -> Actor:
    return Actor("token", "maker", role=role, scopes=frozenset(scopes),
                 organiser_id=organiser.id, event_id=event_id)  # fmt: skip


def make(session, actor, organiser, **options):
    told = {"name": "t", "role": "read-only", "organiser_id": organiser.id, "now": NOW, **options}
    return actions.create_token(session, actor, **told)


def test_a_token_cannot_grant_a_scope_its_maker_lacks(session, organiser):
    actor = maker(organiser, "members", "events:read")
    with pytest.raises(Invalid) as error:
        make(session, actor, organiser, scopes=["events:read", "registrations:read"])
    assert refused(error) == [("/scopes", "scope-not-allowed")]
    made, _ = make(session, actor, organiser)
    assert made.scopes == ["events:read"]


def test_a_token_cannot_grant_a_higher_role(session, organiser):
    actor = maker(organiser, "members", role="series-owner")
    with pytest.raises(Invalid) as error:
        make(session, actor, organiser, role="organiser-admin", scopes=["members"])
    assert refused(error) == [("/role", "beyond-your-rights")]


def test_a_token_for_one_event_cannot_grant_more_than_that_event(session, organiser):
    actor = maker(organiser, "members", "events:read", event_id=new_id())
    with pytest.raises(Invalid) as error:
        make(session, actor, organiser)
    assert refused(error) == [("/event_id", "beyond-your-rights")]


def test_revoking_twice_is_one_act(session, organiser):
    credential, _ = a_token(session, organiser)
    actions.revoke(session, HOUSE, credential, now=NOW)
    actions.revoke(session, HOUSE, credential, now=NOW + timedelta(days=1))
    assert credential.revoked_at == NOW
    assert entries(session, credential) == ["token.created", "credential.revoked"]


@pytest.mark.parametrize("ending", ["revoked", "expired", "unknown"])
def test_a_credential_that_ended_is_no_credential(session, organiser, ending):
    credential, token = a_token(session, organiser, now=NOW, expires_at=NOW + timedelta(days=1))
    assert queries.credential_shown(session, token, now=NOW).id == credential.id
    later = NOW + timedelta(days=1) if ending == "expired" else NOW
    if ending == "revoked":
        actions.revoke(session, HOUSE, credential, now=NOW)
    shown = token.swapcase() if ending == "unknown" else token
    assert queries.credential_shown(session, shown, now=later) is None


def link(session, organiser, registration_id, **options) -> str:
    told = {"secret": SECRET, "organiser_id": organiser.id, "event_id": None, "now": NOW}
    return actions.issue_link(session, registration_id=registration_id, **(told | options))


def test_a_private_link_is_the_same_until_renewed(session, organiser):
    registration_id = new_id()
    first = link(session, organiser, registration_id)
    assert link(session, organiser, registration_id) == first
    renewed = link(session, organiser, registration_id, renew=True)
    assert renewed != first
    assert queries.credential_shown(session, first, now=NOW) is None
    assert queries.credential_shown(session, renewed, now=NOW).subject_id == registration_id


def test_after_a_change_of_the_secret_key_the_standing_link_still_works(session, organiser):
    registration_id = new_id()
    first = link(session, organiser, registration_id)
    second = link(session, organiser, registration_id, secret="another secret key altogether")
    assert second != first
    for token in (first, second):
        assert queries.credential_shown(session, token, now=NOW) is not None


@pytest.mark.threat(10)
def test_ended_links_are_no_credentials(session, organiser):
    registration_id = new_id()
    token = link(session, organiser, registration_id)
    actions.end_links(session, registration_id, now=NOW)
    assert queries.credential_shown(session, token, now=NOW) is None


def test_last_use_is_noted_at_most_once_an_hour(session, organiser):
    credential, _ = a_token(session, organiser, now=NOW)
    for minutes, noted in ((0, 0), (59, 0), (60, 60), (100, 60), (120, 120)):
        actions.note_use(session, credential.id, now=NOW + timedelta(minutes=minutes))
        session.refresh(credential)
        assert credential.last_used_at == NOW + timedelta(minutes=noted)
