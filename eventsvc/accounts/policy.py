"""What one credential may give to another, and when its use is noted. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from eventsvc.core.rights import ROLES, Actor

# From all rights to few: nobody hands out a role above the own one.
RANKS = (
    "platform-admin",
    "organiser-admin",
    "series-owner",
    "event-manager",
    "programme-editor",
    "check-in-staff",
    "read-only",
)
ORGANISER_ROLES = RANKS[1:]
"""The roles of tokens that an organiser makes."""

LONGEST_TOKEN_LIFE = timedelta(days=365)
NOTED_EVERY = timedelta(hours=1)


def may_grant_role(actor: Actor, role: str) -> bool:
    """Whether ``actor`` may make a token of ``role``: its own or a lower one."""
    if actor.kind == "system":
        return True
    return actor.role in RANKS and role in RANKS[RANKS.index(actor.role) :]


def grantable_scopes(actor: Actor, role: str) -> frozenset[str]:
    """The scopes of ``role`` that ``actor`` may give away: those it has itself.

    The house (command line, seeds) has no scopes of its own to lose and gives all of the role.
    """
    allowed = ROLES[role]
    if actor.kind == "system":
        return allowed
    return frozenset(scope for scope in allowed if actor.may(scope))


def effective_scopes(actor: Actor) -> list[str]:
    """What the actor can really do: scopes of the credential that its role holds too."""
    return sorted(scope for scope in actor.scopes if actor.may(scope))


def use_is_due(last_used_at: datetime | None, now: datetime) -> bool:
    """Whether a use at ``now`` is to be noted: the first one, then at most one an hour."""
    return last_used_at is None or last_used_at <= now - NOTED_EVERY
