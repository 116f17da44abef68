"""The kinds that come as tables: how each is matched, compared and written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from eventsvc.agenda import actions as agenda
from eventsvc.agenda.models import AgendaItem, Room, SpeakerRole
from eventsvc.agenda.policy import SESSION
from eventsvc.agenda.queries import belonging, items_of, with_particulars
from eventsvc.directory import actions as directory
from eventsvc.directory.models import Organisation
from eventsvc.directory.queries import organisations_of
from eventsvc.imports.actions.named import (
    item_named,
    organisation_id_named,
    room_named,
    track_named,
)
from eventsvc.imports.actions.runs import Kind, Run
from eventsvc.registration import actions as registration
from eventsvc.registration.models import Registration
from eventsvc.registration.queries import registrations
from eventsvc.visits import actions as visits
from eventsvc.visits.models import Visit
from eventsvc.visits.queries import known_event, visits_of

OF_PERSON = {
    "name": "name", "organisation": "organisation_name", "organisation_id": "organisation_id",
    "country": "country", "job_title": "job_title", "type": "type", "language": "locale",
}  # fmt: skip
ONLY_AT_FIRST = ("consents", "pool_id", "allow_over_capacity")
"""Of a registration: said when it is made; a later import changes none of it."""


def _plain(_run: Run, values: Mapping[str, Any]) -> dict[str, Any]:
    return dict(values)


def _otherwise(there: Any, values: Mapping[str, Any]) -> bool:
    return any(getattr(there, name) != value for name, value in values.items())


# registrations


def _known_registrations(run: Run, ids: list[str]) -> dict[str, Any]:
    """A cancelled one is history: its row makes a new registration (api.md §7)."""
    statement = registrations(run.event.id).where(
        Registration.external_id.in_(ids), Registration.state != "cancelled"
    )
    return {str(row.external_id): row for row in run.session.scalars(statement)}


def _registration_differs(there: Registration, values: Mapping[str, Any]) -> bool:
    for name, value in values.items():
        if name in ONLY_AT_FIRST:
            continue
        holder = there.participant if name in OF_PERSON else there
        if getattr(holder, OF_PERSON.get(name, name)) != value:
            return True
    return False


def _register(run: Run, values: Mapping[str, Any]) -> Registration:
    return registration.register(run.session, run.actor, run.event.id, values, now=run.now)


def _change_registration(run: Run, there: Registration, values: Mapping[str, Any]) -> Registration:
    kept = {name: value for name, value in values.items() if name not in ONLY_AT_FIRST}
    return registration.change(run.session, run.actor, run.event.id, there.id, kept, now=run.now)


# rooms


def _known_rooms(run: Run, ids: list[str]) -> dict[str, Any]:
    statement = select(Room).where(Room.event_id == run.event.id, Room.external_id.in_(ids))
    return {str(row.external_id): row for row in run.session.scalars(statement)}


def _add_room(run: Run, values: Mapping[str, Any]) -> Room:
    return agenda.add_room(run.session, run.actor, run.event, values, now=run.now)


def _change_room(run: Run, there: Room, values: Mapping[str, Any]) -> Room:
    return agenda.change_room(run.session, run.actor, run.event, there, values, now=run.now)


# sessions and visits


def placed(run: Run, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with the ids that their names stand for."""
    told = dict(values)
    if told.get("room") is not None:
        told["room_id"] = room_named(run, told.pop("room"))
    if told.get("track") is not None:
        told["track_id"] = track_named(run, told.pop("track"))
    if told.get("block") is not None:
        told["block_id"] = item_named(run, told.pop("block"), "/block").id
    if told.get("host") is not None:
        name = told.pop("host")
        told["host_organisation_id"] = organisation_id_named(run, name, "/host")
    return told


def _known_sessions(run: Run, ids: list[str]) -> dict[str, Any]:
    statement = items_of(run.event, SESSION).where(AgendaItem.external_id.in_(ids))
    rows = list(run.session.scalars(with_particulars(statement, "room")))
    belonging(run.event, rows)
    return {str(row.external_id): row for row in rows}


def _session_differs(there: AgendaItem, values: Mapping[str, Any]) -> bool:
    """Organisations taking part are said when a session is made."""
    return _otherwise(there, {n: v for n, v in values.items() if n != "organisation_ids"})


