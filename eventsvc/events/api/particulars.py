"""Doors of what stands around an edition: venues, figures, awards, links, key messages, documents,
pages. They are alike, so one maker builds them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema
from sqlalchemy.orm import Session

from eventsvc.core import clock
from eventsvc.core.http import Door, actor, expect, needs
from eventsvc.core.pages import ListQuery, Page, page
from eventsvc.events import actions, queries, schemas
from eventsvc.events.models import (
    Award,
    Event,
    EventDocument,
    EventPage,
    Figure,
    KeyMessage,
    Link,
    Milestone,
    Series,
    Venue,
)

View = Callable[..., Any]


def _as_it_is(_session: Session, _owner: Event | Series, found: Any) -> Any:
    return found


@dataclass(frozen=True)
class Kind:
    """One kind of particular. ``word`` is its name in operations, ``path`` in addresses.

    ``filters``: columns that a list may be narrowed by. ``one`` and ``many`` put what is shown
    together from a row, or from a page of rows.
    """

    path: str
    word: str
    words: str
    model: type[Any]
    add: Callable[..., Any]
    body: type[Schema]
    patch: type[Schema]
    out: type[Schema]
    area: str = "events"
    owner: str = "event"
    change: Callable[..., Any] = actions.change_particular
    remove: Callable[..., Any] = actions.remove_particular
    query: type[Schema] = ListQuery
    filters: tuple[str, ...] = ()
    one: Callable[..., Any] = _as_it_is
    many: Callable[..., Page] = _as_it_is

    @property
    def key(self) -> str:
        """The path parameter."""
        return f"{self.model.__tablename__.removesuffix('s')}_id"

    def listed(self, owner: Event | Series, query: dict[str, Any]) -> Any:
        """What a list asks for."""
        found = queries.particulars_of(self.model, owner)
        for name in self.filters:
            if query.get(name):
                found = found.where(getattr(self.model, name).in_(query[name]))
        return found

    def owned_by(self, session: Session, path: dict[str, str]) -> Event | Series:
        """The event or series of the path."""
        if self.owner == "series":
            return queries.series_for(session, actor(), path["series_id"])
        return queries.event_for(session, actor(), path["event_id"])

    def found(self, session: Session, path: dict[str, str]) -> tuple[Event | Series, Any]:
        """The owner and the particular of the path."""
        owner = self.owned_by(session, path)
        return owner, queries.particular(session, self.model, owner, path[self.key])


KINDS = (
    Kind(
        "venues", "venue", "venues", Venue, actions.add_venue,
        schemas.VenueBody, schemas.VenuePatch, schemas.VenueOut, area="agenda",
    ),
    Kind(
        "figures", "event_figure", "event_figures", Figure, actions.add_figure,
        schemas.EventFigureBody, schemas.EventFigurePatch, schemas.EventFigureOut,
    ),
    Kind(
        "figures", "series_figure", "series_figures", Figure, actions.add_figure,
        schemas.EventFigureBody, schemas.EventFigurePatch, schemas.EventFigureOut, owner="series",
    ),
    Kind(
        "awards", "award", "awards", Award, actions.add_award,
        schemas.AwardBody, schemas.AwardPatch, schemas.AwardOut,
    ),
    Kind(
        "links", "link", "links", Link, actions.add_link,
        schemas.EventLinkBody, schemas.EventLinkPatch, schemas.EventLinkOut,
    ),
    Kind(
        "key-messages", "key_message", "key_messages", KeyMessage, actions.add_key_message,
        schemas.KeyMessageBody, schemas.KeyMessagePatch, schemas.KeyMessageOut,
    ),
    Kind(
        "documents", "document", "documents", EventDocument, actions.add_document,
        schemas.DocumentBody, schemas.DocumentPatch, schemas.DocumentOut, area="documents",
        change=actions.change_document, remove=actions.remove_document,
        query=schemas.DocumentQuery, filters=("kind", "visibility", "language"),
    ),
    Kind(
        "pages", "event_page", "event_pages", EventPage, actions.add_page,
        schemas.PageBody, schemas.PagePatch, schemas.EventPageOut, area="documents",
        change=actions.change_page, query=schemas.PageQuery, filters=("kind", "language"),
        one=queries.page_in_full, many=queries.with_blocks,
    ),
    Kind(
        "milestones", "milestone", "milestones", Milestone, actions.add_milestone,
        schemas.MilestoneBody, schemas.MilestonePatch, schemas.MilestoneOut,
        change=actions.change_milestone, query=schemas.MilestoneQuery, filters=("state",),
        one=queries.milestone_written, many=queries.milestones_written,
    ),
)  # fmt: skip


def _named(view: View, name: str, summary: str) -> View:
    view.__name__ = name
    view.__doc__ = summary
    return view


def _door(kind: Kind) -> Door:
    parent = "series" if kind.owner == "series" else "events"
    said = kind.words.replace("_", " ")
    door = Door(
        kind.words,
        __name__,
        url_prefix=f"/api/v1/{parent}/<{kind.owner}_id>/{kind.path}",
        description=f"{said.capitalize()} of {'a series' if parent == 'series' else 'an event'}",
    )
    for make in (_list, _add, _read, _change, _remove):
        make(door, kind)
    return door


def _list(door: Door, kind: Kind) -> None:
    def view(session: Session, query: dict[str, Any], **path: str) -> Page:
        owner = kind.owned_by(session, path)
        sorts = {"position": kind.model.position}
        found = page(session, kind.listed(owner, query), query, sorts=sorts, default="position")
        return kind.many(session, owner, found)

    _named(view, f"list_{kind.words}", f"List the {kind.words.replace('_', ' ')}.")
    told = door.lists(kind.out, sort=("position",))(needs_read(kind)(door.query(kind.query)(view)))
    door.get("")(told)


def _add(door: Door, kind: Kind) -> None:
    def view(session: Session, body: dict[str, Any], **path: str) -> Any:
        owner = kind.owned_by(session, path)
        added = kind.add(session, actor(), owner, body, now=clock.now(session))
        return kind.one(session, owner, added)

    _named(view, f"add_{kind.word}", f"Add: {kind.word.replace('_', ' ')}.")
    door.post("")(door.writes(201, kind.out)(needs_write(kind)(door.body(kind.body)(view))))


def _read(door: Door, kind: Kind) -> None:
    def view(session: Session, **path: str) -> Any:
        return kind.one(session, *kind.found(session, path))

    _named(view, f"read_{kind.word}", f"Read: {kind.word.replace('_', ' ')}.")
    door.get(f"/<{kind.key}>")(door.reads(kind.out)(needs_read(kind)(view)))


def _change(door: Door, kind: Kind) -> None:
    def view(session: Session, body: dict[str, Any], **path: str) -> Any:
        owner, thing = kind.found(session, path)
        expect(thing)
        kind.change(session, actor(), owner, thing, body, now=clock.now(session))
        return kind.one(session, owner, thing)

    _named(view, f"change_{kind.word}", f"Change: {kind.word.replace('_', ' ')}.")
    told = door.writes(200, kind.out, precondition=True)(
        needs_write(kind)(door.body(kind.patch)(view))
    )
    door.patch(f"/<{kind.key}>")(told)


def _remove(door: Door, kind: Kind) -> None:
    def view(session: Session, **path: str) -> None:
        owner, thing = kind.found(session, path)
        expect(thing)
        kind.remove(session, actor(), owner, thing, now=clock.now(session))

    _named(view, f"remove_{kind.word}", f"Delete: {kind.word.replace('_', ' ')}.")
    told = door.writes(204, precondition=True)(needs_write(kind)(view))
    door.delete(f"/<{kind.key}>")(told)


def needs_read(kind: Kind) -> Callable[[View], View]:
    """The right to look at a kind."""
    return needs(f"{kind.area}:read", gate=kind.owner)


def needs_write(kind: Kind) -> Callable[[View], View]:
    """The right to change a kind."""
    return needs(f"{kind.area}:write", gate=kind.owner)


doors: tuple[Door, ...] = tuple(_door(kind) for kind in KINDS)
