"""What the doors of organisers, tokens and audit entries take and answer."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from eventsvc.accounts.models import Credential
from eventsvc.accounts.policy import ORGANISER_ROLES
from eventsvc.core.pages import ListQuery
from eventsvc.core.rights import OF_LINKS, SCOPES
from eventsvc.core.text import (
    Answer,
    Body,
    Choice,
    Email,
    Id,
    Instant,
    Integer,
    LanguageTag,
    ListOf,
    Patch,
    Slug,
    Text,
    Zone,
)

ALL_SCOPES = sorted(SCOPES - {"platform"} - OF_LINKS)
INSTANT_IN_QUERY = "An instant with offset; write + as %2B, or use Z"


class OrganiserBody(Body):
    """A new organiser."""

    slug = Slug(required=True)
    name = Text(max_length=200, required=True)
    email = Email(
        required=True,
        metadata={"description": "Role mailbox: ORGANIZER in calendars, Reply-To in mail"},
    )
    language = LanguageTag(load_default="en")
    timezone = Zone(load_default="Europe/Brussels")


class OrganiserPatch(Patch, OrganiserBody):
    """Changes of an organiser."""


class OrganiserOut(Answer):
    """An organiser."""

    id = Id()
    slug = Slug()
    name = Text()
    email = Email()
    language = LanguageTag()
    timezone = Zone()
    created_at = Instant()
    version = Integer(minimum=1)


class ApiTokenBody(Body):
    """A new API token. Without ``scopes`` it gets all that its role may have and you have."""

    name = Text(max_length=100, required=True)
    role = Choice(ORGANISER_ROLES, required=True)
    scopes = ListOf(Choice(ALL_SCOPES), len(ALL_SCOPES), min_items=1, unique=True)
    event_id = Id(metadata={"description": "Bind the token to this one event"})
    expires_at = Instant(metadata={"description": "Within a year; a year when left out"})


class ApiTokenOut(Answer):
    """An API token without its secret."""

    id = Id()
    name = Text()
    prefix = Text(metadata={"description": "The first characters of the token"})
    last_four = Text(metadata={"description": "Its last four characters"})
    role = Choice(ORGANISER_ROLES)
    scopes = fields.List(Text())
    event_id = Id(allow_none=True)
    created_at = Instant()
    expires_at = Instant(allow_none=True)
    last_used_at = Instant(allow_none=True, metadata={"description": "Noted at most once an hour"})
    revoked_at = Instant(allow_none=True)
    version = Integer(minimum=1)


class ApiTokenMade(ApiTokenOut):
    """An API token with its secret, which is shown this once."""

    token = Text(allow_none=True, metadata={"secret": True, "description": "Shown only here"})


def shown_once(credential: Credential, token: str) -> dict[str, Any]:
    """The answer to the making of a token."""
    shown = {name: getattr(credential, name) for name in ApiTokenOut.names()}
    return {**shown, "token": token}


class AuditQuery(ListQuery):
    """Filters of the audit entries."""

    action = ListOf(Text(max_length=100), 20)
    subject_type = ListOf(Text(max_length=60), 20)
    subject_id = Id()
    event_id = Id()
    credential_id = Id()
    at_from = Instant(metadata={"description": INSTANT_IN_QUERY})
    at_before = Instant(metadata={"description": INSTANT_IN_QUERY})


class AuditEntryOut(Answer):
    """One act. ``seq`` counts up and is never given twice."""

    seq = Integer(minimum=1)
    at = Instant()
    actor_kind = Choice(("account", "token", "link", "public", "system"))
    actor_name = Text(metadata={"description": "Of a person who signed in: the present name"})
    account_id = Id(allow_none=True, metadata={"description": "The person, also behind a token"})
    credential_id = Id(allow_none=True)
    action = Text(metadata={"examples": ["event.published"]})
    subject_type = Text()
    subject_id = Id()
    event_id = Id(allow_none=True)
    changes = fields.Dict(metadata={"description": "Changed fields, without personal data"})
