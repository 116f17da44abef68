"""The registration form of an event, and the versions it had."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from eventsvc.events.models import Event
from eventsvc.registration.models import FormVersion, RegistrationForm

VERSION_SORTS = {"number": FormVersion.number}


def form_of(session: Session, event: Event) -> RegistrationForm:
    """The form of an event; one without questions, version 0 and no row where none was saved."""
    wanted = select(RegistrationForm).where(RegistrationForm.event_id == event.id)
    found = session.scalars(wanted).one_or_none()
    return found or RegistrationForm(event_id=event.id, questions=[], version=0)


def form_versions(event: Event) -> Select[FormVersion]:
    """Every version of the form of an event, to be ordered and paged by the caller."""
    form = select(RegistrationForm.id).where(RegistrationForm.event_id == event.id)
    return select(FormVersion).where(FormVersion.form_id.in_(form))
