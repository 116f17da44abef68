"""Announcements: the organiser's own words, with placeholders filled for each person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel import Locale, UnknownLocaleError
from markupsafe import Markup
from sqlalchemy.orm import Session

from eventsvc.agenda.actions import Surroundings, surroundings_of
from eventsvc.agenda.actions.surroundings import venue_line
from eventsvc.core.text import markdown_html
from eventsvc.events.models import Event
from eventsvc.events.policy import zone_of
from eventsvc.events.queries.gates import WITHOUT_SERIES
from eventsvc.mail.models import OutboxMessage
from eventsvc.post.policy import Ended, Letter
from eventsvc.post.queries.letters.known import Known, known, private_link
from eventsvc.post.text import span_in
from eventsvc.registration.models import Participant
from eventsvc.reminders.models import Announcement
from eventsvc.reminders.policy import filled, filled_html, text_for

LIST = "announcements"
PURPOSE = "announcement"
GONE = Ended("cancelled", "participant gone")


@dataclass(frozen=True, kw_only=True)
class Reader:
    """What an announcement says of one person; None where there is nothing to say."""

    name: str
    online: bool = False
    code: str | None = None
    private_link: str | None = None


def announcement(session: Session, message: OutboxMessage, now: datetime) -> Letter | Ended:
    """The words of an announcement for one person, unless it was stopped meanwhile."""
    found = session.get(Announcement, message.subject_id)
    event = session.get(Event, message.event_id)
    if found is None or event is None or found.state == "cancelled":
        return Ended("cancelled", "announcement cancelled")
    reader = _reader(session, message, now)
    if isinstance(reader, Ended):
        return reader
    text = text_for(found.texts, message.locale)
    return announced(event, surroundings_of(session, event), text, reader)


def announced(
    event: Event, around: Surroundings, text: Mapping[str, Any], reader: Reader
) -> Letter:
    """The letter with one of an announcement's texts. Values come last (security.md row 21)."""
    values = _values(event, around, text["language"], reader)
    plain = {**values, "private_link": reader.private_link}
    subject = filled(text["subject"], {**plain, "private_link": None})
    organiser = around.organiser
    series = around.series_slug
    return Letter(
        template="announcement",
        context={
            "name": reader.name,
            "event": {"title": event.title},
            "organiser": {"name": organiser.name, "email": organiser.email},
            "subject": subject,
            "text": filled(text["body"], plain),
            # sanitised before the values came in, and those are escaped
            "html": Markup(filled_html(markdown_html(text["body"]), plain)),  # noqa: S704
        },
        sender_name=event.title,
        reply_to=organiser.email,
        list_name=LIST,
        unsubscribe_scope=f"event:{event.id}:{PURPOSE}",
        series=None if series == WITHOUT_SERIES else series,
        language=text["language"],
    )


def _reader(session: Session, message: OutboxMessage, now: datetime) -> Reader | Ended:
    if message.payload.get("registration_id") is None:
        person = session.get(Participant, message.recipient_id)
        return GONE if person is None or person.erased_at else Reader(name=person.name)
    about = known(session, message, now)
    return about if isinstance(about, Ended) else _guest(about)


def _guest(about: Known) -> Reader:
    return Reader(
        name=about.participant.name,
        online=about.online,
        code=about.registration.code,
        private_link=private_link(about),
    )


def _values(
    event: Event, around: Surroundings, language: str, reader: Reader
) -> dict[str, str | None]:
    span = {
        "starts": event.starts_at,
        "ends": event.ends_at,
        "all_day": event.all_day,
        "zone": zone_of(event),
    }
    place = None if reader.online else venue_line(around, around.venue_of(None))
    return {
        "name": reader.name,
        "event": event.title,
        "organiser": around.organiser.name,
        "starts": None if event.starts_at is None else span_in(span, _locale(language)),
        "place": place or (None if reader.online else event.city),
        "code": reader.code,
    }


def _locale(language: str) -> str:
    """A language that dates can be written in."""
    tag = language.partition("-")[0]
    try:
        Locale.parse(tag)
    except (UnknownLocaleError, ValueError):
        return "en"
    return tag
