"""The states of an edition and who may change them (api.md §7)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from eventsvc.core.errors import Conflict, Forbidden, Invalid, TransitionNotAllowed
from eventsvc.core.rights import MANAGING, Actor

STATES = (
    "idea", "announced", "draft", "published", "running", "completed", "archived", "postponed",
    "cancelled",
)  # fmt: skip
ARROWS: dict[str, tuple[str, ...]] = {
    "idea": ("announced", "draft", "published", "cancelled"),
    "announced": ("draft", "published", "cancelled"),
    "draft": ("published", "cancelled"),
    "published": ("draft", "running", "postponed", "cancelled"),
    "running": ("completed", "postponed", "cancelled"),
    "postponed": ("published", "cancelled"),
    "completed": ("archived",),
    "cancelled": ("archived",),
    "archived": ("completed",),
}
BEFORE_PUBLICATION = ("idea", "announced", "draft")
LIVE = ("published", "running")
OWNERS = frozenset({"platform-admin", "organiser-admin", "series-owner"})
PLATFORM = frozenset({"platform-admin"})


class Readiness(Protocol):
    """What an edition must know before it goes on."""

    title: str
    timezone: str | None
    date_precision: str
    country: str | None
    region: str | None
    city: str | None
    mode: str | None
    stated_status: str | None


def arrows_from(state: str, *, recorded: bool = False) -> Sequence[str]:
    """Where an edition may go from ``state``; ``recorded``: entered for the archive."""
    if recorded:
        return ("completed",) if state in BEFORE_PUBLICATION else ()
    return ARROWS[state]


def roles_for(state: str, to: str) -> frozenset[str]:
    """The roles that may go from ``state`` to ``to``."""
    if state == "archived":
        return PLATFORM
    return OWNERS if to == "archived" else MANAGING


def check_transition(
    actor: Actor, state: str, to: str, *, reason: str | None, recorded: bool
) -> None:
    """Refuse a step that the machine, the actor's role or a missing reason forbids.

    Raises:
        TransitionNotAllowed: there is no such arrow.
        Forbidden: the role may not go it.
        Invalid: a cancellation without reason.
    """
    allowed = arrows_from(state, recorded=recorded)
    if to not in allowed:
        raise TransitionNotAllowed(state, to, allowed)
    if actor.role not in roles_for(state, to):
        raise Forbidden(required_role=sorted(roles_for(state, to)))
    if to == "cancelled" and not reason:
        raise Invalid.field("/reason", "required", "Say why: everybody registered will be told")


def check_ready(event: Readiness, to: str) -> None:
    """Refuse a step for which an edition knows too little (api.md §7, editions.md §1.5).

    Raises:
        Conflict: ``event-incomplete`` with ``missing``.
    """
    missing = []
    if to == "published":
        known = {"title": event.title, "timezone": event.timezone}
        missing = [name for name, value in known.items() if not value]
        if event.date_precision != "day":
            missing.append("starts_at")
    elif to == "announced" and not _may_be_announced(event):
        missing = ["month", "city"]
    if missing:
        told = " and ".join(missing) if to == "published" else "a month or a place"
        raise Conflict("event-incomplete", f"First give {told}.", missing=missing)


def _may_be_announced(event: Readiness) -> bool:
    # what a document calls announced is taken as it stands (seed facts: EEN Info Day)
    dated = event.date_precision in ("day", "month")
    placed = event.city or event.region or event.country or event.mode == "online"
    return bool(dated or placed or event.stated_status == "announced")


def refuse_archived(state: str) -> None:
    """Refuse every write to an archived edition.

    Raises:
        Conflict: ``archived``.
    """
    if state == "archived":
        raise Conflict("archived", "This event is archived and read only.")


def check_removable(state: str) -> None:
    """Refuse to delete an edition that went beyond draft (api.md §6).

    Raises:
        Conflict: ``event-not-removable``.
    """
    if state not in BEFORE_PUBLICATION:
        raise Conflict("event-not-removable", "It was published: cancel or archive it instead.")


def check_owner(actor: Actor) -> None:
    """Refuse who may not create, delete or archive editions (api.md §10).

    Raises:
        Forbidden: the role is below series owner, or the credential is for one event.
    """
    if actor.role not in OWNERS or actor.event_id is not None:
        raise Forbidden(required_role=sorted(OWNERS))
