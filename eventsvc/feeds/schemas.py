"""What the doors of personal calendars answer."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from eventsvc.core.text import Answer, Choice, Instant, Query, QueryChoice, Text
from eventsvc.feeds.models import CalendarToken
from eventsvc.feeds.policy import CLIENTS, LANGUAGES

SECRET = {"secret": True, "description": "Shown only here"}


class CalendarOut(Answer):
    """A personal calendar address without its secret (calendar.md rule 30)."""

    created_at = Instant()
    last_fetch_at = Instant(allow_none=True, metadata={"description": "Noted once an hour"})
    last_client = Text(allow_none=True, metadata={"description": "The program that fetched it"})


class CalendarMade(CalendarOut):
    """A personal calendar address and links to subscribe to it, shown this once."""

    address = Text(allow_none=True, metadata=SECRET)
    webcal = Text(allow_none=True, metadata=SECRET)
    google = Text(allow_none=True, metadata=SECRET)
    outlook = Text(allow_none=True, metadata=SECRET)
    outlook_work = Text(allow_none=True, metadata=SECRET)


def shown_once(made: CalendarToken, links: dict[str, str]) -> dict[str, Any]:
    """The answer to the making of an address."""
    return {**{name: getattr(made, name) for name in CalendarOut.names()}, **links}


class SubscribeQuery(Query):
    """In which language the steps are told; without one in the first of the event's languages."""

    language = QueryChoice(LANGUAGES, load_default=None)


class ClientOut(Answer):
    """How to subscribe in one calendar program."""

    client = Choice(CLIENTS)
    title = Text()
    link = Text(metadata={"description": "What to open, or in Thunderbird to paste"})
    steps = fields.List(Text())


class PartOut(Answer):
    """The calendar of a track, a room or one type of items."""

    folder = Choice(("tracks", "rooms", "types"))
    slug = Text()
    name = Text()
    address = Text()
    webcal = Text()


class SubscribeOut(Answer):
    """How to subscribe to the calendars of an edition."""

    name = Text()
    language = Choice(LANGUAGES)
    page = Text(metadata={"description": "The public page of the edition"})
    address = Text(metadata={"description": "The address of the whole calendar, for copying"})
    clients = fields.List(fields.Nested(ClientOut))
    parts = fields.List(fields.Nested(PartOut))
