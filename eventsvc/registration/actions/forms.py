"""Saving what an event asks its guests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.audit.actions import record
from eventsvc.core.rights import Actor
from eventsvc.events.models import Event
from eventsvc.events.policy import refuse_archived
from eventsvc.registration.models import FormVersion, RegistrationForm
from eventsvc.registration.policy import check_form


def save_form(
    session: Session,
    actor: Actor,
    event: Event,
    form: RegistrationForm,
    questions: Sequence[dict[str, Any]],
    *,
    now: datetime,
) -> RegistrationForm:
    """Replace the questions of a form; what it asked before stays readable as a version.

    ``form`` as read under the lock of the event row, so that two first saves cannot meet.

    Raises:
        Conflict: ``archived``.
        Invalid: a form that could not be answered, or that asks more than it may.
    """
    refuse_archived(event.state)
    check_form(questions)
    first = form.version == 0
    form.questions = list(questions)
    form.updated_at = now
    if first:
        form.version = 1
        session.add(form)
    session.flush()
    version = FormVersion(form_id=form.id, number=form.version, questions=form.questions, at=now)
    session.add(version)
    changes = {"version": form.version, "questions": [question["key"] for question in questions]}
    record(session, actor, "registration-form.saved", form, now=now, changes=changes)
    return form


def copy_form(session: Session, source: Event, event: Event, *, now: datetime) -> None:
    """Let a new edition ask what the one asks that it was made after; nobody's answers go along."""
    asked = select(RegistrationForm.questions).where(RegistrationForm.event_id == source.id)
    questions = session.scalars(asked).one_or_none()
    if not questions:
        return
    form = RegistrationForm(event_id=event.id, questions=questions, updated_at=now)
    session.add(form)
    session.flush()
    version = FormVersion(form_id=form.id, number=form.version, questions=questions, at=now)
    session.add(version)
    session.flush()
