"""A new edition made after an older one (api.md §6, ``copy_from``)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.audit.actions import record
from eventsvc.core.errors import Invalid
from eventsvc.core.ids import copied_id
from eventsvc.core.rights import Actor
from eventsvc.events.actions.inherited import inherit
from eventsvc.events.actions.particulars import FIELDS
from eventsvc.events.models import Event, OrganisationRole, Venue
from eventsvc.events.policy import EventCopied
from eventsvc.events.queries import events_of
from eventsvc.facts.actions import tell

# settings, not facts: an edition number, a theme, a place or a date is not copied
KEPT = (
    "mode", "timezone", "languages", "color", "email_proof", "approval", "capacity",
    "capacity_on_site", "capacity_online", "waiting_list", "waiting_list_limit", "offer_hours",
    "allow_overlaps", "register_during_event", "calendar_mail", "tell_default",
    "auto_release_days", "report_list",
)  # fmt: skip


def template_of(
    session: Session, actor: Actor, organiser_id: str, event_id: str | None
) -> Event | None:
    """The edition to copy from, or None where none is named.

    Raises:
        Invalid: it is another organiser's, or the actor may not read it.
    """
    if event_id is None:
        return None
    wanted = events_of(actor).where(Event.id == event_id, Event.organiser_id == organiser_id)
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise Invalid.field("/copy_from", "unknown-event", "There is no such event")
    return found


def kept_settings(source: Event | None) -> dict[str, Any]:
    """What a new edition takes over from ``source``."""
    return {} if source is None else {name: getattr(source, name) for name in KEPT}


def copy_around(
    session: Session, actor: Actor, source: Event, event: Event, *, now: datetime
) -> None:
    """Give ``event`` the venues, organisations, pages, notices and milestones of ``source``, and
    let the rooms above copy what is theirs: never people, registrations, figures, publications."""
    session.flush()
    for venue in session.scalars(select(Venue).where(Venue.event_id == source.id)).all():
        told = {name: getattr(venue, name) for name in FIELDS[Venue]}
        session.add(Venue(id=copied_id(event.id, venue.id), event_id=event.id, **told))
    of_source = OrganisationRole.event_id == source.id
    for role in session.scalars(select(OrganisationRole).where(of_source)).all():
        copy = OrganisationRole(
            organiser_id=event.organiser_id,
            event_id=event.id,
            organisation_id=role.organisation_id,
            role=role.role,
            position=role.position,
        )
        session.add(copy)
    inherit(session, source, event, now=now)
    about = {"subject_id": event.id, "organiser_id": event.organiser_id, "event_id": event.id}
    tell(session, EventCopied(at=now, source_id=source.id, **about))
    record(session, actor, "event.copied", event, now=now, changes={"from": source.id})
