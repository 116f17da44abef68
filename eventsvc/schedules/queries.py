"""The programme of an event as one document: what goes into a file, and what comes out of one.

``schema_version`` 1: ``timezone``, ``rooms``, ``tracks``, ``speakers`` (persons), ``sessions``
(sessions and visits in programme order) and ``roles`` (on the whole event). Things are named by
``external_id``, or by our id where they have none, so that a file fits into another event.
Left out: addresses to join online, internal notes, states and bookings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.agenda.models import AgendaItem, Room, SpeakerRole, Track
from eventsvc.agenda.policy import CANCELLED, VISIT
from eventsvc.agenda.queries import may_be_named, programme, speakers_of
from eventsvc.core.text import zoned_instant
from eventsvc.directory.models import Organisation, Person
from eventsvc.events.models import Event
from eventsvc.visits.models import Visit

SCHEMA_VERSION = 1
PLAIN = (
    "kind", "type", "title", "title_printed", "abstract", "position", "slot_text",
    "parallel_group", "stands_for", "mode", "capacity", "bookable", "waiting_list_limit",
    "languages", "source",
)  # fmt: skip
OF_ROOM = ("name", "slug", "capacity", "accessible", "position")
OF_TRACK = ("name", "slug", "color", "position")
OF_VISIT = (
    "place", "place_country", "subject", "meeting_point", "identity_fields", "identity_purpose",
    "practical",
)  # fmt: skip
OF_POINT = ("order", "title", "deadline", "funder", "note")
OF_ROLE = ("role", "position", "affiliation", "job_title", "country", "publish", "source")
INSTANTS = ("starts_at", "ends_at", "booking_opens_at", "booking_closes_at")


def schedule_of(session: Session, event: Event, *, public: bool = False) -> dict[str, Any]:
    """The document of an event, in a fixed number of queries.

    ``public``: only what everybody may see: visible items that are not cancelled, and speakers
    who may be named.
    """
    items = programme(session, event, shown_only=public)
    items = [item for item in items if not public or item.state != CANCELLED]
    general = _in_order(role for role in speakers_of(session, event) if role.item_id is None)
    roles = [*general, *(role for item in items for role in _in_order(item.speakers))]
    if public:
        roles = [role for role in roles if may_be_named(role, event)]
    known = _Known(session, event, items, roles)
    return {
        "schema_version": SCHEMA_VERSION,
        "timezone": event.timezone,
        "rooms": [_told(room, OF_ROOM, known.name(room)) for room in known.rooms.values()],
        "tracks": [{name: getattr(track, name) for name in OF_TRACK} for track in known.tracks],
        "speakers": known.speakers(),
        "sessions": [known.item(item) for item in items],
        "roles": known.roles(general),
    }


def _in_order(roles: Iterable[SpeakerRole]) -> list[SpeakerRole]:
    """Roles by position; the same order in every event that has them."""
    return sorted(roles, key=lambda role: (role.position, role.name_printed, role.role))


def _told(thing: Any, names: Iterable[str], external_id: str) -> dict[str, Any]:
    return {"external_id": external_id, **{name: getattr(thing, name) for name in names}}


class _Known:
    """What the items of one programme refer to."""

    def __init__(
        self, session: Session, event: Event, items: list[AgendaItem], roles: list[SpeakerRole]
    ) -> None:
        def all_of(model: Any) -> list[Any]:
            order = (model.position, model.name, model.slug)
            statement = select(model).where(model.event_id == event.id).order_by(*order)
            return list(session.scalars(statement))

        self.rooms: dict[str, Room] = {room.id: room for room in all_of(Room)}
        self.tracks: list[Track] = all_of(Track)
        self.items = {item.id: item for item in items}
        self.kept = {role.id for role in roles}
        self.zone = event.timezone
        visits = select(Visit).where(Visit.event_id == event.id)
        self.visits = {visit.id: visit for visit in session.scalars(visits)}
        persons = select(Person).where(Person.id.in_({role.person_id for role in roles}))
        self.persons = {person.id: person for person in session.scalars(persons)}
        self.order = list(dict.fromkeys(role.person_id for role in roles))
        hosts = {visit.host_organisation_id for visit in self.visits.values()} - {None}
        named = select(Organisation.id, Organisation.name).where(Organisation.id.in_(hosts))
        self.hosts: dict[str, str] = {row[0]: row[1] for row in session.execute(named)}

    def name(self, thing: Any) -> str:
        """How a room or item is named in the file."""
        return str(thing.external_id or thing.id)

    def speakers(self) -> list[dict[str, Any]]:
        """The persons, numbered in the order in which they appear."""
        return [
            {"id": str(number), "name": person.name, "country": person.country}
            for number, person in enumerate((self.persons[key] for key in self.order), start=1)
        ]

    def roles(self, roles: Iterable[SpeakerRole]) -> list[dict[str, Any]]:
        """Roles with the number of the person, and the name as printed here."""
        return [
            {
                "speaker": str(self.order.index(role.person_id) + 1),
                "name": role.name_printed,
                **{name: getattr(role, name) for name in OF_ROLE},
            }
            for role in roles
            if role.id in self.kept
        ]

    def item(self, item: AgendaItem) -> dict[str, Any]:
        """A session or visit."""
        zone = item.timezone
        told = _told(item, PLAIN, self.name(item))
        told |= {name: _instant(getattr(item, name), zone) for name in INSTANTS}
        block = self.items.get(item.block_id or "")
        told |= {
            "day": item.day if item.starts_at is None else None,
            "timezone": item.zone,
            "room": self.name(item.room) if item.room else None,
            "track": item.track.slug if item.track else None,
            "block": self.name(block) if block else None,
            "cancelled": item.state == CANCELLED,
            "points": [{n: p[n] for n in OF_POINT if n in p} for p in item.points],
            "speakers": self.roles(_in_order(item.speakers)),
        }
        return told | (self._visit(item.id, zone) if item.kind == VISIT else {})

    def _visit(self, item_id: str, zone: str) -> dict[str, Any]:
        visit = self.visits[item_id]
        deadline = _instant(visit.identity_data_deadline, zone)
        own: Mapping[str, Any] = {name: getattr(visit, name) for name in OF_VISIT}
        host = self.hosts.get(visit.host_organisation_id or "")
        practical = dict(own["practical"])
        return {
            "visit": {**own, "practical": practical, "identity_data_deadline": deadline},
            "host": host,
        }


def _instant(moment: datetime | None, zone: str) -> str | None:
    return None if moment is None else zoned_instant(moment, zone)
