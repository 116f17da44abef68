"""What is in each list: a header, then one row for each person, booking or item.

A fixed number of queries for each, whatever the size. Addresses are for managing roles alone
(api.md §10); erased people have no name any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from eventsvc.agenda.models import AgendaItem
from eventsvc.agenda.policy import SESSION, VISIT
from eventsvc.agenda.queries import programme
from eventsvc.bookings.models import Booking, CheckIn
from eventsvc.bookings.queries import bookings
from eventsvc.core.tables import Cell
from eventsvc.core.text import zoned_instant
from eventsvc.directory.models import Organisation
from eventsvc.events.models import Event, OrganisationRole
from eventsvc.events.policy import zone_of
from eventsvc.registration.models import Registration
from eventsvc.registration.policy import HOLDING
from eventsvc.registration.queries import registrations
from eventsvc.visits.models import Bus

Rows = Iterable[Sequence[Cell]]
ADDRESSES = ("email", "contact_email")


@dataclass(frozen=True)
class Listed:
    """A list: the names of its columns, and its rows."""

    header: tuple[str, ...]
    rows: Rows


def listed(session: Session, event: Event, kind: str, *, addresses: bool) -> Listed:
    """The list of one kind; ``addresses``: with e-mail, where it has any."""
    return LISTS[kind](session, event, addresses)


def _moment(moment: Any, event: Event) -> str | None:
    return None if moment is None else zoned_instant(moment, zone_of(event))


PERSON = ("code", "name", "organisation", "country", "job_title", "type", "mode", "state")


def _person(row: Registration) -> tuple[Cell, ...]:
    who = row.participant
    return (
        row.code, who.name, who.organisation_name, who.country, who.job_title, who.type,
        row.mode, row.state,
    )  # fmt: skip


def _addresses(row: Registration, shown: bool) -> tuple[Cell, ...]:
    return (row.email, row.contact_email) if shown else ()


def _registrations(session: Session, event: Event, shown: bool) -> Listed:
    """Everybody who ever registered, in order."""
    found = session.scalars(registrations(event.id).order_by(Registration.sequence))
    times = ("created_at", "confirmed_at", "cancelled_at", "attended_at")
    rows = (
        (
            *(row.external_id, *_person(row), row.sequence),
            *(_moment(getattr(row, name), event) for name in times),
            *_addresses(row, shown),
        )
        for row in found
    )
    addresses = ADDRESSES if shown else ()
    return Listed(("external_id", *PERSON, "sequence", *times, *addresses), rows)


def _participants(session: Session, event: Event, shown: bool) -> Listed:
    """Who holds a place, by name."""
    statement = registrations(event.id).where(Registration.state.in_(HOLDING))
    found = sorted(session.scalars(statement), key=lambda row: (row.participant.name, row.id))
    rows = ((*_person(row), *_addresses(row, shown)) for row in found)
    return Listed((*PERSON, *(ADDRESSES if shown else ())), rows)


def _bookings(session: Session, event: Event, shown: bool) -> Listed:
    """Every booking of a session or visit."""
    order = (AgendaItem.day, AgendaItem.starts_at, AgendaItem.id, Booking.sequence)
    statement = bookings(event.id).join(AgendaItem, AgendaItem.id == Booking.item_id)
    names = _bus_names(session, event)
    rows = (
        (
            *(row.item.title, row.item.kind, _moment(row.item.starts_at, event)),
            *(row.state, row.sequence, names.get(row.bus_id or "")),
            *(row.registration.code, row.registration.participant.name),
            *(row.registration.participant.organisation_name,),
            *_addresses(row.registration, shown),
        )
        for row in session.scalars(statement.order_by(*order))
    )
    header = (
        "item", "kind", "starts_at", "state", "sequence", "bus", "code", "name", "organisation",
        *(ADDRESSES if shown else ()),
    )  # fmt: skip
    return Listed(header, rows)


def _bus_names(session: Session, event: Event) -> dict[str, str]:
    statement = select(Bus.id, Bus.name).where(Bus.event_id == event.id)
    return {row[0]: row[1] for row in session.execute(statement)}


def _passengers(session: Session, event: Event, _shown: bool) -> Listed:
    """Who goes on which visit in which bus: those who hold a seat, by name."""
    names = _bus_names(session, event)
    statement = (
        bookings(event.id)
        .join(AgendaItem, AgendaItem.id == Booking.item_id)
        .where(AgendaItem.kind == VISIT, Booking.state.in_(HOLDING))
    )
    found = sorted(
        session.scalars(statement),
        key=lambda row: (
            *(row.item.day or 0, row.item.title, names.get(row.bus_id or "", "")),
            *(row.registration.participant.name, row.id),
        ),
    )
    rows = (
        (
            *(row.item.title, _moment(row.item.starts_at, event), names.get(row.bus_id or "")),
            *(row.registration.participant.name, row.registration.participant.organisation_name),
            *(row.registration.code, row.state),
        )
        for row in found
    )
    return Listed(("visit", "starts_at", "bus", "name", "organisation", "code", "state"), rows)


def _attendance(session: Session, event: Event, _shown: bool) -> Listed:
    """Every check-in at the event and its items; undone ones say when."""
    statement = (
        select(CheckIn)
        .where(CheckIn.event_id == event.id)
        .order_by(CheckIn.at, CheckIn.id)
        .options(joinedload(CheckIn.registration).joinedload(Registration.participant))
    )
    titles = select(AgendaItem.id, AgendaItem.title).where(AgendaItem.event_id == event.id)
    items: dict[str, str] = {row[0]: row[1] for row in session.execute(titles)}
    rows = (
        (
            *(row.registration.code, row.registration.participant.name),
            *(row.registration.participant.organisation_name, row.registration.mode),
            *(items.get(row.item_id or "", event.title), row.item_id is not None),
            *(_moment(row.at, event), _moment(row.undone_at, event)),
        )
        for row in session.scalars(statement)
    )
    header = ("code", "name", "organisation", "mode", "at", "item", "checked_in_at", "undone_at")
    return Listed(header, rows)


OF_ITEM = (
    "external_id", "kind", "type", "title", "day", "starts_at", "ends_at", "room", "track",
    "mode", "capacity", "bookable", "state", "visible", "languages", "speakers", "abstract",
)  # fmt: skip


def _items(session: Session, event: Event, *kinds: str) -> Listed:
    items = [item for item in programme(session, event) if item.kind in kinds]
    rows = (
        (
            *(item.external_id or item.id, item.kind, item.type, item.title, item.day),
            *(_moment(item.starts_at, event), _moment(item.ends_at, event)),
            *(item.room.name if item.room else None, item.track.name if item.track else None),
            *(item.mode, item.capacity, item.bookable, item.state, item.visible),
            *("; ".join(item.languages), "; ".join(role.name_printed for role in item.speakers)),
            item.abstract,
        )
        for item in items
    )
    return Listed(OF_ITEM, rows)


def _sessions(session: Session, event: Event, _shown: bool) -> Listed:
    return _items(session, event, SESSION)


def _programme(session: Session, event: Event, _shown: bool) -> Listed:
    return _items(session, event, SESSION, VISIT)


def _organisations(session: Session, event: Event, _shown: bool) -> Listed:
    """The organisations of the event by role."""
    statement = (
        select(OrganisationRole, Organisation)
        .join(Organisation, Organisation.id == OrganisationRole.organisation_id)
        .where(OrganisationRole.event_id == event.id)
        .order_by(OrganisationRole.role, OrganisationRole.position, OrganisationRole.id)
    )
    rows = (
        (
            *(role.role, role.position, entry.external_id, entry.name, entry.short_name),
            *(entry.kind, entry.city, entry.country, entry.website),
        )
        for role, entry in session.execute(statement)
    )
    header = (
        "role", "position", "external_id", "name", "short_name", "kind", "city", "country",
        "website",
    )  # fmt: skip
    return Listed(header, rows)


LISTS: dict[str, Callable[[Session, Event, bool], Listed]] = {
    "participants": _participants,
    "registrations": _registrations,
    "bookings": _bookings,
    "passengers": _passengers,
    "attendance": _attendance,
    "sessions": _sessions,
    "organisations": _organisations,
    "programme": _programme,
}
