"""What is still missing from a speaker, and when it is due (editions.md §4.14). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from eventsvc.agenda.policy.roles import COMING, EXPECTED, INVITED, PUBLISH, RECORD

ANSWER, BIOGRAPHY, PHOTO, SLIDES = "answer", "biography", "photo", "slides"
DUE_DAYS: Mapping[str, int] = {
    ANSWER: 14, BIOGRAPHY: 7, PHOTO: 7, PUBLISH: 7, RECORD: 7, SLIDES: 3,
}  # fmt: skip
"""What may be missing → days before the start of the event when it is due."""
CHASE_DAYS = (14, 7, 3)
"""Days before the start at which a speaker is reminded, once each."""
WITH_SLIDES = frozenset({"speaker", "keynote", "panellist"})
"""Roles that speak to slides; a moderator or juror shows none."""


class Profile(Protocol):
    """What a speaker has given."""

    biography: str | None
    photo_id: str | None
    slides_url: str | None


class Role(Protocol):
    """One role of the speaker."""

    role: str
    state: str


@dataclass(frozen=True)
class MissingThing:
    """One thing that is missing. ``due_at`` None: the day of the event is not known."""

    kind: str
    due_at: datetime | None


def missing_of(
    profile: Profile,
    roles: Iterable[Role],
    agreed: Mapping[str, bool | None],
    starts_at: datetime | None,
) -> list[MissingThing]:
    """What a speaker still owes, by due date. A refused consent is an answer, nothing is missing.

    Only who is invited, accepted or confirmed owes anything; slides only who has said yes.
    """
    expected = [role for role in roles if role.state in EXPECTED]
    if not expected:
        return []
    coming = {role.role for role in expected if role.state in COMING}
    found = {
        ANSWER: any(role.state == INVITED for role in expected),
        BIOGRAPHY: profile.biography is None,
        PHOTO: profile.photo_id is None,
        PUBLISH: agreed.get(PUBLISH) is None,
        RECORD: agreed.get(RECORD) is None,
        SLIDES: profile.slides_url is None and bool(coming & WITH_SLIDES),
    }
    return [MissingThing(kind, due(kind, starts_at)) for kind, lacks in found.items() if lacks]


def due(kind: str, starts_at: datetime | None) -> datetime | None:
    """When something is due."""
    return None if starts_at is None else starts_at - timedelta(days=DUE_DAYS[kind])


def chase_due(starts_at: datetime, asked_at: datetime, now: datetime) -> int | None:
    """Days before the start of the reminder that is due now, or None.

    After an outage only the nearest one: two at once help nobody. None that was due before the
    speaker was asked at all, for the invitation says the same.
    """
    if now >= starts_at:
        return None
    passed = [days for days in CHASE_DAYS if starts_at - timedelta(days=days) <= now]
    if not passed or starts_at - timedelta(days=min(passed)) <= asked_at:
        return None
    return min(passed)
