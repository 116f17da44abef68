"""The doors of bookings: staff by item, guests by private link, availability for all."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.agenda.queries import item_for
from eventsvc.bookings import actions, queries, schemas
from eventsvc.bookings.models import Booking
from eventsvc.core import clock
from eventsvc.core.http import LINK, Door, actor, expect, needs
from eventsvc.core.pages import Page, page
from eventsvc.events import queries as events
from eventsvc.registration.actions import lock
from eventsvc.registration.queries import registration_linked

door = Door(
    "bookings",
    __name__,
    url_prefix="/api/v1/events/<event_id>",
    description="Seats in sessions and site visits",
)
public_door = Door(
    "public-availability",
    __name__,
    url_prefix="/api/v1/public/events/<series_slug>/<event_slug>",
    description="Places left, for everybody",
)
my_door = Door(
    "my-bookings",
    __name__,
    url_prefix="/api/v1/my/bookings",
    description="The guest's own bookings, by private link",
)
SORTS = {"sequence": Booking.sequence, "created_at": Booking.created_at}


def _one(session: Session, booking: Booking) -> Any:
    return schemas.shown(booking, queries.positions(session, [booking]).get(booking.id))


def _many(session: Session, statement: Any, query: dict[str, Any], default: str) -> Page:
    if query.get("state"):
        statement = statement.where(Booking.state.in_(query["state"]))
    found = page(session, statement, query, sorts=SORTS, default=default)
    ranks = queries.positions(session, found.items)
    items = [schemas.shown(row, ranks.get(row.id)) for row in found.items]
    return Page(items, found.next_cursor, found.total)


def _of_item(session: Session, query: dict[str, Any], event_id: str, item: str, kind: str) -> Page:
    found = item_for(session, events.event_for(session, actor(), event_id), item, kind)
    statement = queries.bookings(event_id).where(Booking.item_id == found.id)
    return _many(session, statement, query, "sequence")


def _book(session: Session, body: dict[str, Any], event_id: str, item: str, kind: str) -> Any:
    made = actions.book(
        session,
        actor(),
        event_id,
        item,
        body["registration_id"],
        bus_id=body["bus_id"],
        stop_id=body["stop_id"],
        kind=kind,
        now=clock.now(session),
    )
    return _one(session, made)


@door.get("/sessions/<session_id>/bookings")
@needs("registrations:read", gate="event")
@door.query(schemas.BookingsQuery)
@door.lists(schemas.BookingOut, sort=tuple(SORTS))
def list_session_bookings(
    session: Session, query: dict[str, Any], event_id: str, session_id: str
) -> Page:
    """Bookings of a session."""
    return _of_item(session, query, event_id, session_id, "session")


@door.post("/sessions/<session_id>/bookings")
@needs("registrations:write", gate="event")
@door.body(schemas.BookingBody)
@door.writes(201, schemas.BookingOut, location="/api/v1/events/{event_id}/bookings/{id}")
def book_session(session: Session, body: dict[str, Any], event_id: str, session_id: str) -> Any:
    """Book a seat in a session, or a place in its waiting list."""
    return _book(session, body, event_id, session_id, "session")


@door.get("/site-visits/<site_visit_id>/bookings")
@needs("registrations:read", gate="event")
@door.query(schemas.BookingsQuery)
@door.lists(schemas.BookingOut, sort=tuple(SORTS))
def list_visit_bookings(
    session: Session, query: dict[str, Any], event_id: str, site_visit_id: str
) -> Page:
    """Bookings of a site visit."""
    return _of_item(session, query, event_id, site_visit_id, "visit")


@door.post("/site-visits/<site_visit_id>/bookings")
@needs("registrations:write", gate="event")
@door.body(schemas.BookingBody)
@door.writes(201, schemas.BookingOut, location="/api/v1/events/{event_id}/bookings/{id}")
def book_visit(session: Session, body: dict[str, Any], event_id: str, site_visit_id: str) -> Any:
    """Book a seat on a site visit, or a place in its waiting list."""
    return _book(session, body, event_id, site_visit_id, "visit")


@door.get("/bookings/<booking_id>")
@needs("registrations:read", gate="event")
@door.reads(schemas.BookingOut, computed=True)
def read_booking(session: Session, event_id: str, booking_id: str) -> Any:
    """One booking."""
    event = events.event_for(session, actor(), event_id)
    return _one(session, queries.booking_for(session, event, booking_id))


@door.post("/bookings/<booking_id>/transitions")
@needs("registrations:write", gate="event")
@door.body(schemas.StaffBookingTransitionBody)
@door.writes(200, schemas.BookingOut, precondition=False)
def move_booking(session: Session, body: dict[str, Any], event_id: str, booking_id: str) -> Any:
    """Cancel, promote, or mark attendance."""
    event, now = lock(session, event_id), clock.now(session)
    expect(queries.booking_for(session, event, booking_id))
    return _one(session, actions.transition(session, actor(), event_id, booking_id, body, now=now))


@door.get("/availability")
@needs("registrations:read", gate="event")
@door.reads(schemas.AvailabilityOut)
def read_availability(session: Session, event_id: str) -> Any:
    """Places by event, session and visit."""
    event = events.event_for(session, actor(), event_id)
    return queries.availability(session, event, shown_only=False, now=clock.now(session))


@public_door.get("/availability")
@needs(None)
@public_door.reads(schemas.AvailabilityOut)
def read_public_availability(session: Session, series_slug: str, event_slug: str) -> Any:
    """Places by event, session and visit, as the public may know them."""
    event = events.public_event(session, series_slug, event_slug)
    return queries.availability(session, event, shown_only=True, now=clock.now(session))


@my_door.get("")
@needs(LINK)
@my_door.query(schemas.BookingsQuery)
@my_door.lists(schemas.BookingOut, sort=tuple(SORTS))
def list_own_bookings(session: Session, query: dict[str, Any]) -> Page:
    """The guest's own bookings."""
    own = registration_linked(session, actor())
    statement = queries.bookings(own.event_id).where(Booking.registration_id == own.id)
    return _many(session, statement, query, "created_at")


@my_door.post("")
@needs(LINK)
@my_door.body(schemas.OwnBookingBody)
@my_door.writes(201, schemas.BookingOut, location="/api/v1/my/bookings")
def book_own(session: Session, body: dict[str, Any]) -> Any:
    """Book a seat in a session or on a visit."""
    own, now = registration_linked(session, actor()), clock.now(session)
    place = (own.event_id, body["item_id"], own.id)
    made = actions.book(
        session, actor(), *place, bus_id=body["bus_id"], stop_id=body["stop_id"], now=now
    )
    return _one(session, made)


@my_door.post("/<booking_id>/transitions")
@needs(LINK)
@my_door.body(schemas.BookingTransitionBody)
@my_door.writes(200, schemas.BookingOut, precondition=False)
def move_own_booking(session: Session, body: dict[str, Any], booking_id: str) -> Any:
    """Give a seat back, or answer an offer."""
    event, now = lock(session, actor().event_id or ""), clock.now(session)
    mine = registration_linked(session, actor()).id
    expect(queries.booking_for(session, event, booking_id, registration_id=mine))
    return _one(session, actions.transition(session, actor(), event.id, booking_id, body, now=now))
