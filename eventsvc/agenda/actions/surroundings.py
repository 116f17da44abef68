"""What the calendar items of one event have in common, and how they say where and what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from babel import Locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.accounts.models import Organiser
from eventsvc.agenda.models import AgendaItem, Room, SpeakerRole
from eventsvc.agenda.policy import type_label
from eventsvc.agenda.queries import may_be_named
from eventsvc.core import config
from eventsvc.events.models import Event, Series, Venue
from eventsvc.events.queries.gates import WITHOUT_SERIES
from eventsvc.ical.policy import TENTATIVE
from eventsvc.ical.queries import entries_of

POSTPONED = {"en": "[Postponed] ", "de": "[Verschoben] ", "fr": "[Reporté] "}
ONLINE = "Online"


@dataclass(frozen=True)
class Place:
    """Where a visit meets, in place of room and venue; ``country`` is ISO 3166-1 alpha-2."""

    meeting_point: str | None = None
    town: str | None = None
    country: str | None = None


@dataclass(frozen=True)
class Surroundings:
    """What every item of one event has in common in calendars."""

    event: Event
    organiser: Organiser
    series_slug: str
    venues: tuple[Venue, ...]
    banner_uid: str | None
    base_url: str

    @property
    def language(self) -> str:
        """The language of words that we add: the event's first that we speak, else the body's."""
        spoken = [tag.split("-")[0] for tag in (*self.event.languages, self.organiser.language)]
        return next((tag for tag in spoken if tag in POSTPONED), "en")

    @property
    def page(self) -> str:
        """The address of the event's public page."""
        return f"{self.base_url}/events/{self.series_slug}/{self.event.slug}"

    def venue_of(self, room: Room | None) -> Venue | None:
        """The venue of a room; the event's first one where the room names none."""
        first = self.venues[0] if self.venues else None
        if room is None or room.venue_id is None:
            return first
        return next((venue for venue in self.venues if venue.id == room.venue_id), first)


def surroundings_of(session: Session, event: Event) -> Surroundings:
    """Look up what the calendar items of an event share; few queries whatever its size."""
    series = session.get(Series, event.series_id) if event.series_id else None
    venues = select(Venue).where(Venue.event_id == event.id).order_by(Venue.position, Venue.id)
    banner = entries_of(session, "banner", [event.id]).get(event.id)
    return Surroundings(
        event=event,
        organiser=session.get_one(Organiser, event.organiser_id),
        series_slug=series.slug if series else WITHOUT_SERIES,
        venues=tuple(session.scalars(venues)),
        banner_uid=banner.uid if banner else None,
        base_url=config.current().base_url,
    )


def in_common(around: Surroundings, uid: str, title: str, url: str, status: str) -> dict[str, Any]:
    """The fields that items, banners and departures fill in the same way."""
    postponed = around.event.state == "postponed" and status == TENTATIVE
    return {
        "uid": uid,
        "summary": POSTPONED[around.language] + title if postponed else title,
        "url": url,
        "status": status,
        "organizer_name": around.organiser.name,
        "organizer_email": around.organiser.email,
        "language": around.language,
    }


def location_of(around: Surroundings, item: AgendaItem, place: Place | None) -> str | None:
    """LOCATION of an item, most specific part first (rule 23)."""
    if item.mode == "online":
        return ONLINE
    if place is not None:
        return _joined(place.meeting_point, place.town, country_name(place.country))
    return venue_line(around, around.venue_of(item.room), item.room)


def venue_line(around: Surroundings, venue: Venue | None, room: Room | None = None) -> str | None:
    """``Room, Venue, Street No, Postcode City, Country``; without a venue the event's town."""
    name = room.name if room else None
    if venue is None:
        event = around.event
        if event.mode == "online":
            return ONLINE
        return _joined(name, event.city, country_name(event.country))
    town = " ".join(filter(None, [venue.postcode, venue.city or around.event.city]))
    country = country_name(venue.country or around.event.country)
    return _joined(name, venue.name, venue.street, town, country)


def _joined(*parts: str | None) -> str | None:
    return ", ".join(filter(None, parts)) or None


def country_name(code: str | None) -> str | None:
    """The English name of a country: addresses are written for whoever travels there."""
    return Locale("en").territories.get(code, code) if code else None


def geo_of(venue: Venue | None) -> tuple[float, float] | None:
    """Latitude and longitude of a venue, where both are known."""
    if venue is None or venue.latitude is None or venue.longitude is None:
        return None
    return (venue.latitude, venue.longitude)


def description_of(event: Event, item: AgendaItem) -> str | None:
    """Abstract, then the speakers that may be named (rule 24)."""
    named = [_named(role) for role in item.speakers if may_be_named(role, event)]
    return "\n".join(filter(None, [item.abstract, *named])) or None


def _named(role: SpeakerRole) -> str:
    # of a past event only names are public; what stands beside them needs consent
    affiliation = role.affiliation if role.publish else None
    return _joined(role.name_printed, affiliation) or role.name_printed


def categories_of(item: AgendaItem) -> tuple[str, ...]:
    """Type, then track (rule 24)."""
    track = (item.track.name,) if item.track else ()
    return (type_label(item.type), *track)
