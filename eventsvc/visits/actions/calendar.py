"""What calendars show of visits: the visit itself, and in personal feeds the bus (editions §5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from eventsvc.agenda.actions import Place, Surroundings, in_common, show_items, status_of
from eventsvc.agenda.models import AgendaItem
from eventsvc.agenda.queries import has_public_programme
from eventsvc.core.ids import new_id
from eventsvc.ical.actions import store_all
from eventsvc.ical.policy import CalendarItem
from eventsvc.ical.queries import entries_of
from eventsvc.visits.models import Bus, Visit

DEPARTURE = {"en": "Departure", "de": "Abfahrt", "fr": "Départ"}
BOARDING = timedelta(minutes=15)


def show_visits(
    session: Session,
    around: Surroundings,
    items: Sequence[AgendaItem],
    visits: Sequence[Visit],
    *,
    lost_buses: Iterable[str] = (),
    now: datetime,
) -> None:
    """Store what calendars show of these visits and of their buses.

    ``items`` carry room, track and speakers, ``visits`` buses and stops.
    """
    places = {
        visit.id: Place(visit.meeting_point, visit.place, visit.place_country) for visit in visits
    }
    show_items(session, around, items, places=places, now=now)
    buses = [bus for visit in visits for bus in visit.buses]
    known = entries_of(session, "bus", [bus.id for bus in buses])
    shown: dict[str, CalendarItem | None] = dict.fromkeys(lost_buses)
    for bus in buses:
        uid = known[bus.id].uid if bus.id in known else new_id()
        shown[bus.id] = departure(around, bus, uid=uid)
    scope_id = around.event.id
    store_all(session, owner_kind="bus", scope_id=scope_id, series_id=None, items=shown, now=now)


def departure(around: Surroundings, bus: Bus, *, uid: str) -> CalendarItem | None:
    """The departure of a bus as an item of its own; None while its visit is in no calendar.

    It starts at the first stop and ends a quarter of an hour after the last one.
    """
    item, event = bus.visit.item, around.event
    public = has_public_programme(event) and item.visible and item.starts_at is not None
    if not public or not bus.stops:
        return None
    word = DEPARTURE[around.language]
    first, last = bus.stops[0], bus.stops[-1]
    stops = [f"{stop.leaves_wall:%H:%M} {stop.place}" for stop in bus.stops]
    page = f"{around.page}#{item.id}"
    title = f"{word} {first.place} ({bus.name}): {item.title}"
    return CalendarItem(
        **in_common(around, uid, title, page, status_of(event, item)),
        starts=first.leaves_wall,
        ends=last.leaves_wall + BOARDING,
        zone=item.timezone,
        location=first.place,
        description="\n".join(stops),
        related_to=((around.banner_uid, "PARENT"),) if around.banner_uid else (),
    )
