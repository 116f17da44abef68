"""What the organiser sees of speakers: profile, answers, what is missing, balance of panels."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from eventsvc.agenda.models import SpeakerProfile
from eventsvc.agenda.policy import DUE_DAYS, ROLE_STATES, SPEAKER_CONSENTS, standing
from eventsvc.agenda.queries import Owing
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
    Query,
    QueryChoice,
    Text,
    Url,
)
from eventsvc.events.schemas.words import RichText

ATTENDANCES = ("on_site", "remote", "video")
DELIVERIES = ("mail", "return")
SIZES = ("full", "thumbnail")
KINDS = tuple(DUE_DAYS)


class ConsentsGiven(Body):
    """Yes or no to what a speaker is asked; what is left out stays as it was."""

    publish = Boolean()
    record = Boolean()


class ProfileFields(Body):
    """What organiser and speaker alike may change of a profile."""

    badge_name = Text(max_length=200, allow_none=True)
    affiliation = Text(max_length=300, allow_none=True)
    job_title = Text(max_length=300, allow_none=True)
    biography = Markdown(max_length=10_000, allow_none=True)
    slides_url = Url(allow_none=True)
    attendance = Choice(ATTENDANCES, allow_none=True)
    language = LanguageTag(allow_none=True)
    consents = Part(ConsentsGiven)


class ProfilePatch(Patch, ProfileFields):
    """What the organiser changes; consents are the speaker's word, noted by the organiser."""

    email = Email(allow_none=True)


class ConsentOut(Answer):
    """A consent as it was given or withdrawn."""

    kind = Text(metadata={"enum": list(SPEAKER_CONSENTS)})
    given = Boolean()
    text_version = Text()
    source = Text(metadata={"enum": ["speaker", "organiser"]})
    at = Instant()


class ProfileOut(Answer):
    """A speaker of one event. ``email`` only for who may write speakers."""

    id = Id()
    event_id = Id()
    person_id = Id()
    email = fields.Email(allow_none=True)
    badge_name = Text(allow_none=True)
    affiliation = Text(allow_none=True)
    job_title = Text(allow_none=True)
    biography = Markdown(allow_none=True)
    biography_html = RichText("biography")
    slides_url = Url(allow_none=True)
    attendance = Text(allow_none=True, metadata={"enum": [*ATTENDANCES, None]})
    language = LanguageTag(allow_none=True)
    has_photo = Boolean()
    invited_at = Instant(allow_none=True)
    agreed = fields.Dict(
        keys=Text(),
        values=Boolean(allow_none=True),
        metadata={"description": "The newest word on each question; null: not answered"},
    )
    consents = fields.List(fields.Nested(ConsentOut))
    updated_at = Instant()
    version = Integer(minimum=1)


class StandInBody(Body):
    """Who stands in: a person of the directory, or one by name."""

    person_id = Id()
    name = Text(max_length=200)
    email = Email()
    affiliation = Text(max_length=300)
    job_title = Text(max_length=300)


class RoleTransitionBody(Body):
    """A step of the answer; ``replaced`` names the stand-in."""

    to = Choice(ROLE_STATES, required=True)
    reason = Text(max_length=1000, allow_none=True, multiline=True)
    stand_in = Part(StandInBody)


class SpeakerLinkBody(Body):
    """How the new link reaches the speaker."""

    deliver = Choice(DELIVERIES, required=True)


class SpeakerLinkOut(Answer):
    """``link_token`` is shown this once, and only where it was asked back."""

    delivered = Text(metadata={"enum": list(DELIVERIES)})
    link_token = Text(allow_none=True)


class PhotoQuery(Query):
    """Which picture: the whole one, or the square thumbnail."""

    size = QueryChoice(SIZES, load_default="full")


class MissingThingOut(Answer):
    """One thing that is missing."""

    kind = Text(metadata={"enum": list(KINDS)})
    due_at = Instant(allow_none=True)


class MissingOut(Answer):
    """A speaker who still owes something. ``profile`` and ``role_ids`` say where to look."""

    profile_id = Id()
    person_id = Id()
    name = Text()
    role_ids = fields.List(Id())
    reachable = Boolean(metadata={"description": "An e-mail address is known"})
    missing = fields.List(fields.Nested(MissingThingOut))


class MissingListOut(Answer):
    """Who owes what, by name; it always comes whole."""

    items = fields.List(fields.Nested(MissingOut))
    next_cursor = fields.String(dump_default=None, allow_none=True, metadata={"maxLength": 500})


class PanelBalanceOut(Answer):
    """Counts of a panel, or of all; nobody is named."""

    people = Integer()
    women = Integer()
    men = Integer()
    other = Integer()
    not_said = Integer()
    stated = Integer()
    share_of_women = fields.Float(
        allow_none=True, metadata={"description": "Of those who stated it; null: nobody did"}
    )
    warning = Text(allow_none=True, metadata={"enum": ["all-male", "only-men-stated", None]})


class OnePanelOut(PanelBalanceOut):
    """The balance of one session."""

    item_id = Id()
    title = Text()
    type = Text()


class BalanceOut(Answer):
    """The balance of the panels of an event; ``total`` counts each person once."""

    items = fields.List(fields.Nested(OnePanelOut))
    total = fields.Nested(PanelBalanceOut)
    next_cursor = fields.String(dump_default=None, allow_none=True, metadata={"maxLength": 500})


def photo_name(profile: SpeakerProfile) -> str:
    """What a downloaded photo is called: nothing of the person."""
    return f"speaker-{profile.id[:8]}"


def profile_shown(profile: SpeakerProfile, *, with_mail: bool) -> dict[str, Any]:
    """A profile as staff see it."""
    contact = profile.contact if with_mail else None
    names = ("id", "event_id", "person_id", "badge_name", "affiliation", "job_title", "biography",
             "slides_url", "attendance", "language", "invited_at", "consents", "updated_at",
             "version")  # fmt: skip
    return {
        **{name: getattr(profile, name) for name in names},
        "email": contact.email if contact else None,
        "has_photo": profile.photo_id is not None,
        "agreed": standing(profile.consents),
    }


def owing_shown(one: Owing) -> dict[str, Any]:
    """A speaker who owes something."""
    return {
        "profile_id": one.profile.id,
        "person_id": one.profile.person_id,
        "name": one.name,
        "role_ids": [role.id for role in one.roles],
        "reachable": one.profile.contact_id is not None,
        "missing": one.missing,
    }
