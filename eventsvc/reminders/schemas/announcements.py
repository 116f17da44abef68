"""What the doors of announcements take and answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from eventsvc.core.pages import ListQuery
from eventsvc.core.text import (
    Answer,
    Body,
    Choice,
    Id,
    Instant,
    Integer,
    LanguageTag,
    ListOf,
    Markdown,
    Part,
    Patch,
    Text,
)
from eventsvc.mail.policy import STATES
from eventsvc.mail.schemas import MessageCountsOut
from eventsvc.registration.policy import MODES
from eventsvc.registration.policy import STATES as REGISTRATION_STATES
from eventsvc.reminders.models import Announcement
from eventsvc.reminders.policy import (
    ANNOUNCEMENT_STATES,
    PLACEHOLDERS,
    SPEAKERS,
    audience_of,
    unknown_in,
)

_KNOWN = ", ".join(f"`{{{name}}}`" for name in PLACEHOLDERS)


class AnnouncementTextBody(Body):
    """The words in one language."""

    language = LanguageTag(required=True)
    subject = Text(max_length=150, required=True, metadata={"description": f"With {_KNOWN}"})
    body = Markdown(required=True, metadata={"description": f"Markdown with {_KNOWN}"})


class AudienceBody(Body):
    """Whom it is for: all marks must fit; one that is missing fits everybody."""

    states = ListOf(
        Choice(REGISTRATION_STATES),
        max_items=len(REGISTRATION_STATES),
        unique=True,
        allow_none=True,
        metadata={"description": "Of the registration; confirmed and attended by default"},
    )
    modes = ListOf(Choice(MODES), max_items=len(MODES), unique=True, allow_none=True)
    types = ListOf(Text(max_length=60), max_items=20, unique=True, allow_none=True)
    items = ListOf(
        Id(),
        max_items=100,
        unique=True,
        allow_none=True,
        metadata={"description": "With a seat in one of these"},
    )
    languages = ListOf(LanguageTag(), max_items=20, unique=True, allow_none=True)
    speakers = Choice(
        SPEAKERS,
        allow_none=True,
        metadata={"description": "Speakers as other guests, also, only, or not at all"},
    )


class AnnouncementBody(Body):
    """An announcement as a draft."""

    title = Text(max_length=200, required=True, metadata={"description": "For organisers only"})
    texts = ListOf(Part(AnnouncementTextBody), max_items=24, min_items=1, required=True)
    audience = Part(AudienceBody, allow_none=True)
    scheduled_at = Instant(allow_none=True)


class AnnouncementPatch(Patch, AnnouncementBody):
    """What changes in a draft; an audience is merged into the one before (RFC 7396)."""


class AnnouncementStepBody(Body):
    """A step of an announcement."""

    to = Choice(ANNOUNCEMENT_STATES, required=True)
    reason = Text(max_length=500, multiline=True, allow_none=True)


class AnnouncementsQuery(ListQuery):
    """Filters of announcements."""

    state = ListOf(Choice(ANNOUNCEMENT_STATES), max_items=len(ANNOUNCEMENT_STATES))


class AnnouncementTextOut(Answer):
    """The words in one language."""

    language = Text()
    subject = Text()
    body = Text()


class AudienceOut(Answer):
    """Whom it is for."""

    states = ListOf(Text(), max_items=20)
    modes = ListOf(Text(), max_items=20)
    types = ListOf(Text(), max_items=20)
    items = ListOf(Id(), max_items=100)
    languages = ListOf(Text(), max_items=20)
    speakers = Text()


class AnnouncementOut(Answer):
    """An announcement and what became of its messages."""

    id = Id()
    event_id = Id()
    title = Text()
    texts = ListOf(Part(AnnouncementTextOut), max_items=24)
    audience = Part(AudienceOut)
    state = Choice(ANNOUNCEMENT_STATES)
    reason = Text(allow_none=True)
    scheduled_at = Instant(allow_none=True)
    started_at = Instant(allow_none=True)
    ended_at = Instant(allow_none=True)
    created_at = Instant()
    unknown_placeholders = ListOf(
        Text(), max_items=200, metadata={"description": "Words in braces that stay as typed"}
    )
    messages = Part(MessageCountsOut)
    version = Integer()


def announcement_shown(
    announcement: Announcement, counts: Mapping[str, Mapping[str, int]]
) -> dict[str, Any]:
    """An announcement as :class:`AnnouncementOut`; ``counts``: batch id → state → number."""
    named = (
        "id", "event_id", "title", "texts", "state", "reason", "scheduled_at",
        "started_at", "ended_at", "created_at", "version",
    )  # fmt: skip
    words = [text[part] for text in announcement.texts for part in ("subject", "body")]
    found = counts.get(announcement.id, {})
    return {name: getattr(announcement, name) for name in named} | {
        "audience": asdict(audience_of(announcement.audience)),
        "unknown_placeholders": unknown_in(*words),
        "messages": {state: found.get(state, 0) for state in STATES},
    }
