"""Doors: what an event asks its guests."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.core import clock
from eventsvc.core.http import Door, actor, expect, needs
from eventsvc.core.pages import ListQuery, Page, page
from eventsvc.events.queries import event_for, lock_event, public_event
from eventsvc.registration import actions, queries
from eventsvc.registration.models import RegistrationForm
from eventsvc.registration.schemas.forms import FormBody, FormOut, FormVersionOut, PublicFormOut

CACHE = "public, max-age=60"

door = Door(
    "registration-forms",
    __name__,
    url_prefix="/api/v1/events/<event_id>/registration-form",
    description="What an event asks its guests, why, and how long it keeps the answers",
)
public_door = Door(
    "public-registration-forms",
    __name__,
    url_prefix="/api/v1/public/events/<series_slug>/<event_slug>/registration-form",
    description="The questions of a registration, for everybody",
)


@door.get("")
@needs("events:read", gate="event")
@door.reads(FormOut)
def read_registration_form(session: Session, event_id: str) -> RegistrationForm:
    """Read the form; version 0 is one that nobody has saved yet."""
    return queries.form_of(session, event_for(session, actor(), event_id))


@door.put("")
@needs("events:write", gate="event")
@door.body(FormBody)
@door.writes(200, FormOut, precondition=True)
def save_registration_form(
    session: Session, body: dict[str, Any], event_id: str
) -> RegistrationForm:
    """Replace the form. Earlier versions stay, so that each answer keeps its question."""
    event = lock_event(session, event_for(session, actor(), event_id).id)
    form = queries.form_of(session, event)
    expect(form)
    now = clock.now(session)
    return actions.save_form(session, actor(), event, form, body["questions"], now=now)


@door.get("/versions")
@needs("events:read", gate="event")
@door.query(ListQuery)
@door.lists(FormVersionOut, sort=tuple(queries.VERSION_SORTS))
def list_registration_form_versions(session: Session, query: dict[str, Any], event_id: str) -> Page:
    """List what the form asked in each version, the newest first."""
    found = queries.form_versions(event_for(session, actor(), event_id))
    return page(session, found, query, sorts=queries.VERSION_SORTS, default="-number")


@public_door.get("")
@needs(None)
@public_door.reads(PublicFormOut, computed=True, cache=CACHE)
def read_public_registration_form(
    session: Session, series_slug: str, event_slug: str
) -> RegistrationForm:
    """Read the questions of a registration; series ``-`` for an event without one."""
    return queries.form_of(session, public_event(session, series_slug, event_slug))
