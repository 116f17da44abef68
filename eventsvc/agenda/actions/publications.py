"""Publishing the programme: hidden items become visible, and a numbered snapshot is frozen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from eventsvc.agenda.models import AgendaItem, Publication
from eventsvc.agenda.policy import CANCELLED, CONFIRMED, PLANNED, AgendaPublished
from eventsvc.agenda.queries import frozen, last_number, programme
from eventsvc.audit.actions import record
from eventsvc.core.errors import Conflict
from eventsvc.core.rights import Actor
from eventsvc.events.models import Event
from eventsvc.events.policy import refuse_archived
from eventsvc.events.queries import lock_event
from eventsvc.facts.actions import tell

PUBLISHABLE = ("published", "running", "postponed", "completed")


def publish(
    session: Session,
    actor: Actor,
    event: Event,
    *,
    now: datetime,
    provisional: bool = False,
    note: str | None = None,
    tell_whom: str | None = None,
) -> Publication:
    """Publish the programme as it stands (api.md §7).

    Hidden items become visible, except those cancelled while hidden; planned ones are confirmed
    unless ``provisional``. ``tell_whom`` hears of what is new: ``nobody``, ``hit``, ``all``; None:
    as the event says. Past editions that were recorded are published in the same way.

    Raises:
        Conflict: ``event-not-published``, ``archived``.
    """
    event = lock_event(session, event.id)
    refuse_archived(event.state)
    if event.state not in PUBLISHABLE:
        raise Conflict("event-not-published", "First take the event to published or completed.")
    items = programme(session, event)
    hidden = [item for item in items if not item.visible]
    for item in items:
        _show(item, provisional=provisional, now=now)
    publication = _snapshot(session, event, items, provisional=provisional, note=note, now=now)
    shown = tuple(item.id for item in hidden if item.visible)
    fact = AgendaPublished(
        at=now,
        subject_id=publication.id,
        organiser_id=event.organiser_id,
        event_id=event.id,
        number=publication.number,
        shown=shown,
        whom=tell_whom,
    )
    tell(session, fact)
    changes = {"number": publication.number, "provisional": provisional}
    record(session, actor, "agenda.published", publication, now=now, changes=changes)
    return publication


def _snapshot(
    session: Session,
    event: Event,
    items: Sequence[AgendaItem],
    *,
    provisional: bool,
    note: str | None,
    now: datetime,
) -> Publication:
    publication = Publication(
        event_id=event.id,
        number=last_number(session, event) + 1,
        at=now,
        provisional=provisional,
        note=note,
        snapshot={"items": [frozen(item) for item in items if item.visible]},
    )
    session.add(publication)
    session.flush()
    return publication


def _show(item: AgendaItem, *, provisional: bool, now: datetime) -> None:
    if not item.visible and item.state != CANCELLED:
        item.visible = True
        item.first_shown_at = item.first_shown_at or now
    if item.visible and item.state == PLANNED and not provisional:
        item.state = CONFIRMED
