"""What one credential may give to another, and when its use is noted. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from eventsvc.core.errors import FieldError, Forbidden, Invalid
from eventsvc.core.rights import RANKS, ROLES, Actor, Grant, lower_role

ORGANISER_ROLES = RANKS[1:]
"""The roles of tokens that an organiser makes."""

EVENT_ROLES = frozenset(RANKS[RANKS.index("event-manager") :])
"""Roles that may be given for one event."""

INVITATION_LIFE = timedelta(days=7)

SESSION_IDLE = timedelta(hours=12)
SESSION_WHOLE = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=5)
"""How finely the last use of a session is noted."""

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


def check_offer(actor: Actor, offered: Mapping[str, Any]) -> None:
    """Refuse a role that the actor cannot give, or that cannot be held at the place.

    ``offered``: ``role``, ``series_id``, ``event_id``, ``sensitive``.

    Raises:
        Invalid: with every field that is refused.
    """
    role, series, event = offered["role"], offered["series_id"], offered["event_id"]
    errors = []
    if not may_grant_role(actor, role):
        errors.append(FieldError("/role", "beyond-your-rights", "This role may more than you."))
    if series is not None and event is not None:
        errors.append(FieldError("/event_id", "too-many-places", "Name a series or an event."))
    elif event is not None and role not in EVENT_ROLES:
        told = "This role is not held for one event."
        errors.append(FieldError("/event_id", "not-for-an-event", told))
    elif series is not None and role not in EVENT_ROLES | {"series-owner"}:
        told = "This role holds for all of the organiser."
        errors.append(FieldError("/series_id", "not-for-a-series", told))
    if offered["sensitive"] and not may_open_sensitive(actor):
        told = "Only who administers the organiser gives this."
        errors.append(FieldError("/sensitive", "beyond-your-rights", told))
    if offered["sensitive"] and "sensitive" not in ROLES[role]:
        told = "This role sees no diet and access answers."
        errors.append(FieldError("/sensitive", "not-of-this-role", told))
    if errors:
        raise Invalid(errors)


def check_outranks(actor: Actor, role: str) -> None:
    """Refuse to touch a member who stands above the actor.

    Raises:
        Forbidden: with ``required_role``.
    """
    if not may_grant_role(actor, role):
        raise Forbidden("This member may more than you.", required_role=[role])


def may_open_sensitive(actor: Actor) -> bool:
    """Whether the actor may let a member see diet and access answers."""
    return actor.kind == "system" or actor.role in ("platform-admin", "organiser-admin")


def rights_of_token(token: Grant, owner: Iterable[Grant]) -> list[Grant]:
    """What is left of a token where its owner may less by now (api.md §10): the lower role, and of
    both places the narrower one.
    """
    return [
        Grant(
            lower_role(token.role, grant.role),
            token.organiser_id or grant.organiser_id,
            token.series_id or grant.series_id,
            token.event_id or grant.event_id,
            token.sensitive and grant.sensitive,
            grant.role,
        )
        for grant in owner
        if _overlap(token, grant)
    ]


def _overlap(token: Grant, owner: Grant) -> bool:
    if token.everywhere or owner.everywhere:
        return token.everywhere <= owner.everywhere
    return (
        token.organiser_id == owner.organiser_id
        and (token.series_id is None or owner.series_id in (None, token.series_id))
        and (token.event_id is None or owner.event_id in (None, token.event_id))
    )


def use_is_due(last_used_at: datetime | None, now: datetime) -> bool:
    """Whether a use at ``now`` is to be noted: the first one, then at most one an hour."""
    return last_used_at is None or last_used_at <= now - NOTED_EVERY
