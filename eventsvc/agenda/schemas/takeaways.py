"""What is kept of sessions, at the door."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from eventsvc.core.pages import ListQuery
from eventsvc.core.text import (
    Answer,
    Body,
    Boolean,
    Id,
    Instant,
    Integer,
    ListOf,
    Markdown,
    Part,
    Patch,
    Text,
    Url,
)
from eventsvc.events.schemas.words import RichText

MOST_MESSAGES = 5
MOST_QUOTES = 30


class QuoteBody(Body):
    """Words of a speaker in this session; ``cleared``: the speaker's OK, told to the organiser."""

    speaker_id = Id(required=True)
    text = Text(max_length=1000, required=True, multiline=True)
    cleared = Boolean()


class ReportedQuoteBody(Body):
    """Words of a speaker, noted by the rapporteur."""

    speaker_id = Id(required=True)
    text = Text(max_length=1000, required=True, multiline=True)


class _Kept(Body):
    messages = ListOf(Text(max_length=300), MOST_MESSAGES)
    note = Markdown(allow_none=True)
    slides_url = Url(allow_none=True)
    recording_url = Url(allow_none=True)


class _KeptWithQuotes(_Kept):
    quotes = ListOf(Part(QuoteBody), MOST_QUOTES)


class TakeawayBody(_KeptWithQuotes):
    """What came out of a session: at most five messages, a note, quotes, links."""

    session_id = Id(required=True)


class TakeawayPatch(Patch, _KeptWithQuotes):
    """Changes; ``messages`` and ``quotes`` are given whole."""


class ReportedBody(Body):
    """What the rapporteur puts: all of it, each time."""

    messages = ListOf(Text(max_length=300), MOST_MESSAGES, required=True)
    note = Markdown(allow_none=True, load_default=None)
    slides_url = Url(allow_none=True, load_default=None)
    recording_url = Url(allow_none=True, load_default=None)
    quotes = ListOf(Part(ReportedQuoteBody), MOST_QUOTES, load_default=list)


class TakeawayQuery(ListQuery):
    """Filters of takeaways."""

    session_id = ListOf(Id(), 50)


class QuoteOut(Answer):
    """A quote; used outside only when cleared."""

    id = Id()
    role_id = Id(data_key="speaker_id")
    text = Text(max_length=1000)
    cleared = Boolean()
    cleared_at = Instant(allow_none=True)
    cleared_by = Text(allow_none=True, metadata={"enum": ["speaker", "organiser", None]})


class ReportedOut(Answer):
    """What is kept of a session; ``version`` 0: nothing yet."""

    item_id = Id(data_key="session_id")
    messages = fields.List(Text(max_length=300))
    note = Markdown(allow_none=True)
    note_html = RichText("note")
    slides_url = Url(allow_none=True)
    recording_url = Url(allow_none=True)
    quotes = fields.List(fields.Nested(QuoteOut))
    version = Integer(minimum=0)


class TakeawayOut(ReportedOut):
    """What is kept of a session, for the organiser."""

    id = Id()
    event_id = Id()
    created_at = Instant()
    updated_at = Instant()


def nothing_reported(item_id: str) -> dict[str, Any]:
    """What a rapporteur sees before the first word: the first PUT says ``If-Match: "0"``."""
    return {
        "item_id": item_id,
        "messages": [],
        "note": None,
        "slides_url": None,
        "recording_url": None,
        "quotes": [],
        "version": 0,
    }
