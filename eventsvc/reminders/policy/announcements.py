"""The states of an announcement, whom it is for, and which of its texts somebody reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from eventsvc.core.errors import Conflict, Invalid, TransitionNotAllowed
from eventsvc.facts.policy import Fact

DRAFT, SCHEDULED, SENDING, SENT, CANCELLED = "draft", "scheduled", "sending", "sent", "cancelled"
ANNOUNCEMENT_STATES = (DRAFT, SCHEDULED, SENDING, SENT, CANCELLED)
STEPS: Mapping[str, tuple[str, ...]] = {
    DRAFT: (SCHEDULED, SENDING, CANCELLED),
    SCHEDULED: (DRAFT, SENDING, CANCELLED),
    SENDING: (CANCELLED,),
}
"""The steps of an organiser; ``sending`` becomes ``sent`` by itself, with the last message."""

SPEAKERS = ("any", "also", "only", "none")
"""Speakers: as other guests; also those who fit no other mark; nobody else; not at all."""
PRESENT = ("confirmed", "attended")


@dataclass(frozen=True, kw_only=True)
class Audience:
    """Whom an announcement is for: all marks must fit; an empty one fits everybody.

    ``items``: ids of sessions and visits in which somebody has a seat. ``languages``: BCP 47 tags;
    ``de`` fits ``de-AT`` as well.
    """

    states: tuple[str, ...] = PRESENT
    modes: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    speakers: str = "any"


@dataclass(frozen=True, kw_only=True)
class AnnouncementSent(Fact):
    """The last message of an announcement is out. ``people``: how many it was written to."""

    kind: ClassVar[str] = "announcement.sent"
    people: int


def audience_of(stored: Mapping[str, Any]) -> Audience:
    """An audience from its stored form; what is missing has its default."""
    lists = ("states", "modes", "types", "items", "languages")
    told: dict[str, Any] = {name: tuple(stored[name]) for name in lists if stored.get(name)}
    return Audience(**told, speakers=stored.get("speakers") or "any")


def check_step(state: str, to: str, *, scheduled_at: datetime | None, now: datetime) -> None:
    """Refuse a step that an organiser cannot take.

    Raises:
        TransitionNotAllowed: there is no such arrow.
        Conflict: ``not-scheduled``: it shall wait and has no moment to come.
    """
    allowed = STEPS.get(state, ())
    if to not in allowed:
        raise TransitionNotAllowed(state, to, allowed)
    if to == SCHEDULED and (scheduled_at is None or scheduled_at <= now):
        raise Conflict("not-scheduled", "First give it a scheduled_at that is still to come.")


def check_texts(texts: Sequence[Mapping[str, Any]]) -> None:
    """Refuse two texts in one language.

    Raises:
        Invalid: with a pointer to the second.
    """
    seen: set[str] = set()
    for index, text in enumerate(texts):
        if text["language"] in seen:
            pointer = f"/texts/{index}/language"
            raise Invalid.field(pointer, "duplicate-language", "There is a text in this language")
        seen.add(text["language"])


def text_for(texts: Sequence[Mapping[str, Any]], *wanted: str | None) -> Mapping[str, Any]:
    """The text that somebody reads: in the first language ``wanted`` that there is, else the first.

    ``de-AT`` is served by ``de`` where there is no text of its own.
    """
    by_language = {text["language"].lower(): text for text in texts}
    for tag in wanted:
        low = (tag or "").replace("_", "-").lower()
        for known in (low, low.partition("-")[0]):
            if known in by_language:
                return by_language[known]
    return texts[0]
