"""What is printed of a programme, gathered as plain values; a fixed number of statements."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.agenda.models import AgendaItem, Publication, Room
from eventsvc.agenda.pdf import (
    LANGUAGES,
    PrintedEvent,
    PrintedItem,
    PrintedPerson,
    PrintedRoom,
)
from eventsvc.agenda.policy import CANCELLED, GONE_ROLES
from eventsvc.agenda.queries.items import programme
from eventsvc.agenda.queries.places import room_for
from eventsvc.agenda.queries.public import may_be_named
from eventsvc.agenda.queries.shown import refuse_hidden_programme
from eventsvc.events.models import Event, Venue
from eventsvc.events.policy import wall_of, zone_of
from eventsvc.events.queries import credit_of, credited


def language_for(event: Event, asked: str | None) -> str:
    """The language of a document: as asked, else the event's first that we speak, else English."""
    spoken = (tag.split("-")[0] for tag in event.languages)
    return asked or next((tag for tag in spoken if tag in LANGUAGES), "en")


def printed(session: Session, event: Event, *, public: bool) -> PrintedEvent:
    """A programme as it is printed, without what was cancelled.

    ``public``: only visible items, and speakers who agreed to be named. For the organisers it is
    the present draft, unless all of it was published.

    Raises:
        NotFound: ``public``, and the event was not published.
    """
    if public:
        refuse_hidden_programme(event)
    items = [
        item for item in programme(session, event, shown_only=public) if item.state != CANCELLED
    ]
    newest = select(Publication.at).where(Publication.event_id == event.id)
    published = session.scalars(newest.order_by(Publication.number.desc()).limit(1)).first()
    at = published or event.first_published_at or event.created_at
    out = public or (published is not None and all(item.visible for item in items))
    return PrintedEvent(
        title=event.title,
        theme=event.theme,
        place=_place(session, event),
        country=event.country,
        credit=credit_of(credited(session, event.id)),
        state=event.state,
        first_day=event.starts_wall.date() if event.starts_wall else None,
        last_day=_last_day(event),
        color=event.color,
        at=at,
        published_on=wall_of(at, zone_of(event)).date() if out else None,
        items=tuple(_item(event, item, public=public) for item in items),
    )


def _last_day(event: Event) -> date | None:
    # 24:00 belongs to the day that ends
    return (event.ends_wall - timedelta(seconds=1)).date() if event.ends_wall else None


def _place(session: Session, event: Event) -> str | None:
    houses = select(Venue).where(Venue.event_id == event.id).order_by(Venue.position, Venue.id)
    house = session.scalars(houses.limit(1)).first()
    if house is None:
        return event.city
    town = " ".join(filter(None, [house.postcode, house.city or event.city]))
    return ", ".join(filter(None, [house.name, house.street, town]))


def _item(event: Event, item: AgendaItem, *, public: bool) -> PrintedItem:
    roles = [role for role in item.speakers if role.state not in GONE_ROLES]
    if public:
        roles = [role for role in roles if may_be_named(role, event)]
    named = [
        PrintedPerson(
            role.name_printed, role.role, role.affiliation if role.publish or not public else None
        )
        for role in roles
    ]
    return PrintedItem(
        kind=item.type,
        title=item.title,
        day=item.day,
        starts=item.starts_wall,
        ends=item.ends_wall,
        zone=item.zone if item.zone != event.timezone else None,
        slot_text=item.slot_text,
        room_id=item.room_id,
        room=item.room.name if item.room else None,
        track=item.track.name if item.track else None,
        mode=item.mode,
        languages=tuple(item.languages),
        people=tuple(named),
        capacity=item.places,
        join_url=item.join_url is not None,
        hidden=not item.visible,
    )


def printed_rooms(session: Session, event: Event, room_id: str | None = None) -> list[PrintedRoom]:
    """The rooms of an event in order, or one of them, with their houses.

    Raises:
        NotFound: there is no such room.
    """
    if room_id is not None:
        room_for(session, event, room_id)
    rows = (
        select(Room.id, Room.name, Venue.name.label("house"))
        .outerjoin(Venue, Venue.id == Room.venue_id)
        .where(Room.event_id == event.id)
        .order_by(Room.position, Room.name, Room.id)
    )
    if room_id is not None:
        rows = rows.where(Room.id == room_id)
    return [PrintedRoom(row.id, row.name, row.house) for row in session.execute(rows)]
