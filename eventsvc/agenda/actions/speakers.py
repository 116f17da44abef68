"""Who speaks where, as printed for this event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from eventsvc.agenda.actions.consents import note_publish
from eventsvc.agenda.actions.profiles import forget_profile, profile_made
from eventsvc.agenda.actions.references import check_references
from eventsvc.agenda.actions.timing import refuse_clash, span_of
from eventsvc.agenda.models import AgendaItem, SpeakerRole
from eventsvc.agenda.policy import CANCELLED, GONE_ROLES, Occupied
from eventsvc.agenda.queries import occupied_persons, roles_of_person
from eventsvc.audit.actions import record
from eventsvc.core.errors import Conflict, Invalid, NotFound
from eventsvc.core.rights import Actor
from eventsvc.directory.actions import person_as_printed
from eventsvc.directory.models import Person
from eventsvc.directory.queries import person_standing
from eventsvc.events.models import Event
from eventsvc.events.policy import refuse_archived
from eventsvc.events.queries import lock_event


def add_speaker(
    session: Session,
    actor: Actor,
    event: Event,
    item: AgendaItem | None,
    values: Mapping[str, Any],
    *,
    now: datetime,
) -> SpeakerRole:
    """Give a person a role on an item, or on the whole event (``item`` None).

    ``values``: ``role``, and ``person_id`` or ``name``: the person of that name is taken from the
    directory or added to it. ``name_printed`` is the name as printed here; further columns of
    :class:`SpeakerRole` as they are.

    Raises:
        Invalid: neither or both of person and name, or an id that is not there.
        Conflict: ``speaker-conflict``, ``role-taken``, ``archived``, ``consent-withdrawn``.
    """
    event = lock_event(session, event.id)
    refuse_archived(event.state)
    check_references(session, event, values)
    person = _person(session, actor, event, values, now=now)
    columns = {name: value for name, value in values.items() if name not in ("name", "person_id")}
    printed = columns.pop("name_printed", None) or values.get("name") or person.name
    position = columns.pop("position", None)
    publish = columns.pop("publish", None)
    role = SpeakerRole(
        organiser_id=event.organiser_id,
        event_id=event.id,
        item_id=item.id if item else None,
        person_id=person.id,
        name_printed=printed,
        **columns,
    )
    role.position = _next(session, event, item) if position is None else position
    check_free(session, event, item, role)
    session.add(role)
    session.flush()
    profile = profile_made(session, role, now=now)
    if publish is not None:
        note_publish(session, actor, profile, role, agreed=publish, now=now)
    record(session, actor, "speaker.added", role, now=now, changes={"role": role.role})
    return role


def _person(
    session: Session, actor: Actor, event: Event, values: Mapping[str, Any], *, now: datetime
) -> Person:
    person_id, name = values.get("person_id"), values.get("name")
    if (person_id is None) == (name is None):
        raise Invalid.field("/person_id", "person-or-name", "Give either person_id or name")
    if person_id is None:
        given = {"name": name, "country": values.get("country")}
        return person_as_printed(session, actor, event.organiser_id, given, now=now)
    try:
        return person_standing(session, event.organiser_id, person_id)
    except NotFound:
        raise Invalid.field("/person_id", "unknown-id", "There is no such person") from None


def _next(session: Session, event: Event, item: AgendaItem | None) -> int:
    same = SpeakerRole.item_id.is_(None) if item is None else SpeakerRole.item_id == item.id
    last = select(func.max(SpeakerRole.position)).where(SpeakerRole.event_id == event.id, same)
    return (session.scalar(last) or 0) + 1


def check_free(session: Session, event: Event, item: AgendaItem | None, role: SpeakerRole) -> None:
    """Refuse a role that the person has already, or one while they are elsewhere.

    Raises:
        Conflict: ``role-taken``, ``speaker-conflict``.
    """
    same = SpeakerRole.item_id.is_(None) if item is None else SpeakerRole.item_id == item.id
    taken = session.scalar(
        select(SpeakerRole.id).where(
            SpeakerRole.event_id == event.id,
            SpeakerRole.person_id == role.person_id,
            SpeakerRole.role == role.role,
            same,
        )
    )
    if taken is not None and taken != role.id:
        raise Conflict("role-taken", "This person has the role already.", conflicts_with=[taken])
    span = span_of(item) if item else None
    if item is None or span is None or item.state == CANCELLED or role.state in GONE_ROLES:
        return
    wanted = [Occupied(item.id, span, role.person_id)]
    elsewhere = occupied_persons(session, event, [role.person_id])
    refuse_clash("speaker-conflict", "The speaker is elsewhere at this time.", wanted, elsewhere)


def change_speaker(
    session: Session,
    actor: Actor,
    event: Event,
    role: SpeakerRole,
    values: Mapping[str, Any],
    *,
    now: datetime,
) -> SpeakerRole:
    """Change a role; the person stays, another one is another role.

    Raises:
        Conflict: ``role-taken``, ``archived``, ``consent-withdrawn``.
        Invalid: an organisation that is not there.
    """
    event = lock_event(session, event.id)
    refuse_archived(event.state)
    check_references(session, event, values)
    changed = sorted(name for name, value in values.items() if getattr(role, name) != value)
    item = session.get(AgendaItem, role.item_id) if role.item_id else None
    with session.no_autoflush:
        for name in sorted({*changed} - {"publish"}):
            setattr(role, name, values[name])
        if "role" in changed:
            check_free(session, event, item, role)
    session.flush()
    if "publish" in changed:
        profile = profile_made(session, role, now=now)
        note_publish(session, actor, profile, role, agreed=values["publish"], now=now)
    record(session, actor, "speaker.changed", role, now=now, changes={"fields": changed})
    return role


def remove_speaker(
    session: Session, actor: Actor, event: Event, role: SpeakerRole, *, now: datetime
) -> None:
    """Take a role away; with the last one goes what the person said of themselves here.

    Raises:
        Conflict: ``archived``.
    """
    event = lock_event(session, event.id)
    refuse_archived(event.state)
    record(session, actor, "speaker.removed", role, now=now)
    session.execute(
        update(SpeakerRole)
        .where(SpeakerRole.event_id == event.id, SpeakerRole.replaced_by_id == role.id)
        .values(replaced_by_id=None)
    )
    session.delete(role)
    session.flush()
    if not roles_of_person(session, event.id, role.person_id):
        forget_profile(session, event, role.person_id, now=now)
