"""Doors: the guest's own calendar address, by private link."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.core import clock, config
from eventsvc.core.http import LINK, Door, actor, needs
from eventsvc.feeds import actions, queries
from eventsvc.feeds.models import CalendarToken
from eventsvc.feeds.policy import subscribe_links
from eventsvc.feeds.schemas import CalendarMade, CalendarOut, shown_once
from eventsvc.registration.models import Participant
from eventsvc.registration.queries import registration_linked

PATH = "/api/v1/my/calendar"
NAME = "My programme"

my_calendar = Door(
    "my-calendar", __name__, url_prefix=PATH, description="The guest's own calendar address"
)


def _guest(session: Session) -> Participant:
    return registration_linked(session, actor()).participant


@my_calendar.get("")
@needs(LINK)
@my_calendar.reads(CalendarOut, computed=True)
def read_my_calendar(session: Session) -> CalendarToken:
    """Say since when there is an address, and what fetched it last."""
    return queries.standing_address(session, _guest(session).id)


@my_calendar.post("")
@needs(LINK)
@my_calendar.writes(201, CalendarMade, computed=True, location=PATH)
def mint_my_calendar(session: Session) -> dict[str, Any]:
    """Make a new calendar address and end the old one; the answer shows it this once."""
    now, secret = clock.now(session), config.current().secret_key
    made, token = actions.mint_calendar(session, actor(), _guest(session), secret=secret, now=now)
    return shown_once(made, subscribe_links(actions.calendar_address(token), NAME))


@my_calendar.delete("")
@needs(LINK)
@my_calendar.writes(204)
def end_my_calendar(session: Session) -> None:
    """End the calendar address; it answers 410 from the next fetch on."""
    actions.revoke_calendar(session, actor(), _guest(session), now=clock.now(session))
