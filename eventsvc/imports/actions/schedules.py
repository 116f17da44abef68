"""A whole schedule: rooms, tracks, then sessions and visits with their speakers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from eventsvc.agenda import actions as agenda
from eventsvc.agenda.models import AgendaItem, SpeakerRole, Track
from eventsvc.agenda.policy import CANCELLED, VISIT
from eventsvc.agenda.queries import belonging, items_of, with_particulars
from eventsvc.core.errors import Invalid
from eventsvc.core.text import search_key
from eventsvc.imports.actions.kinds import TABLE_KINDS, placed
from eventsvc.imports.actions.runs import Kind, Run, write_rows
from eventsvc.imports.policy import RowOutcome
from eventsvc.imports.text import ReadRow
from eventsvc.visits import actions as visits
from eventsvc.visits.queries import visit_for

BESIDE = ("kind", "cancelled", "speakers", "visit", "persons")
"""Of an item: what is no column of it."""


def write_schedule(run: Run, document: Mapping[str, Any]) -> list[RowOutcome]:
    """Write a document as ``read_schedule`` reads it; ``line`` counts its things from 1: rooms,
    tracks, sessions, roles on the whole event.

    Raises:
        Invalid: ``other-zone``: the event is in another time zone than the file.
    """
    zone = document.get("timezone")
    if zone is not None and run.event.timezone is not None and zone != run.event.timezone:
        detail = f"The event is in {run.event.timezone}; the file is in {zone}"
        raise Invalid.field("/timezone", "other-zone", detail)
    persons = {person["id"]: person for person in document["speakers"]}
    run.seen["persons"] = persons
    parts: tuple[tuple[Kind, list[dict[str, Any]]], ...] = (
        (TABLE_KINDS["rooms"], document["rooms"]),
        (TRACKS, [{**track, "external_id": track.get("slug")} for track in document["tracks"]]),
        (ITEMS, document["sessions"]),
        (GENERAL, document["roles"]),
    )
    outcomes: list[RowOutcome] = []
    for kind, things in parts:
        outcomes += write_rows(run, kind, _rows(things, first=len(outcomes) + 1))
        run.seen.pop("Room", None)
        run.seen.pop("Track", None)
    return outcomes


def _rows(things: Sequence[dict[str, Any]], *, first: int) -> list[ReadRow]:
    return [ReadRow(line, thing) for line, thing in enumerate(things, start=first)]


# tracks


def _known_tracks(run: Run, slugs: list[str]) -> dict[str, Any]:
    statement = select(Track).where(Track.event_id == run.event.id, Track.slug.in_(slugs))
    return {track.slug: track for track in run.session.scalars(statement)}


def _track(_run: Run, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != "external_id"}


def _add_track(run: Run, values: Mapping[str, Any]) -> Track:
    """A track of the same name is taken for the same, where the file knows no slugs."""
    if "slug" not in values:
        tracks = run.session.scalars(select(Track).where(Track.event_id == run.event.id))
        wanted = search_key(values["name"])
        same = next((track for track in tracks if search_key(track.name) == wanted), None)
        if same is not None:
            return same
    return agenda.add_track(run.session, run.actor, run.event, values, now=run.now)


def _change_track(run: Run, there: Track, values: Mapping[str, Any]) -> Track:
    return agenda.change_track(run.session, run.actor, run.event, there, values, now=run.now)


# sessions and visits


def _known_items(run: Run, ids: list[str]) -> dict[str, Any]:
    statement = items_of(run.event).where(AgendaItem.external_id.in_(ids))
    fresh = with_particulars(statement, "room", "speakers").execution_options(
        populate_existing=True
    )
    rows = list(run.session.scalars(fresh))
    belonging(run.event, rows)
    return {str(row.external_id): row for row in rows}


def _item(run: Run, values: Mapping[str, Any]) -> dict[str, Any]:
    told = placed(run, {name: value for name, value in values.items() if value is not None})
    absent = {name: None for name, value in values.items() if value is None}
    for name in ("room", "track", "block"):
        if absent.pop(name, 0) is None:
            absent[f"{name}_id"] = None
    if absent.pop("host", 0) is None and values.get("kind") == VISIT:
        absent["host_organisation_id"] = None
    return absent | told


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    columns = {name: value for name, value in values.items() if name not in BESIDE}
    for name in ("day", "timezone"):  # follow from the start and the event
        if columns.get(name, 0) is None:
            del columns[name]
    return columns | dict(values.get("visit") or {})


def _item_differs(there: AgendaItem, values: Mapping[str, Any]) -> bool:
    columns = {
        name: value
        for name, value in _columns({**values, "visit": None}).items()
        if name not in ("organisation_ids", "host_organisation_id", "points", "timezone")
    }
    known = {(role.name_printed, role.role) for role in there.speakers}
    wanted = {(role["name"], role["role"]) for role in values.get("speakers") or ()}
    return (
        any(getattr(there, name) != value for name, value in columns.items())
        or bool(wanted - known)
        or (bool(values["cancelled"]) and there.state != CANCELLED)
    )


def _add_item(run: Run, values: Mapping[str, Any]) -> AgendaItem:
    columns = _columns(values)
    add = (run.session, run.actor, run.event)
    if values["kind"] == VISIT:
        item = visits.add_visit(*add, columns, now=run.now).item
    else:
        item = agenda.add_session(*add, columns, now=run.now)
    _add_roles(run, item, values.get("speakers") or (), set())
    return _cancelled(run, item, values)


def _change_item(run: Run, there: AgendaItem, values: Mapping[str, Any]) -> AgendaItem:
    columns = _columns(values)
    if there.kind == VISIT:
        visit = visit_for(run.session, run.event, there.id)
        visits.change_visit(run.session, run.actor, run.event, visit, columns, now=run.now)
    else:
        agenda.change_session(run.session, run.actor, run.event, there, columns, now=run.now)
    known = {(role.name_printed, role.role) for role in there.speakers}
    _add_roles(run, there, values.get("speakers") or (), known)
    return _cancelled(run, there, values)


def _cancelled(run: Run, item: AgendaItem, values: Mapping[str, Any]) -> AgendaItem:
    if values["cancelled"] and item.state != CANCELLED:
        agenda.transition_item(run.session, run.actor, run.event, item, CANCELLED, now=run.now)
    return item


def _add_roles(
    run: Run,
    item: AgendaItem | None,
    roles: Sequence[Mapping[str, Any]],
    known: set[tuple[str, str]],
) -> None:
    for role in roles:
        told = _role(run, role)
        if (told["name_printed"], told["role"]) not in known:
            agenda.add_speaker(run.session, run.actor, run.event, item, told, now=run.now)


def _role(run: Run, role: Mapping[str, Any]) -> dict[str, Any]:
    person = run.seen["persons"].get(role["speaker"])
    if person is None:
        raise Invalid.field("/speakers", "unknown-speaker", "It is not among the speakers")
    told = {name: value for name, value in role.items() if name not in ("speaker", "name")}
    told["name_printed"] = role.get("name") or person["name"]
    return {**told, "name": person["name"]}


# roles on the whole event


def _no_ids(_run: Run, _ids: list[str]) -> dict[str, Any]:
    return {}


def _as_it_is(_run: Run, values: Mapping[str, Any]) -> dict[str, Any]:
    return dict(values)


def _never(_there: Any, _values: Mapping[str, Any]) -> bool:
    return False


def _add_general(run: Run, values: Mapping[str, Any]) -> SpeakerRole:
    """The role, or the same one that stands already."""
    told = _role(run, values)
    statement = select(SpeakerRole).where(
        SpeakerRole.event_id == run.event.id,
        SpeakerRole.item_id.is_(None),
        SpeakerRole.name_printed == told["name_printed"],
        SpeakerRole.role == told["role"],
    )
    same = run.session.scalars(statement).first()
    add = (run.session, run.actor, run.event, None)
    return same or agenda.add_speaker(*add, told, now=run.now)


def _unchanged(_run: Run, there: SpeakerRole, _values: Mapping[str, Any]) -> SpeakerRole:
    return there


TRACKS = Kind(_known_tracks, _track, lambda _t, _v: False, _add_track, _change_track)
ITEMS = Kind(_known_items, _item, _item_differs, _add_item, _change_item)
GENERAL = Kind(_no_ids, _as_it_is, _never, _add_general, _unchanged)
