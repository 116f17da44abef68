"""Doors: the feeds that calendar programs poll, outside ``/api/v1`` (calendar.md §1, §6).

They are plain views: any ``Accept`` header gets the calendar (rule 2), and the path is logged as
its route, so that no secret stands in a log (rule 32).
"""

from __future__ import annotations

from functools import partial

from flask import Response

from eventsvc.core.errors import NotFound
from eventsvc.core.http import Door, needs, spend
from eventsvc.core.ids import digest, token_kind
from eventsvc.core.transactions import transaction
from eventsvc.feeds import queries
from eventsvc.feeds.api import answers
from eventsvc.feeds.policy import ROOM, TRACK
from eventsvc.ical.render import single

calendars = Door("calendars", __name__, description="Calendars to subscribe to (iCalendar)")

DOCUMENT = {"content": {"text/calendar": {"schema": {"type": "string"}}}}
RESPONSES = {"200": DOCUMENT, "304": {"description": "Not modified since"}}
GONE = {"410": {"description": "The address has ended"}}
ROBOTS = "User-agent: *\nDisallow:\n"  # Google takes no feed that is disallowed (rule 4)


@calendars.get("/calendars/<series_slug>.ics")
@needs(None)
@calendars.doc(responses=RESPONSES)
def series_calendar(series_slug: str) -> Response:
    """The calendar of a series: all its editions."""
    find = partial(queries.series_poll, slug=series_slug)
    return answers.polled(find, cache=answers.PUBLIC, filename=series_slug)


@calendars.get("/calendars/<series_slug>/<event_slug>.ics")
@needs(None)
@calendars.doc(responses=RESPONSES)
def event_calendar(series_slug: str, event_slug: str) -> Response:
    """The calendar of an edition: its full agenda. Series ``-``: an event without one."""
    find = partial(queries.event_poll, series_slug=series_slug, event_slug=event_slug)
    return answers.polled(find, cache=answers.PUBLIC, filename=event_slug)


@calendars.get("/calendars/<series_slug>/<event_slug>/tracks/<track_slug>.ics")
@needs(None)
@calendars.doc(responses=RESPONSES)
def track_calendar(series_slug: str, event_slug: str, track_slug: str) -> Response:
    """The calendar of one track of an edition."""
    return _place(series_slug, event_slug, TRACK, track_slug)


@calendars.get("/calendars/<series_slug>/<event_slug>/rooms/<room_slug>.ics")
@needs(None)
@calendars.doc(responses=RESPONSES)
def room_calendar(series_slug: str, event_slug: str, room_slug: str) -> Response:
    """The calendar of one room of an edition."""
    return _place(series_slug, event_slug, ROOM, room_slug)


def _place(series_slug: str, event_slug: str, kind: str, slug: str) -> Response:
    find = partial(
        queries.place_poll,
        series_slug=series_slug,
        event_slug=event_slug,
        kind=kind,
        part_slug=slug,
    )
    return answers.polled(find, cache=answers.PUBLIC, filename=f"{event_slug}-{slug}")


@calendars.get("/calendars/<series_slug>/<event_slug>/types/<item_type>.ics")
@needs(None)
@calendars.doc(responses=RESPONSES)
def type_calendar(series_slug: str, event_slug: str, item_type: str) -> Response:
    """The calendar of the items of one type of an edition, such as ``workshop``."""
    find = partial(
        queries.type_poll, series_slug=series_slug, event_slug=event_slug, item_type=item_type
    )
    return answers.polled(find, cache=answers.PUBLIC, filename=f"{event_slug}-{item_type}")


@calendars.get("/calendars/<series_slug>/<event_slug>/items/<item_id>.ics")
@needs(None)
@calendars.doc(responses=RESPONSES)
def item_calendar(series_slug: str, event_slug: str, item_id: str) -> Response:
    """One agenda item to download."""
    with transaction(write=False) as session:
        block, changed_at = queries.public_item(session, series_slug, event_slug, item_id)
    return answers.downloaded(single(block), changed_at, filename=f"{event_slug}-{item_id[:8]}")


@calendars.get("/my/calendar/<token>.ics")
@needs(None)
@calendars.doc(responses=RESPONSES | GONE)
def personal_calendar(token: str) -> Response:
    """The calendar of one participant, at its secret address."""
    if token_kind(token) != "evc":
        raise NotFound
    spend("calendars", digest(token))
    find = partial(queries.personal_poll, token=token)
    response = answers.polled(find, cache=answers.PERSONAL, filename="my-programme")
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@calendars.get("/robots.txt")
@needs(None)
def robots_txt() -> Response:
    """What crawlers may fetch: everything; personal calendars say noindex themselves."""
    response = Response(ROBOTS, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response
