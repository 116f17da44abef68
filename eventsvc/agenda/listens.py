"""What the agenda does when editions tell something, and what it renders before each commit."""

from __future__ import annotations

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from eventsvc.agenda.actions import (
    copy_agenda,
    follow_start,
    follow_zone,
    publish,
    show_banner,
    show_items,
    surroundings_of,
)
from eventsvc.agenda.policy import SESSION
from eventsvc.agenda.queries import last_number, touched_by, touched_items
from eventsvc.core import clock
from eventsvc.core.db import shown_changes
from eventsvc.core.rights import system
from eventsvc.events.models import Event
from eventsvc.events.policy import (
    KEEP_INSTANT,
    EventCopied,
    EventMoved,
    EventPublished,
    EventZoneChanged,
)
from eventsvc.events.queries import lock_event
from eventsvc.ical.actions import touch


def on_event_copied(session: Session, fact: EventCopied) -> None:
    """A new edition takes the agenda of the one that it was made after."""
    source = session.get_one(Event, fact.source_id)
    copy_agenda(session, source, session.get_one(Event, fact.subject_id), now=fact.at)


def on_event_published(session: Session, fact: EventPublished) -> None:
    """The event's step to published is the first publication of its programme (api.md §7)."""
    event = lock_event(session, fact.subject_id)
    if not last_number(session, event):
        publish(session, system("agenda"), event, now=fact.at)


def on_event_zone_changed(session: Session, fact: EventZoneChanged) -> None:
    """Items without a zone of their own follow into the new one (api.md §5)."""
    event = lock_event(session, fact.subject_id)
    follow_zone(session, event, keep_instant=fact.keep == KEEP_INSTANT, now=fact.at)


def on_event_moved(session: Session, fact: EventMoved) -> None:
    """Timed items follow by whole days, and must still lie in the event."""
    event = lock_event(session, fact.subject_id)
    follow_start(session, event, days=fact.days, now=fact.at)


def render_changed(session: Session) -> None:
    """Finisher: store the calendar texts that this transaction changed (calendar.md rule 41).

    Banners and sessions here; ``visits.listens.render_changed`` does the visits.
    """
    changes = list(shown_changes(session).values())
    if not changes:
        return
    now = clock.now(session)
    touched = touched_by(session, changes)
    touch(session, sorted(touched.series), now=now)
    for event_id in touched.event_ids():
        event = touched.events.get(event_id) or session.get(Event, event_id)
        if event is None:
            continue
        around = surroundings_of(session, event)
        if event_id in touched.events:
            gone = bool(inspect(event).deleted)
            around = show_banner(session, around, now=now, gone=gone)
        items = touched_items(session, event, touched, SESSION)
        show_items(session, around, items, now=now)
