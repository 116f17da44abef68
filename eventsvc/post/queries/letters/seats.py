"""Sessions and visits as letters show them, with the guest's own seats and buses."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload
from sqlalchemy.sql import Select

from eventsvc.agenda.actions.surroundings import Place, location_of
from eventsvc.agenda.models import AgendaItem
from eventsvc.agenda.policy import SESSION, join_url_of
from eventsvc.agenda.queries import belonging
from eventsvc.bookings.models import Booking
from eventsvc.post.queries.letters.known import Known
from eventsvc.visits.models import Bus, Stop, Visit

SEATED = ("confirmed", "offered", "attended")
WAITING = ("waitlisted",)


def booking_of(about: Known, item_id: str) -> Booking | None:
    """The guest's standing booking of an item."""
    return about.session.scalars(
        select(Booking).where(
            Booking.registration_id == about.registration.id,
            Booking.item_id == item_id,
            Booking.state != "cancelled",
        )
    ).first()


def item_of(about: Known, item_id: str) -> AgendaItem | None:
    """An item of the event with its room."""
    found = about.session.scalars(_items(about).where(AgendaItem.id == item_id)).first()
    if found is not None:
        belonging(about.event, [found])
    return found


def item_facts(about: Known, item: AgendaItem, booking: Booking | None = None) -> dict[str, Any]:
    """One item as templates show it, with the stops of the guest's bus."""
    return _facts(about, [item], {item.id: booking} if booking else {})[0]


def facts_by_item(about: Known, item_ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """These items of the event that guests can see, as templates show them, and ``cancelled``."""
    wanted = AgendaItem.id.in_(list(item_ids)), AgendaItem.visible
    items = list(about.session.scalars(_items(about).where(*wanted)))
    belonging(about.event, items)
    facts = zip(items, _facts(about, items, {}), strict=True)
    return {item.id: {**shown, "cancelled": item.state == "cancelled"} for item, shown in facts}


def own_programme(about: Known) -> list[dict[str, Any]]:
    """What the guest has booked or waits for, by day: ``on`` and ``entries``."""
    return _by_day(about, _own(about))


def day_programme(about: Known, day: date) -> list[dict[str, Any]]:
    """What is on for the guest on ``day``: own bookings and what is for everybody."""
    items = [item for item in _for_guest(about) if _day(item) == day]
    return _by_day(about, items)


def _items(about: Known) -> Select[AgendaItem]:
    return (
        select(AgendaItem)
        .where(AgendaItem.event_id == about.event.id)
        .options(joinedload(AgendaItem.room))
    )


def _booked_by(about: Known) -> Select[Any]:
    return select(Booking.item_id).where(
        Booking.registration_id == about.registration.id,
        Booking.state.in_([*SEATED, *WAITING]),
    )


def _own(about: Known) -> list[AgendaItem]:
    statement = _items(about).where(
        AgendaItem.id.in_(_booked_by(about)), AgendaItem.state != "cancelled"
    )
    return _timed(about, statement)


def _for_guest(about: Known) -> list[AgendaItem]:
    """As in the personal calendar: booked items, and shown sessions beside nothing else."""
    mode = about.registration.mode
    everybody = and_(
        AgendaItem.kind == SESSION,
        AgendaItem.bookable.is_(False),
        AgendaItem.parallel_group.is_(None),
        or_(AgendaItem.mode.is_(None), AgendaItem.mode.in_([mode, "hybrid"])),
    )
    statement = _items(about).where(
        AgendaItem.visible.is_(True),
        AgendaItem.state != "cancelled",
        or_(everybody, AgendaItem.id.in_(_booked_by(about))),
    )
    return _timed(about, statement)


def _timed(about: Known, statement: Select[AgendaItem]) -> list[AgendaItem]:
    shown = statement.where(AgendaItem.starts_at.is_not(None))
    items = list(about.session.scalars(shown.order_by(AgendaItem.starts_at, AgendaItem.position)))
    belonging(about.event, items)
    return items


def _day(item: AgendaItem) -> date | None:
    return item.starts_wall.date() if item.starts_wall else None


def _by_day(about: Known, items: list[AgendaItem]) -> list[dict[str, Any]]:
    bookings = {
        booking.item_id: booking
        for booking in about.session.scalars(
            select(Booking).where(
                Booking.registration_id == about.registration.id, Booking.state != "cancelled"
            )
        )
    }
    days: dict[date | None, list[dict[str, Any]]] = {}
    for item, facts in zip(items, _facts(about, items, bookings), strict=True):
        days.setdefault(_day(item), []).append(facts)
    return [
        {"on": day, "entries": sorted(entries, key=lambda entry: entry["begins"])}
        for day, entries in days.items()
        if day is not None
    ]


def _facts(
    about: Known, items: Collection[AgendaItem], bookings: Mapping[str, Booking]
) -> list[dict[str, Any]]:
    visits = {item.id for item in items if item.kind != SESSION}
    places = _meeting_points(about, visits)
    buses = _buses(about, {booking.bus_id for booking in bookings.values() if booking.bus_id})
    return [_fact(about, item, bookings.get(item.id), places.get(item.id), buses) for item in items]


def _fact(
    about: Known,
    item: AgendaItem,
    booking: Booking | None,
    place: Place | None,
    buses: Mapping[str, dict[str, Any]],
) -> dict[str, Any]:
    bus = buses.get(booking.bus_id or "") if booking else None
    stops: Iterable[dict[str, Any]] = bus["stops"] if bus else ()
    online = item.kind == SESSION and (item.mode == "online" or about.online)
    begins = [stop["leaves"] for stop in stops] + ([item.starts_at] if item.starts_at else [])
    return {
        "title": item.title,
        "starts": item.starts_at,
        "ends": item.ends_at,
        "begins": min(begins, default=about.now),
        "all_day": False,
        "zone": item.timezone,
        "place": None if online else location_of(about.around, item, place),
        "online": online,
        "join_url": join_url_of(item.mode, item.join_url, about.event.join_url) if online else None,
        "waiting": booking is not None and booking.state in WAITING,
        "bus": bus["name"] if bus else None,
        "stops": list(stops),
    }


def _meeting_points(about: Known, visit_ids: set[str]) -> dict[str, Place]:
    if not visit_ids:
        return {}
    rows = about.session.scalars(select(Visit).where(Visit.id.in_(visit_ids)))
    return {
        visit.id: Place(visit.meeting_point, visit.place, visit.place_country) for visit in rows
    }


def _buses(about: Known, bus_ids: set[str]) -> dict[str, dict[str, Any]]:
    """Name and stops of buses, in the order of departure."""
    if not bus_ids:
        return {}
    rows = about.session.execute(
        select(Bus.id, Bus.name, Stop.place, Stop.leaves_at)
        .outerjoin(Stop, Stop.bus_id == Bus.id)
        .where(Bus.id.in_(bus_ids))
        .order_by(Stop.leaves_at, Stop.position)
    )
    found: dict[str, dict[str, Any]] = {}
    for bus_id, name, place, leaves_at in rows:
        bus = found.setdefault(bus_id, {"name": name, "stops": []})
        if leaves_at is not None:
            bus["stops"].append({"place": place, "leaves": leaves_at})
    return found


def first_departure(about: Known, bus_id: str) -> datetime | None:
    """When a bus leaves its first stop."""
    bus = _buses(about, {bus_id}).get(bus_id)
    return bus["stops"][0]["leaves"] if bus and bus["stops"] else None
