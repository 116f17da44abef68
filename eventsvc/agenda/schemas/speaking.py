"""What a speaker sees and says behind the private link."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from eventsvc.agenda.models import SpeakerRole
from eventsvc.agenda.policy import (
    GENDERS,
    REPLACED,
    SPEAKER,
    SPEAKER_CONSENTS,
    consent_text,
    next_role_states,
    standing,
)
from eventsvc.agenda.queries import Speaking, reports
from eventsvc.agenda.schemas.items import ZONE
from eventsvc.agenda.schemas.profiles import MissingThingOut, ProfileFields
from eventsvc.core.text import (
    Answer,
    Body,
    Boolean,
    Choice,
    Email,
    Id,
    Instant,
    Integer,
    LanguageTag,
    Markdown,
    Part,
    Patch,
    Text,
    Url,
    Zone,
)
from eventsvc.events.schemas.words import RichText


class OwnProfilePatch(Patch, ProfileFields):
    """What a speaker changes of themselves. ``gender_stated`` is only ever counted."""

    gender_stated = Choice(GENDERS, allow_none=True)


class OwnStandInBody(Body):
    """Whom a speaker names in their place."""

    name = Text(max_length=200, required=True)
    email = Email()
    affiliation = Text(max_length=300)
    job_title = Text(max_length=300)


class OwnTransitionBody(Body):
    """A speaker's answer for one role."""

    role_id = Id(required=True)
    to = Choice(("accepted", "declined", REPLACED), required=True)
    reason = Text(max_length=1000, allow_none=True, multiline=True)
    stand_in = Part(OwnStandInBody)


class OwnQuoteOut(Answer):
    """What the speaker is quoted with, to be cleared by them."""

    id = Id()
    text = Text()
    cleared = Boolean()


class OwnQuoteBody(Body):
    """The speaker's OK to a quote, or its end."""

    cleared = Boolean(required=True)


class OwnRoleOut(Answer):
    """A role of the speaker, with its session and what may be answered."""

    id = Id()
    role = Text()
    state = Text()
    session_id = Id(allow_none=True)
    title = Text(allow_none=True)
    starts_at = Instant(zone_from=ZONE, allow_none=True)
    ends_at = Instant(zone_from=ZONE, allow_none=True)
    timezone = Zone(allow_none=True)
    room = Text(allow_none=True)
    allowed = fields.List(Text())
    reports = Boolean(metadata={"description": "The speaker writes the takeaways of the session"})


class ConsentQuestionOut(Answer):
    """A question of consent as it is put, with the answer; null: not answered yet."""

    kind = Text()
    text = Text(max_length=1000)
    text_version = Text()
    given = Boolean(allow_none=True)


class SpeakingEventOut(Answer):
    """The event in short."""

    title = Text()
    starts_at = Instant(zone_from=ZONE, allow_none=True)
    ends_at = Instant(zone_from=ZONE, allow_none=True)
    timezone = Zone(allow_none=True)
    all_day = Boolean()
    city = Text(allow_none=True)
    country = Text(allow_none=True)
    mode = Text(allow_none=True)


class SpeakingOut(Answer):
    """What a speaker sees behind the private link."""

    id = Id()
    name = Text()
    event = fields.Nested(SpeakingEventOut)
    badge_name = Text(allow_none=True)
    affiliation = Text(allow_none=True)
    job_title = Text(allow_none=True)
    biography = Markdown(allow_none=True)
    biography_html = RichText("biography")
    slides_url = Url(allow_none=True)
    attendance = Text(allow_none=True)
    language = LanguageTag(allow_none=True)
    gender_stated = Text(allow_none=True, metadata={"enum": [*GENDERS, None]})
    has_photo = Boolean()
    questions = fields.List(fields.Nested(ConsentQuestionOut))
    roles = fields.List(fields.Nested(OwnRoleOut))
    missing = fields.List(fields.Nested(MissingThingOut))
    quotes = fields.List(fields.Nested(OwnQuoteOut))
    read_only = Boolean()
    version = Integer(minimum=1)


def own_speaking(about: Speaking) -> dict[str, Any]:
    """The page of a speaker."""
    profile = about.profile
    agreed = standing(profile.consents)
    names = ("id", "badge_name", "affiliation", "job_title", "biography", "slides_url",
             "attendance", "language", "gender_stated", "version")  # fmt: skip
    return {
        **{name: getattr(profile, name) for name in names},
        "name": about.name,
        "event": about.event,
        "has_photo": profile.photo_id is not None,
        "questions": [_question(kind, profile.language, agreed[kind]) for kind in agreed],
        "roles": [_own_role(role, about) for role in about.roles],
        "missing": about.missing,
        "quotes": about.quotes,
        "read_only": about.read_only,
    }


def _question(kind: str, language: str | None, given: bool | None) -> dict[str, Any]:
    version = SPEAKER_CONSENTS[kind]["version"]
    text = consent_text(kind, language)
    return {"kind": kind, "text": text, "text_version": version, "given": given}


def _own_role(role: SpeakerRole, about: Speaking) -> dict[str, Any]:
    item = about.items.get(role.item_id or "")
    steps = () if about.read_only else next_role_states(role.state, SPEAKER)
    return {
        "id": role.id,
        "role": role.role,
        "state": role.state,
        "session_id": role.item_id,
        "title": item.title if item else None,
        "starts_at": item.starts_at if item else None,
        "ends_at": item.ends_at if item else None,
        "timezone": item.timezone if item else about.event.timezone,
        "room": item.room.name if item and item.room else None,
        "allowed": list(steps),
        "reports": reports(role),
    }
