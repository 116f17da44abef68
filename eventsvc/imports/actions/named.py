"""Names in a file, and what they stand for: looked up once in an import."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from eventsvc.agenda import actions as agenda
from eventsvc.agenda.models import AgendaItem, Room, Track
from eventsvc.core.errors import Invalid
from eventsvc.core.text import search_key
from eventsvc.directory.queries import organisation_named
from eventsvc.imports.actions.runs import Run


def room_named(run: Run, name: str) -> str:
    """The id of the room with this external id, slug or name.

    Raises:
        Invalid: ``unknown-room``.
    """
    return _place(run, Room, "room", name)


def track_named(run: Run, name: str) -> str:
    """The id of the track with this slug or name; it is added when there is none."""
    places = _places(run, Track)
    found = places.get(name) or places.get(search_key(name))
    if found is None:
        track = agenda.add_track(run.session, run.actor, run.event, {"name": name}, now=run.now)
        # not kept in ``places``: the row may yet be refused, and the track go with it
        run.seen.pop(Track.__name__)
        return track.id
    return str(found)


def item_named(run: Run, name: str, pointer: str) -> AgendaItem:
    """The session or visit with this external id, also one that this file has just added.

    Raises:
        Invalid: ``unknown-item``.
    """
    statement = select(AgendaItem).where(
        AgendaItem.event_id == run.event.id, AgendaItem.external_id == name
    )
    found = run.session.scalars(statement).one_or_none()
    if found is None:
        raise Invalid.field(pointer, "unknown-item", "No session or visit has this external id")
    return found


def organisation_id_named(run: Run, name: str, pointer: str) -> str:
    """The id of the organisation of the directory with this name, legal name, short name or alias.

    Raises:
        Invalid: ``unknown-organisation``.
    """
    found = run.once(
        f"organisation {search_key(name)}",
        lambda: organisation_named(run.session, run.event.organiser_id, name),
    )
    if found is None:
        raise Invalid.field(pointer, "unknown-organisation", "The directory has none of this name")
    return str(found.id)


def _place(run: Run, model: type[Room], word: str, name: str) -> str:
    places = _places(run, model)
    found = places.get(name) or places.get(search_key(name))
    if found is None:
        raise Invalid.field(f"/{word}", f"unknown-{word}", f"This event has no such {word}")
    return str(found)


def _places(run: Run, model: type[Room] | type[Track]) -> dict[str, str]:
    """External id, slug and folded name → id; what identifies best wins."""

    def ask() -> dict[str, str]:
        statement = select(model).where(model.event_id == run.event.id)
        rows: list[Any] = list(run.session.scalars(statement.order_by(model.position, model.id)))
        named = {search_key(row.name): row.id for row in reversed(rows)}
        named |= {row.slug: row.id for row in rows}
        return named | {row.external_id: row.id for row in rows if getattr(row, "external_id", 0)}

    found: dict[str, str] = run.once(model.__name__, ask)
    return found
