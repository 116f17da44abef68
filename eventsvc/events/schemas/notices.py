"""Data-protection notices: what doors take and answer."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from eventsvc.core.text import (
    SERVER_SET,
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
from eventsvc.events.policy import GDPR, REGULATIONS
from eventsvc.events.schemas.words import RichText

_AUTHORITY = {"description": "Follows for bodies of the Union (EDPS); else the national one"}


class PurposeBody(Body):
    """One purpose of processing."""

    purpose = Text(max_length=500, required=True)
    legal_basis = Text(max_length=500, required=True)
    retention = Text(max_length=500, required=True)
    data = Text(max_length=1000, multiline=True)


class _NoticeFields(Body):
    server_set: ClassVar[frozenset[str]] = SERVER_SET | {"number", "at"}

    controller = Text(max_length=1000, multiline=True, required=True)
    joint_controllers = ListOf(Text(max_length=500), 20)
    processors = ListOf(Text(max_length=500), 50)
    record_number = Text(max_length=100, allow_none=True)
    dpo_contact = Text(max_length=500, multiline=True, required=True)
    supervisory_authority = Text(max_length=500, allow_none=True, metadata=_AUTHORITY)
    purposes = ListOf(Part(PurposeBody), 30, min_items=1, required=True)
    recipients = Text(max_length=2000, multiline=True, allow_none=True)
    rights = Markdown(allow_none=True)
    introduction = Markdown(allow_none=True)


class NoticeBody(_NoticeFields):
    """The notice of an event in one language."""

    example: ClassVar = {
        "language": "en",
        "regulation": "eu_2018_1725",
        "controller": "Example Directorate, Unit 1",
        "dpo_contact": "dpo@example.org",
        "purposes": [
            {
                "purpose": "Running the conference",
                "legal_basis": "Article 5(1)(a)",
                "retention": "24 months",
            }
        ],
    }

    language = LanguageTag(required=True)
    regulation = Choice(REGULATIONS, load_default=GDPR)


class NoticePatch(Patch, _NoticeFields):
    """Changes of a notice; they make a new version. Another language is another notice."""

    regulation = Choice(REGULATIONS)


class PurposeOut(Answer):
    """One purpose of processing."""

    purpose = Text()
    legal_basis = Text()
    retention = Text()
    data = Text(allow_none=True)


class NoticeVersionOut(Answer):
    """What a notice says, or said, under one number."""

    language = LanguageTag()
    number = Integer(minimum=1)
    at = Instant()
    regulation = Text()
    controller = Text()
    joint_controllers = ListOf(Text(), 20)
    processors = ListOf(Text(), 50)
    record_number = Text(allow_none=True)
    dpo_contact = Text()
    supervisory_authority = Text()
    purposes = fields.List(fields.Nested(PurposeOut))
    recipients = Text(allow_none=True)
    rights = Markdown(allow_none=True)
    rights_html = RichText("rights")
    introduction = Markdown(allow_none=True)
    introduction_html = RichText("introduction")


class NoticeOut(NoticeVersionOut):
    """The notice of an event in one language as it is now."""

    id = Id()
    event_id = Id()
    version = Integer(minimum=1)
