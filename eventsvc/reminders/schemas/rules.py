"""What the doors of reminder rules take and answer."""

from __future__ import annotations

from typing import Any

from eventsvc.core.text import (
    Answer,
    Body,
    Boolean,
    Choice,
    Date,
    Id,
    Instant,
    Integer,
    ListOf,
    Part,
    Patch,
    Query,
    QueryInteger,
    Text,
)
from eventsvc.reminders.models import ReminderRule
from eventsvc.reminders.plan import PURPOSES, is_default

_OFFSET = {
    "description": "Seconds before the start: whole days (1 to 60) for practical_information, one "
    "day (18:00 of the evening before) for day_ahead, 5 minutes to 6 hours for starting_soon"
}


class RuleBody(Body):
    """A reminder of the event, or (``starting_soon``) of one session or visit."""

    purpose = Choice(PURPOSES, required=True)
    item_id = Id(allow_none=True)
    offset_s = Integer(minimum=1, maximum=60 * 86_400, required=True, metadata=_OFFSET)
    active = Boolean()


class RulePatch(Patch):
    """What changes in a rule."""

    offset_s = Integer(minimum=1, maximum=60 * 86_400, metadata=_OFFSET)
    active = Boolean()


class RuleOut(Answer):
    """A rule; a ``default`` one holds for every event unless it is switched off."""

    id = Id()
    purpose = Choice(PURPOSES)
    item_id = Id(allow_none=True)
    offset_s = Integer()
    active = Boolean()
    default = Boolean()
    version = Integer()


class PreviewQuery(Query):
    """How many people to show, and after whom."""

    limit = QueryInteger(minimum=1, maximum=200, load_default=50)
    after = Text(max_length=36, metadata={"description": "`next_after` of the page before"})


class ForeseenOut(Answer):
    """One reminder. ``state``: planned, superseded by a nearer one, or that of its message."""

    purpose = Text()
    subject_type = Text()
    subject_id = Text()
    offset_s = Integer()
    starts_at = Instant()
    due_at = Instant()
    state = Text()


class PersonDayOut(Answer):
    """What somebody hears on one day."""

    on = Date()
    messages = ListOf(Part(ForeseenOut), max_items=1000)


class PersonPreviewOut(Answer):
    """What one person hears, and how many reminders in all."""

    participant_id = Id()
    name = Text()
    in_all = Integer()
    days = ListOf(Part(PersonDayOut), max_items=1000)


class TypicalOut(Answer):
    """What a guest without bookings who registered now would hear."""

    guest = Choice(("on_site", "online"))
    in_all = Integer()
    days = ListOf(Part(PersonDayOut), max_items=1000)


class NumberOut(Answer):
    """How many people get so many reminders."""

    messages = Integer()
    people = Integer()


class RemindersPreviewOut(Answer):
    """What the rules come to."""

    people = Integer()
    messages = Integer()
    numbers = ListOf(Part(NumberOut), max_items=1000)
    typical = ListOf(Part(TypicalOut), max_items=2)
    items = ListOf(Part(PersonPreviewOut), max_items=200)
    next_after = Id(allow_none=True)


def rule_shown(rule: ReminderRule) -> dict[str, Any]:
    """A rule as :class:`RuleOut`."""
    named = ("id", "purpose", "item_id", "offset_s", "active", "version")
    marks = (rule.purpose, rule.offset_s, rule.item_id)
    return {name: getattr(rule, name) for name in named} | {"default": is_default(*marks)}
