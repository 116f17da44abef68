"""A new edition made after an older one (api.md §6, ``copy_from``)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.core.rights import Actor
from eventsvc.events.actions.names import check_events
from eventsvc.events.actions.particulars import FIELDS, add_venue
from eventsvc.events.actions.roles import set_organisation_roles
from eventsvc.events.models import Event, OrganisationRole, Venue

# settings, not facts: an edition number, a theme, a place or a date is not copied
KEPT = (
    "mode", "timezone", "languages", "color", "email_proof", "approval", "capacity",
    "capacity_on_site", "capacity_online", "waiting_list", "waiting_list_limit", "offer_hours",
    "allow_overlaps", "register_during_event", "calendar_mail", "tell_default",
    "auto_release_days", "report_list",
)  # fmt: skip


def template_of(session: Session, organiser_id: str, event_id: str | None) -> Event | None:
    """The edition to copy from, or None where none is named.

    Raises:
        Invalid: it is another organiser's.
    """
    if event_id is None:
        return None
    check_events(session, organiser_id, {"/copy_from": event_id})
    return session.get(Event, event_id)


def kept_settings(source: Event | None) -> dict[str, Any]:
    """What a new edition takes over from ``source``."""
    return {} if source is None else {name: getattr(source, name) for name in KEPT}


def copy_around(
    session: Session, actor: Actor, source: Event, event: Event, *, now: datetime
) -> None:
    """Give ``event`` the venues and the organisations of ``source``, in order."""
    venues = select(Venue).where(Venue.event_id == source.id).order_by(Venue.position, Venue.id)
    for venue in session.scalars(venues).all():
        told = {name: getattr(venue, name) for name in FIELDS[Venue]}
        add_venue(session, actor, event, told, now=now)
    roles = (
        select(OrganisationRole.organisation_id, OrganisationRole.role)
        .where(OrganisationRole.event_id == source.id)
        .order_by(OrganisationRole.position, OrganisationRole.id)
    )
    pairs = [(organisation_id, role) for organisation_id, role in session.execute(roles)]
    if pairs:
        set_organisation_roles(session, actor, event, pairs, now=now)
