"""Counting in SQL: a fixed number of queries whatever the size of the event (reports.md §1.6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, case, func, or_, select, union
from sqlalchemy.orm import Session

from eventsvc.agenda.models import AgendaItem, SpeakerRole
from eventsvc.bookings.models import Booking, CheckIn
from eventsvc.bookings.policy import capacity_of
from eventsvc.events.models import Event
from eventsvc.feeds.models import CalendarToken
from eventsvc.mail.queries import counts_by_state as mail_by_state
from eventsvc.registration.models import Participant, Registration
from eventsvc.registration.policy import HOLDING, MODES
from eventsvc.registration.queries import counts_by_state
from eventsvc.reports.policy import eu_members
from eventsvc.visits.models import Bus

NOT_RECORDED = None
"""Stands for a count of something that nobody took down."""

Named = tuple[SpeakerRole, str | None]


def counted(
    session: Session, event: Event, items: Sequence[AgendaItem], named: Sequence[Named]
) -> dict[str, Any]:
    """Every counted figure of an event (``policy.DEFINITIONS``), breakdowns, and its items.

    Args:
        session: where to ask.
        event: the event.
        items: its agenda, rooms loaded.
        named: its roles, each with the country of the person.
    """
    states = counts_by_state(session, event.id)
    seats = _items(session, items)
    figures = _registered(states) | _speakers(named) | _around(session, event, items, seats)
    countries = _by_country(session, event)
    if figures.get("participants.attended") is not NOT_RECORDED:
        came = {code for code, _, attended in countries if code and attended}
        on = (event.starts_wall or event.created_at).date()
        figures |= _from_where(came, on)
    return {
        "figures": figures,
        "states": _nested(states),
        "breakdowns": {
            "types": _by_type(session, event),
            "countries": {code or "": held for code, held, _ in countries},
        },
        "items": seats,
        "speakers": _roles(event, named),
    }


def _registered(states: dict[tuple[str, str], int]) -> dict[str, int | None]:
    if not states:
        return {}

    def held(*wanted: str, mode: str | None = None) -> int:
        return sum(
            count
            for (of_mode, state), count in states.items()
            if state in wanted and mode in (None, of_mode)
        )

    taken = held("attended", "no_show") > 0
    hybrid = len({mode for mode, _ in states}) > 1
    figures: dict[str, int | None] = {"registrations.total": held(*HOLDING)}
    figures |= {f"registrations.{mode}": held(*HOLDING, mode=mode) for mode in MODES if hybrid}
    figures |= {f"registrations.{state}": held(state) for state in ("waitlisted", "cancelled")}
    figures["participants.attended"] = held("attended") if taken else NOT_RECORDED
    if taken:
        figures["participants.no_show"] = held("no_show")
        came = {f"participants.attended.{mode}": held("attended", mode=mode) for mode in MODES}
        figures |= came if hybrid else {}
    return figures


def _from_where(came: set[str], on: date) -> dict[str, int | None]:
    return {
        "participants.countries": len(came),
        "participants.eu_countries": len(eu_members(came, on)),
    }


def _speakers(named: Sequence[Named]) -> dict[str, int | None]:
    if not named:
        return {}
    organisations = {
        role.organisation_id or role.affiliation
        for role, _ in named
        if role.organisation_id or role.affiliation
    }
    countries = {role.country or home for role, home in named if role.country or home}
    return {
        "speakers.persons": len({role.person_id for role, _ in named}),
        "speakers.organisations": len(organisations),
        "speakers.countries": len(countries),
    }


def _roles(event: Event, named: Sequence[Named]) -> dict[str, dict[str, int]]:
    """Persons by role, by organisation as printed, by country; each person once in a line."""
    found: dict[str, dict[str, set[str]]] = {"roles": {}, "organisations": {}, "countries": {}}
    for role, home in named:
        # what the archive prints beside a name stays there until the speaker agrees
        beside = role.affiliation if role.publish or not event.recorded else None
        keys = {"roles": role.role, "organisations": beside, "countries": role.country or home}
        for line, key in keys.items():
            if key:
                found[line].setdefault(key, set()).add(role.person_id)
    return {
        line: {key: len(persons) for key, persons in lines.items()} for line, lines in found.items()
    }


def _around(
    session: Session, event: Event, items: Sequence[AgendaItem], seats: Sequence[dict[str, Any]]
) -> dict[str, int | None]:
    mail = mail_by_state(session, event.id)
    fetched = select(func.count()).where(
        CalendarToken.event_id == event.id,
        CalendarToken.revoked_at.is_(None),
        CalendarToken.last_fetch_at.is_not(None),
    )
    figures: dict[str, int | None] = {
        "items.sessions": sum(1 for item in items if item.kind == "session"),
        "items.visits": sum(1 for item in items if item.kind == "visit"),
        "calendars.active": session.scalars(fetched).one(),
    }
    if any(mail.values()):
        figures |= {f"mail.{state}": mail[state] for state in ("sent", "failed")}
    if seats:
        came = [row["attended"] for row in seats if row["attended"] is not NOT_RECORDED]
        figures["seats.booked"] = sum(row["booked"] for row in seats)
        figures["seats.attended"] = sum(came) if came else NOT_RECORDED
    return figures


def _by_country(session: Session, event: Event) -> list[tuple[str | None, int, int]]:
    """(country, places held, attended)."""
    came = func.sum(case((Registration.state == "attended", 1), else_=0))
    statement = _held(event, Participant.country).add_columns(came)
    return [(code, held, int(attended)) for code, held, attended in session.execute(statement)]


def _by_type(session: Session, event: Event) -> dict[str, int]:
    return dict(session.execute(_held(event, Participant.type)).all())


def _held(event: Event, column: Any) -> Select[Any]:
    return (
        select(column, func.count())
        .select_from(Registration)
        .join(Participant, Participant.id == Registration.participant_id)
        .where(Registration.event_id == event.id, Registration.state.in_(HOLDING))
        .group_by(column)
    )


def _nested(states: dict[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for (mode, state), count in sorted(states.items()):
        found.setdefault(mode, {})[state] = count
    return found


def _items(session: Session, items: Sequence[AgendaItem]) -> list[dict[str, Any]]:
    """Seats of what could be booked or was attended; three queries for any number of items."""
    ids = [item.id for item in items]
    booked = _bookings(session, ids)
    came = _attended(session, ids)
    carried: dict[str, list[int]] = {}
    for visit_id, seats in session.execute(
        select(Bus.visit_id, Bus.seats).where(Bus.visit_id.in_(ids))
    ):
        carried.setdefault(visit_id, []).append(seats)
    rows = []
    for item in items:
        taken = item.attendance != "not_taken" or item.id in came
        if not (item.bookable or item.id in booked or taken):
            continue
        held = booked.get(item.id, (0, 0, 0, 0))
        rows.append(
            {
                "id": item.id,
                "capacity": capacity_of(item.places, carried.get(item.id, [])),
                "booked": held[0],
                "waited": held[1],
                "promoted": held[2],
                "attended": came.get(item.id, 0) if taken else NOT_RECORDED,
                "no_show": held[3] if item.attendance == "closed" else NOT_RECORDED,
            }
        )
    return rows


def _bookings(session: Session, ids: Iterable[str]) -> dict[str, tuple[int, int, int, int]]:
    """Item id → seats booked, guests that ever waited, those promoted, no-shows."""

    def number(condition: Any) -> Any:
        return func.sum(case((condition, 1), else_=0))

    waited = or_(Booking.state == "waitlisted", Booking.promotions > 0)
    statement = (
        select(
            Booking.item_id,
            number(Booking.state.in_(HOLDING)),
            number(waited),
            number(Booking.promotions > 0),
            number(Booking.state == "no_show"),
        )
        .where(Booking.item_id.in_(list(ids)))
        .group_by(Booking.item_id)
    )
    return {
        item: (int(held), int(wait), int(up), int(gone))
        for item, held, wait, up, gone in session.execute(statement)
    }


def _attended(session: Session, ids: Iterable[str]) -> dict[str, int]:
    """Item id → guests who came: booked and marked, or let in at the door; each once."""
    wanted = list(ids)
    marked = select(Booking.item_id, Booking.registration_id).where(
        Booking.item_id.in_(wanted), Booking.state == "attended"
    )
    let_in = select(CheckIn.item_id, CheckIn.registration_id).where(
        CheckIn.item_id.in_(wanted), CheckIn.undone_at.is_(None)
    )
    both = union(marked, let_in).subquery()
    statement = select(both.c.item_id, func.count()).group_by(both.c.item_id)
    return dict(session.execute(statement).all())
