"""What a caller asked to see in full beside an item (api.md §4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.agenda.models import AgendaItem
from eventsvc.agenda.queries.items import belonging, item_for, items_of, with_particulars
from eventsvc.events.models import Event


def names_asked(query: Mapping[str, Any]) -> frozenset[str]:
    """The names in ``expand=…``, judged by the door before."""
    return frozenset(str(query["expand"]).split(",")) if query.get("expand") else frozenset()


def expand(event: Event, items: Iterable[AgendaItem], names: frozenset[str]) -> None:
    """Tell items their event and what of them is to be written in full."""
    items = list(items)
    belonging(event, items)
    for item in items:
        # a note for the answer alone, no column of the item
        item.expanded = names  # type: ignore[misc]


def item_expanded(
    session: Session, event: Event, item_id: str, kind: str, names: frozenset[str]
) -> AgendaItem:
    """One item with what was asked for beside it.

    Raises:
        NotFound: as :func:`item_for`.
    """
    item = item_for(session, event, item_id, kind)
    if names:
        statement = with_particulars(items_of(event).where(AgendaItem.id == item.id), *names)
        item = session.scalars(statement.execution_options(populate_existing=True)).one()
    expand(event, [item], names)
    return item
