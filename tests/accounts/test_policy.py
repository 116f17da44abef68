"""What a credential may give to another."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsvc.accounts import policy
from eventsvc.core.rights import RANKS, ROLES, SCOPES, Actor, system

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def holder(role: str, scopes: frozenset[str] | None = None) -> Actor:
    return Actor(
        kind="token", name="t", role=role, scopes=ROLES[role] if scopes is None else scopes
    )


@given(
    st.sampled_from(RANKS),
    st.sampled_from(RANKS),
    st.frozensets(st.sampled_from(sorted(SCOPES))),
)
def test_nothing_is_granted_that_the_maker_does_not_have(role, wanted, scopes):
    maker = holder(role, scopes)
    made = Actor(kind="token", name="m", role=wanted, scopes=policy.grantable_scopes(maker, wanted))
    assert all(maker.may(scope) for scope in made.scopes)
    assert all(made.may(scope) for scope in made.scopes)


def test_the_house_may_grant_all_of_a_role():
    assert policy.grantable_scopes(system("seeds"), "organiser-admin") == ROLES["organiser-admin"]
    assert policy.may_grant_role(system("seeds"), "platform-admin")


@pytest.mark.parametrize(
    ("maker", "role", "allowed"),
    [
        ("platform-admin", "organiser-admin", True),
        ("organiser-admin", "organiser-admin", True),
        ("organiser-admin", "platform-admin", False),
        ("series-owner", "organiser-admin", False),
        ("series-owner", "read-only", True),
        ("attendee", "read-only", False),
    ],
)
def test_no_role_above_the_own_one_is_granted(maker, role, allowed):
    assert policy.may_grant_role(holder(maker), role) is allowed


def test_every_role_of_the_house_but_those_of_links_has_a_rank():
    assert set(RANKS) == set(ROLES) - {"attendee", "speaker"}


def test_effective_scopes_are_those_that_the_role_holds_too():
    asking = holder("check-in-staff", frozenset({"checkin", "registrations:write"}))
    assert policy.effective_scopes(asking) == ["checkin"]


def test_the_first_use_is_noted_then_one_an_hour():
    assert policy.use_is_due(None, NOW)
    assert not policy.use_is_due(NOW - timedelta(minutes=59, seconds=59), NOW)
    assert policy.use_is_due(NOW - timedelta(hours=1), NOW)
