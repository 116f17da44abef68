"""Sessions: the items of the programme that are no visits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.agenda.actions.items import add_item, change_item, remove_item
from eventsvc.agenda.models import AgendaItem, ItemOrganisation
from eventsvc.agenda.policy import SESSION
from eventsvc.core.rights import Actor
from eventsvc.events.models import Event


def add_session(
    session: Session, actor: Actor, event: Event, values: Mapping[str, Any], *, now: datetime
) -> AgendaItem:
    """Add a planned, hidden session; ``values`` as :func:`add_item`, at least ``title``, ``type``.

    ``organisation_ids``: organisations taking part without a named person, in order.

    Raises:
        Invalid, Conflict: as :func:`add_item`.
    """
    columns = dict(values)
    organisation_ids = columns.pop("organisation_ids", ())
    item = add_item(session, actor, event, SESSION, columns, now=now)
    for position, organisation_id in enumerate(organisation_ids, start=1):
        part = {"event_id": event.id, "item_id": item.id, "position": position}
        session.add(ItemOrganisation(organisation_id=organisation_id, **part))
    session.flush()
    return item


change_session = change_item
remove_session = remove_item
