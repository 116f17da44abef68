"""What every letter knows: the person, the registration, the event and the links."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from eventsvc.accounts.actions import issue_link
from eventsvc.accounts.models import Organiser
from eventsvc.agenda.actions import Surroundings, surroundings_of
from eventsvc.agenda.actions.surroundings import venue_line
from eventsvc.core import config
from eventsvc.events.models import Event
from eventsvc.events.policy import zone_of
from eventsvc.events.queries.gates import WITHOUT_SERIES
from eventsvc.feeds.actions import calendar_address, calendar_token
from eventsvc.mail.models import OutboxMessage
from eventsvc.post.policy import Ended, Letter
from eventsvc.registration.models import Participant, Registration

LIST = "reminders"


@dataclass(frozen=True)
class Known:
    """One guest of one event, with what calendars and letters say of its places."""

    session: Session
    now: datetime
    event: Event
    registration: Registration
    participant: Participant
    around: Surroundings

    @property
    def organiser(self) -> Organiser:
        """The body that the letter comes from."""
        return self.around.organiser

    @property
    def zone(self) -> str:
        """The IANA zone of the event."""
        return zone_of(self.event)

    @property
    def online(self) -> bool:
        """Whether the guest takes part online: only these get joining links (editions.md §2.7)."""
        return self.registration.mode == "online"


def known(session: Session, message: OutboxMessage, now: datetime) -> Known | Ended:
    """Look up whom and what ``message`` is about; Ended where there is nothing left to say."""
    registration = session.scalars(_registration(message)).first()
    if registration is None or registration.participant.erased_at is not None:
        return Ended("cancelled", "registration gone")
    event = session.get(Event, registration.event_id)
    if event is None or event.recorded:
        return Ended("cancelled", "event gone")
    around = surroundings_of(session, event)
    return Known(session, now, event, registration, registration.participant, around)


def _registration(message: OutboxMessage) -> Any:
    """The registration a message is about; a reminder is about the person's newest."""
    statement = select(Registration).options(joinedload(Registration.participant))
    about = message.payload.get("registration_id")
    if about is not None:
        return statement.where(Registration.id == about)
    return statement.where(
        Registration.participant_id == message.recipient_id,
        Registration.event_id == message.event_id,
    ).order_by(Registration.sequence.desc())


def letter(
    about: Known,
    template: str,
    *,
    calendar: bytes | None = None,
    reminder: bool = False,
    **context: Any,
) -> Letter:
    """The letter with what all of them say; ``reminder``: it can be unsubscribed (§8)."""
    series = about.around.series_slug
    return Letter(
        template=template,
        context={**_common(about), **context},
        sender_name=about.event.title,
        reply_to=about.organiser.email,
        calendar=calendar,
        list_name=LIST if reminder else None,
        unsubscribe_scope=f"event:{about.event.id}" if reminder else None,
        series=None if series == WITHOUT_SERIES else series,
    )


def _common(about: Known) -> dict[str, Any]:
    return {
        "name": about.participant.name,
        "organiser": {"name": about.organiser.name, "email": about.organiser.email},
        "event": event_facts(about),
        "code": about.registration.code,
        "private_link": private_link(about),
    }


def event_facts(about: Known) -> dict[str, Any]:
    """The event as templates show it; instants, and the zone to read them in."""
    event = about.event
    return {
        "title": event.title,
        "starts": event.starts_at,
        "ends": event.ends_at,
        "all_day": event.all_day,
        "zone": about.zone,
        "place": None if about.online else _place(about),
        "online": about.online,
        "join_url": event.join_url if about.online else None,
    }


def _place(about: Known) -> str | None:
    return venue_line(about.around, about.around.venue_of(None))


def private_link(about: Known) -> str:
    """The guest's page. The secret stands in the fragment, which no server sees (row 10)."""
    settings = config.current()
    token = issue_link(
        about.session,
        secret=settings.secret_key,
        registration_id=about.registration.id,
        organiser_id=about.registration.organiser_id,
        event_id=about.event.id,
        now=about.now,
    )
    return f"{settings.base_url}/r#{token}"


def calendar_link(about: Known) -> str:
    """The address of the personal calendar; only the first mail shows it (calendar.md rule 32)."""
    token = calendar_token(
        about.session,
        about.participant.id,
        about.event.id,
        secret=config.current().secret_key,
        now=about.now,
    )
    return calendar_address(token)


def read_instant(text: str | None) -> datetime | None:
    """An instant of a payload."""
    return datetime.fromisoformat(text) if text else None


def days_until(about: Known, starts: datetime) -> int:
    """How many midnights of the event's zone lie between now and ``starts``."""
    there = ZoneInfo(about.zone)
    return (starts.astimezone(there).date() - about.now.astimezone(there).date()).days
