"""Site visits: an agenda item with columns of its own (editions.md §5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified, set_committed_value

from eventsvc.agenda import actions as agenda
from eventsvc.agenda.models import AgendaItem
from eventsvc.agenda.policy import SITE_VISIT, VISIT
from eventsvc.core.errors import Invalid
from eventsvc.core.rights import Actor
from eventsvc.events.models import Event
from eventsvc.visits.models import Visit

OWN = frozenset(
    {
        "host_organisation_id", "place", "place_country", "subject", "meeting_point",
        "identity_fields", "identity_purpose", "identity_data_deadline", "practical",
    }
)  # fmt: skip


def _parted(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What belongs to the agenda item, and what to the visit."""
    own = {name: value for name, value in values.items() if name in OWN}
    return {name: value for name, value in values.items() if name not in OWN}, own


def add_visit(
    session: Session, actor: Actor, event: Event, values: Mapping[str, Any], *, now: datetime
) -> Visit:
    """Add a planned, hidden visit; ``values``: those of a session and of :data:`OWN`.

    Raises:
        Invalid: a rule of times, an id that is not there, or booking opened without places.
        Conflict: ``archived``, ``room-conflict``.
    """
    columns, own = _parted(values)
    references = {"host_organisation_id": own.get("host_organisation_id")}
    told = {"type": SITE_VISIT, **columns}
    agenda.check_references(session, event, references)
    item = agenda.add_item(session, actor, event, VISIT, told, now=now)
    visit = Visit(id=item.id, event_id=event.id, **own)
    session.add(visit)
    session.flush()
    set_committed_value(visit, "item", item)
    set_committed_value(visit, "buses", [])
    _check_bookable(item)
    return visit


def change_visit(
    session: Session,
    actor: Actor,
    event: Event,
    visit: Visit,
    values: Mapping[str, Any],
    *,
    now: datetime,
) -> Visit:
    """Change a visit; ``values`` holds only what changes.

    Raises:
        Invalid, Conflict: as ``agenda.actions.change_item``.
    """
    columns, own = _parted(values)
    references = {"host_organisation_id": own.get("host_organisation_id")}
    agenda.check_references(session, event, references)
    item = visit.item
    changed = [name for name, value in own.items() if getattr(visit, name) != value]
    for name in changed:
        setattr(visit, name, own[name])
    if changed:
        flag_modified(item, "title")  # one version for both rows: that of the item
    agenda.change_item(session, actor, event, item, columns, now=now)
    _check_bookable(item)
    return visit


def _check_bookable(item: AgendaItem) -> None:
    if item.bookable and (item.places is None or item.starts_at is None):
        raise Invalid.field(
            "/bookable", "capacity-and-times-missing", "First give the visit places and times"
        )


def remove_visit(
    session: Session, actor: Actor, event: Event, visit: Visit, *, now: datetime
) -> None:
    """Delete a visit that no calendar ever showed.

    Raises:
        Conflict: ``published-item``, ``archived``, or what a listener says.
    """
    agenda.remove_item(session, actor, event, visit.item, now=now)
    session.expunge(visit)  # the database took it along with its item