def _add_session(run: Run, values: Mapping[str, Any]) -> AgendaItem:
    return agenda.add_session(run.session, run.actor, run.event, values, now=run.now)


def _change_session(run: Run, there: AgendaItem, values: Mapping[str, Any]) -> AgendaItem:
    kept = {name: value for name, value in values.items() if name != "organisation_ids"}
    return agenda.change_session(run.session, run.actor, run.event, there, kept, now=run.now)


def _known_visits(run: Run, ids: list[str]) -> dict[str, Any]:
    rows = list(run.session.scalars(visits_of(run.event).where(AgendaItem.external_id.in_(ids))))
    known_event(run.event, rows)
    return {str(row.item.external_id): row for row in rows}


def _visit_differs(there: Visit, values: Mapping[str, Any]) -> bool:
    own = {name: value for name, value in values.items() if hasattr(Visit, name)}
    rest = {name: value for name, value in values.items() if name not in own}
    return _otherwise(there, own) or _otherwise(there.item, rest)


def _add_visit(run: Run, values: Mapping[str, Any]) -> Visit:
    return visits.add_visit(run.session, run.actor, run.event, values, now=run.now)


def _change_visit(run: Run, there: Visit, values: Mapping[str, Any]) -> Visit:
    return visits.change_visit(run.session, run.actor, run.event, there, values, now=run.now)


# speakers


def _role_values(run: Run, values: Mapping[str, Any]) -> dict[str, Any]:
    told = dict(values)
    if told.get("organisation") is not None:
        name = told.pop("organisation")
        told["organisation_id"] = organisation_id_named(run, name, "/organisation")
    if told.get("session") is not None:
        told["item_id"] = item_named(run, told.pop("session"), "/session").id
    return told


def _known_roles(run: Run, ids: list[str]) -> dict[str, Any]:
    statement = select(SpeakerRole).where(
        SpeakerRole.event_id == run.event.id, SpeakerRole.external_id.in_(ids)
    )
    return {str(row.external_id): row for row in run.session.scalars(statement)}


def _printed(values: Mapping[str, Any]) -> dict[str, Any]:
    """A person stays who they are: another name is another spelling on this event's pages."""
    told = {n: v for n, v in values.items() if n not in ("name", "person_id", "item_id")}
    return told | ({"name_printed": values["name"]} if "name" in values else {})


def _role_differs(there: SpeakerRole, values: Mapping[str, Any]) -> bool:
    return _otherwise(there, _printed(values))


def _add_role(run: Run, values: Mapping[str, Any]) -> SpeakerRole:
    told = dict(values)
    item_id = told.pop("item_id", None)
    item = run.session.get(AgendaItem, item_id) if item_id else None
    return agenda.add_speaker(run.session, run.actor, run.event, item, told, now=run.now)


def _change_role(run: Run, there: SpeakerRole, values: Mapping[str, Any]) -> SpeakerRole:
    told = _printed(values)
    return agenda.change_speaker(run.session, run.actor, run.event, there, told, now=run.now)


# organisations


def _known_organisations(run: Run, ids: list[str]) -> dict[str, Any]:
    statement = organisations_of(run.event.organiser_id).where(Organisation.external_id.in_(ids))
    return {str(row.external_id): row for row in run.session.scalars(statement)}


def _add_organisation(run: Run, values: Mapping[str, Any]) -> Organisation:
    return directory.add_organisation(
        run.session, run.actor, run.event.organiser_id, values, now=run.now
    )


def _change_organisation(run: Run, there: Organisation, values: Mapping[str, Any]) -> Organisation:
    return directory.change_organisation(run.session, run.actor, there, values, now=run.now)


TABLE_KINDS: dict[str, Kind] = {
    "registrations": Kind(
        _known_registrations, _plain, _registration_differs, _register, _change_registration
    ),
    "rooms": Kind(_known_rooms, _plain, _otherwise, _add_room, _change_room),
    "sessions": Kind(_known_sessions, placed, _session_differs, _add_session, _change_session),
    "site_visits": Kind(_known_visits, placed, _visit_differs, _add_visit, _change_visit),
    "speakers": Kind(_known_roles, _role_values, _role_differs, _add_role, _change_role),
    "organisations": Kind(
        _known_organisations, _plain, _otherwise, _add_organisation, _change_organisation
    ),
}
