"""Milestones: what doors take and answer."""

from __future__ import annotations

from typing import ClassVar

from eventsvc.core.pages import ListQuery
from eventsvc.core.text import (
    SERVER_SET,
    Answer,
    Body,
    Choice,
    Date,
    Email,
    Id,
    Instant,
    Integer,
    ListOf,
    Patch,
    QueryChoice,
    Text,
)
from eventsvc.events.policy import MILESTONE_STATES

_DAYS = {"description": "Days from the first day of the event; negative before it"}
_ON = {"description": "A day, in the place of `due_days`; it stays when the event moves"}
_OWNER = {"description": "A member of the organiser, told by mail; or use `owner_email`"}


class _MilestoneFields(Body):
    server_set: ClassVar[frozenset[str]] = SERVER_SET | {"due", "state_at"}

    title = Text(max_length=200, required=True)
    note = Text(max_length=2000, multiline=True, allow_none=True)
    due_days = Integer(minimum=-1500, maximum=1500, allow_none=True, metadata=_DAYS)
    due_on = Date(allow_none=True, metadata=_ON)
    owner_name = Text(max_length=200, allow_none=True, metadata=_OWNER)
    owner_email = Email(allow_none=True)
    position = Integer(maximum=10_000)


class MilestoneBody(_MilestoneFields):
    """Something to be done by a time."""

    example: ClassVar = {"title": "Rooms booked", "due_days": -90, "owner_name": "Zoë Example"}


class MilestonePatch(Patch, _MilestoneFields):
    """Changes of a milestone; its state is changed by ``…/transitions``."""


class MilestoneQuery(ListQuery):
    """Filters of a list of milestones."""

    state = ListOf(QueryChoice(MILESTONE_STATES), len(MILESTONE_STATES))


class MilestoneStepBody(Body):
    """A step of a milestone."""

    server_set: ClassVar[frozenset[str]] = frozenset()

    to = Choice(MILESTONE_STATES, required=True)


class MilestoneOut(Answer):
    """Something to be done; ``due`` is the day at the event, null while that is not known."""

    id = Id()
    event_id = Id()
    title = Text()
    note = Text(allow_none=True)
    due_days = Integer(allow_none=True)
    due_on = Date(allow_none=True)
    due = Date(allow_none=True)
    owner_name = Text(allow_none=True)
    owner_email = Email(allow_none=True)
    state = Choice(MILESTONE_STATES)
    state_at = Instant(allow_none=True)
    position = Integer()
    version = Integer(minimum=1)
