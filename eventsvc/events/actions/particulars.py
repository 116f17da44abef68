"""What stands around an edition: venues, figures, awards, links, key messages."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from eventsvc.audit.actions import record
from eventsvc.core.errors import Conflict, Invalid
from eventsvc.core.rights import Actor
from eventsvc.events.actions.names import check_organisations, check_persons
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
from eventsvc.events.policy import check_owner, refuse_archived

Particular = Venue | Figure | Award | Link | KeyMessage | EventDocument | EventPage | Milestone
Owner = Event | Series
P = TypeVar("P", Venue, Figure, Award, Link, KeyMessage, EventDocument, EventPage, Milestone)
FIELDS: dict[type[Any], tuple[str, ...]] = {
    Venue: (
        "name", "street", "postcode", "city", "country", "latitude", "longitude", "accessible",
        "capacity", "arrival", "position",
    ),
    Figure: (
        "metric", "operator", "value", "unit", "printed", "note", "source", "preferred",
        "context", "position",
    ),
    Award: (
        "category", "year", "person_id", "organisation_id", "laureate_name", "affiliation",
        "job_title", "note", "source", "position",
    ),
    Link: ("kind", "title", "url", "source", "position"),
    KeyMessage: ("text", "source", "position"),
    EventDocument: (
        "kind", "title", "language", "description", "visibility", "url", "source", "position",
        "created_at",
    ),
    EventPage: (
        "kind", "title", "language", "visibility", "blocks", "position", "updated_at",
    ),
    Milestone: (
        "title", "note", "due_days", "due_on", "owner_name", "owner_email", "position",
    ),
}  # fmt: skip
WORDS = {
    Venue: "venue", Figure: "figure", Award: "award", Link: "link", KeyMessage: "key-message",
    EventDocument: "document", EventPage: "page", Milestone: "milestone",
}  # fmt: skip


def add_venue(
    session: Session, actor: Actor, event: Event, values: dict[str, Any], *, now: datetime
) -> Venue:
    """Add a place of an edition. Raises Conflict ``archived``."""
    return add_particular(session, actor, Venue, event, values, now=now)


def add_figure(
    session: Session, actor: Actor, owner: Owner, values: dict[str, Any], *, now: datetime
) -> Figure:
    """Add a stated figure of an edition or a series, with operator and source (design law 8).

    A ``preferred`` one takes the mark from others of its metric. Raises Conflict ``archived``.
    """
    figure = add_particular(session, actor, Figure, owner, values, now=now)
    _prefer(session, figure)
    return figure


def add_award(
    session: Session, actor: Actor, event: Event, values: dict[str, Any], *, now: datetime
) -> Award:
    """Add an award presented at an edition; its laureate is a person, an organisation, or both.

    Raises:
        Conflict: ``archived``.
        Invalid: nobody is named, or somebody who is not in the organiser's directory.
    """
    _check_laureate(session, event, values)
    return add_particular(session, actor, Award, event, values, now=now)


def add_link(
    session: Session, actor: Actor, event: Event, values: dict[str, Any], *, now: datetime
) -> Link:
    """Add a link, or a document known by name only. Raises Conflict ``archived``."""
    return add_particular(session, actor, Link, event, values, now=now)


def add_key_message(
    session: Session, actor: Actor, event: Event, values: dict[str, Any], *, now: datetime
) -> KeyMessage:
    """Add a key message of an edition, at the end unless told. Raises Conflict ``archived``."""
    return add_particular(session, actor, KeyMessage, event, values, now=now)


def add_particular(
    session: Session, actor: Actor, kind: type[P], owner: Owner, values: dict[str, Any], *,
    now: datetime,
) -> P:  # fmt: skip
    """Add a thing of ``kind``, at the end unless told. Raises Conflict ``archived``."""
    _check_open(actor, owner)
    told = {name: values[name] for name in FIELDS[kind] if name in values}
    if told.get("position") is None:
        told["position"] = _next_position(session, kind, owner)
    key = "event_id" if isinstance(owner, Event) else "series_id"
    thing = kind(**told, **{key: owner.id})
    session.add(thing)
    session.flush()
    record(session, actor, f"{WORDS[kind]}.added", thing, now=now)
    return thing


def change_particular(
    session: Session, actor: Actor, owner: Owner, thing: P, values: dict[str, Any], *, now: datetime
) -> P:
    """Change what stands around ``owner``. Absent fields stay.

    Raises:
        Conflict: ``archived``.
        Invalid: an award without laureate, or with one who is not in the directory.
    """
    _check_open(actor, owner)
    if isinstance(thing, Award) and isinstance(owner, Event):
        kept = {name: getattr(thing, name) for name in FIELDS[Award]}
        _check_laureate(session, owner, {**kept, **values})
    for name in FIELDS[type(thing)]:
        if name in values:
            setattr(thing, name, values[name])
    session.flush()
    if isinstance(thing, Figure):
        _prefer(session, thing)
    changes = {"fields": sorted(values)}
    record(session, actor, f"{WORDS[type(thing)]}.changed", thing, now=now, changes=changes)
    return thing


def remove_particular(
    session: Session, actor: Actor, owner: Owner, thing: Particular, *, now: datetime
) -> None:
    """Delete what stands around ``owner``.

    Raises:
        Conflict: ``archived``, or ``venue-in-use``: rooms stand in it.
    """
    _check_open(actor, owner)
    record(session, actor, f"{WORDS[type(thing)]}.removed", thing, now=now)
    session.flush()
    try:
        with session.begin_nested():
            session.delete(thing)
    except IntegrityError as error:
        raise Conflict(f"{WORDS[type(thing)]}-in-use", "Something else still needs it.") from error


def _check_open(actor: Actor, owner: Owner) -> None:
    if isinstance(owner, Event):
        refuse_archived(owner.state)
    else:
        check_owner(actor)


def _of(kind: type[Any], owner: Owner) -> ColumnElement[bool]:
    column = kind.event_id if isinstance(owner, Event) else kind.series_id
    found: ColumnElement[bool] = column == owner.id
    return found


def _next_position(session: Session, kind: type[Any], owner: Owner) -> int:
    last = session.scalar(select(func.max(kind.position)).where(_of(kind, owner)))
    return 1 if last is None else int(last) + 1


def _prefer(session: Session, figure: Figure) -> None:
    """One figure of a metric is preferred (editions.md §1.3)."""
    if not figure.preferred:
        return
    beside = (
        Figure.event_id == figure.event_id
        if figure.event_id is not None
        else Figure.series_id == figure.series_id
    )
    others = update(Figure).where(beside, Figure.metric == figure.metric, Figure.id != figure.id)
    session.execute(
        others.where(Figure.preferred).values(preferred=False, version=Figure.version + 1)
    )


def _check_laureate(session: Session, event: Event, values: dict[str, Any]) -> None:
    if not any(values.get(name) for name in ("person_id", "organisation_id", "laureate_name")):
        raise Invalid.field("/laureate_name", "required", "Name a person or an organisation")
    if values.get("person_id"):
        check_persons(session, event.organiser_id, {"/person_id": values["person_id"]})
    if values.get("organisation_id"):
        known = {"/organisation_id": values["organisation_id"]}
        check_organisations(session, event.organiser_id, known)
