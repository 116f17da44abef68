"""Doors: steps of milestones. What is said of a milestone has the doors of particulars."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.core import clock
from eventsvc.core.http import Door, actor, expect, needs
from eventsvc.events import actions, queries
from eventsvc.events.models import Milestone
from eventsvc.events.schemas import MilestoneOut, MilestoneStepBody

door = Door(
    "milestone-steps",
    __name__,
    url_prefix="/api/v1/events/<event_id>/milestones/<milestone_id>/transitions",
    description="Done, dropped, open again",
)


@door.post("")
@needs("events:write", gate="event")
@door.body(MilestoneStepBody)
@door.writes(200, MilestoneOut, precondition=False)
def step_milestone(
    session: Session, body: dict[str, Any], event_id: str, milestone_id: str
) -> dict[str, Any]:
    """Say that a milestone is done or dropped, or open it again."""
    event = queries.event_for(session, actor(), event_id)
    milestone = queries.particular(session, Milestone, event, milestone_id)
    expect(milestone)
    actions.step_milestone(session, actor(), event, milestone, body["to"], now=clock.now(session))
    return queries.milestone_written(session, event, milestone)
