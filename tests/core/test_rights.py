"""Roles and scopes (api.md §10)."""

import json

import pytest

from eventsvc.core.rights import (
    PUBLIC,
    ROLES,
    SCOPES,
    Actor,
    Grant,
    actor_kept,
    system,
    with_grants,
)


def actor(role: str, *scopes: str) -> Actor:
    return Actor(kind="token", name="t", role=role, scopes=frozenset(scopes or SCOPES))


def test_a_scope_needs_credential_and_role():
    assert actor("event-manager", "events:write").may("events:write")
    assert not actor("event-manager", "events:read").may("events:write")
    assert not actor("read-only", "events:write").may("events:write")


@pytest.mark.parametrize(
    ("role", "allowed", "refused"),
    [
        ("platform-admin", ["platform", "members", "audit:read"], ["sensitive", "my"]),
        ("organiser-admin", ["members", "audit:read", "sensitive"], ["platform", "my"]),
        ("series-owner", ["members", "series:write"], ["platform"]),
        ("event-manager", ["events:write", "imports", "sensitive"], ["series:write", "members"]),
        (
            "programme-editor",
            ["agenda:write", "visits:write"],
            ["registrations:read", "events:write"],
        ),
        (
            "check-in-staff",
            ["checkin", "registrations:read"],
            ["registrations:write", "directory:read"],
        ),
        ("read-only", ["registrations:read", "reports:read"], ["agenda:write", "audit:read"]),
        ("attendee", ["my"], ["events:read"]),
    ],
)
def test_the_table_of_section_10(role: str, allowed: list[str], refused: list[str]):
    assert set(allowed) <= ROLES[role]
    assert not set(refused) & ROLES[role]


def test_nobody_may_do_nothing():
    assert not any(PUBLIC.may(scope) for scope in SCOPES)


def test_only_managing_roles_see_addresses():
    assert [role for role in ROLES if actor(role).manages] == [
        "platform-admin",
        "organiser-admin",
        "series-owner",
        "event-manager",
    ]


def test_a_job_works_for_every_organiser():
    assert system("job").everywhere
    assert not actor("organiser-admin").everywhere


def test_an_actor_can_be_written_down():
    asking = Actor("token", "desk", "c-1", "event-manager", frozenset({"imports"}), "o-1", "e-1")
    asking = with_grants(
        asking, [Grant("event-manager", "o-1", None, "e-1", owner_role="series-owner")]
    )
    assert actor_kept(json.loads(json.dumps(asking.kept()))) == asking
