"""The states of a registration, who may change them, and when (api.md §7, editions.md §3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from eventsvc.core.errors import TransitionNotAllowed

PROOF_DAYS = 5
"""Working days an e-mail proof stays open."""

UNDO_MINUTES = 15
"""How long check-in staff may undo a check-in."""

MOVING = ("published", "running", "postponed")
"""The states of an event in which its waiting lists may move."""

AUTO_PROMOTE_BEFORE = timedelta(days=7)
PROMOTION_ENDS_BEFORE = timedelta(days=1)

CONSENT_TEXTS: Mapping[str, str] = {
    "photo": "1",
    "matchmaking_profile": "1",
    "attendee_list": "1",
    "share_with_partners": "1",
    "newsletter": "1",
}
"""The consents that are asked for, with the version of their present wording (security.md §3)."""

STATES = (
    "pending", "waitlisted", "offered", "confirmed", "cancelled", "attended", "no_show",
)  # fmt: skip

_ORGANISER = frozenset({"organiser", "system"})
_ALL = _ORGANISER | {"attendee"}
ARROWS: Mapping[tuple[str, str], frozenset[str]] = {
    ("pending", "confirmed"): _ORGANISER | {"proof"},
    ("pending", "waitlisted"): _ORGANISER | {"proof"},
    ("pending", "cancelled"): _ALL,
    ("waitlisted", "confirmed"): _ORGANISER,
    ("waitlisted", "offered"): frozenset({"system"}),
    ("waitlisted", "cancelled"): _ALL,
    ("offered", "confirmed"): _ALL,
    ("offered", "waitlisted"): _ALL,
    ("confirmed", "cancelled"): _ALL,
    ("confirmed", "attended"): _ORGANISER | {"desk"},
    ("confirmed", "no_show"): _ORGANISER,
    ("attended", "confirmed"): _ORGANISER | {"desk"},
    ("no_show", "attended"): _ORGANISER,
}
"""From, to → who: attendee, proof (the link proves the e-mail), desk, organiser, system."""


def next_states(state: str, by: str) -> list[str]:
    """The states that ``by`` can bring a registration or booking in ``state`` to."""
    return sorted(to for (at, to), who in ARROWS.items() if at == state and by in who)


def check_arrow(state: str, to: str, by: str) -> None:
    """Refuse a step that is no arrow for ``by``.

    Raises:
        TransitionNotAllowed: with the states that can be reached.
    """
    if by not in ARROWS.get((state, to), frozenset()):
        raise TransitionNotAllowed(state, to, next_states(state, by))


def registration_open(
    state: str,
    *,
    opens_at: datetime | None,
    closes_at: datetime | None,
    during_event: bool,
    staff: bool,
    now: datetime,
) -> bool:
    """Whether somebody may register now: staff in published and running, the public in published
    (running only ``during_event``) between the dates (api.md §7).
    """
    if staff:
        return state in ("published", "running")
    if state != "published" and not (state == "running" and during_event):
        return False
    return (opens_at is None or opens_at <= now) and (closes_at is None or now < closes_at)


def modes_offered(event_mode: str | None) -> tuple[str, ...]:
    """The modes of registration that an event of this attendance mode offers, usual one first."""
    if event_mode == "online":
        return ("online",)
    return ("on_site", "online") if event_mode == "hybrid" else ("on_site",)


def promotion_phase(
    state: str,
    *,
    starts_at: datetime | None,
    auto_promote_until: datetime | None,
    promotion_ends: datetime | None,
    now: datetime,
) -> str:
    """How the waiting list moves now: ``automatic``, ``offers`` or ``ended`` (editions.md §3.11).

    The limits default to 7 days and 1 day before the start; without a start it is automatic.
    """
    if state not in MOVING:
        return "ended"
    automatic = auto_promote_until or _before(starts_at, AUTO_PROMOTE_BEFORE)
    ends = promotion_ends or _before(starts_at, PROMOTION_ENDS_BEFORE)
    if ends is not None and now >= ends:
        return "ended"
    return "automatic" if automatic is None or now < automatic else "offers"


def offer_end(
    now: datetime, *, hours: int, starts_at: datetime | None, promotion_ends: datetime | None
) -> datetime:
    """When an offer made now lapses: after ``hours``, at the latest when promotion ends."""
    ends = promotion_ends or _before(starts_at, PROMOTION_ENDS_BEFORE)
    lapses = now + timedelta(hours=hours)
    return lapses if ends is None else min(lapses, ends)


def _before(instant: datetime | None, span: timedelta) -> datetime | None:
    return None if instant is None else instant - span


def working_days_later(start: datetime, days: int) -> datetime:
    """The same time of day, ``days`` working days (Monday to Friday, UTC) later."""
    moment = start
    while days:
        moment += timedelta(days=1)
        days -= moment.weekday() < 5
    return moment
