"""What a report says about an event beside its figures, as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.agenda import queries as agenda
from eventsvc.agenda.models import AgendaItem, SpeakerRole
from eventsvc.agenda.policy import CANCELLED, GONE_ROLES
from eventsvc.directory.models import Person
from eventsvc.events.models import Award, Event, Figure, KeyMessage, Link, Series
from eventsvc.events.policy import Dates, last_day
from eventsvc.events.queries import credited
from eventsvc.reports.policy import kind_of


def stated(session: Session, event_ids: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """Event id → its stated figures in order, one query for all."""
    wanted = list(event_ids)
    statement = (
        select(Figure)
        .where(Figure.event_id.in_(wanted))
        .order_by(Figure.position, Figure.metric, Figure.id)
    )
    found: dict[str, list[dict[str, Any]]] = {event_id: [] for event_id in wanted}
    for figure in session.scalars(statement):
        found[str(figure.event_id)].append(
            {
                "metric": kind_of(figure.metric, figure.unit),
                "operator": figure.operator,
                "value": figure.value,
                "unit": figure.unit,
                "printed": figure.printed,
                "note": figure.note,
                "source": figure.source,
                "preferred": figure.preferred,
                "context": figure.context,
            }
        )
    return found


def programme_of(session: Session, event: Event) -> list[AgendaItem]:
    """The agenda in its order with its rooms, without what was cancelled; one query."""
    statement = agenda.items_of(event).where(AgendaItem.state != CANCELLED)
    items = list(session.scalars(agenda.with_particulars(statement, "room")))
    agenda.belonging(event, items)
    return sorted(items, key=agenda.programme_order)


def named_at(session: Session, event: Event) -> list[tuple[SpeakerRole, str | None]]:
    """The roles that may be named (editions.md §4), each with the country of the person."""
    statement = (
        select(SpeakerRole, Person.country)
        .join(Person, Person.id == SpeakerRole.person_id)
        .where(SpeakerRole.event_id == event.id, SpeakerRole.state.not_in(GONE_ROLES))
        .order_by(SpeakerRole.position, SpeakerRole.id)
    )
    found = [(role, country) for role, country in session.execute(statement)]
    return [(role, country) for role, country in found if role.publish or event.recorded]


def facts(
    session: Session,
    event: Event,
    items: Sequence[AgendaItem],
    named: Sequence[tuple[SpeakerRole, str | None]],
) -> dict[str, Any]:
    """The event, its organisations, programme, awards, key messages and links."""
    series = session.get(Series, event.series_id) if event.series_id else None
    return {
        "event": _event(event, series),
        "organisations": [
            {"role": one.row.role, "name": one.name} for one in credited(session, event.id)
        ],
        "programme": _programme(event, items, [role for role, _ in named]),
        "awards": _rows(session, Award, event, ("category", "year", "laureate_name", "note")),
        "key_messages": _rows(session, KeyMessage, event, ("text", "source")),
        "links": _rows(session, Link, event, ("kind", "title", "url")),
    }


def dates_of(event: Event) -> dict[str, Any]:
    """What is known of when, as ISO texts; a day only where the day is known (design law 7)."""
    last = last_day(Dates(ends_wall=event.ends_wall)) if event.ends_wall else None
    return {
        "precision": event.date_precision,
        "starts_on": _iso(event.starts_wall.date() if event.starts_wall else None),
        "ends_on": _iso(last),
        "month": event.month,
        "year": event.year,
        "not_after": _iso(event.not_after),
        "before_on": _iso(event.before_on),
        "length_days": event.length_days,
    }


def _event(event: Event, series: Series | None) -> dict[str, Any]:
    names = ("id", "slug", "title", "theme", "edition", "region", "city", "country", "mode",
             "timezone", "languages", "recorded", "synthetic")  # fmt: skip
    return {
        **{name: getattr(event, name) for name in names},
        "series": None if series is None else {"slug": series.slug, "name": series.name},
        "dates": dates_of(event),
    }


def _programme(
    event: Event, items: Sequence[AgendaItem], roles: Sequence[SpeakerRole]
) -> list[dict[str, Any]]:
    """Public sessions and visits in order, each with who may be named in it."""
    people: dict[str | None, list[dict[str, Any]]] = {}
    for role in roles:
        # what the archive prints beside a name stays there until the speaker agrees
        beside = role.affiliation if role.publish or not event.recorded else None
        told = {"role": role.role, "name": role.name_printed, "affiliation": beside}
        people.setdefault(role.item_id, []).append(told)
    return [
        {
            "id": item.id,
            "kind": item.kind,
            "type": item.type,
            "title": item.title,
            "day": item.day,
            "on": _iso(_wall(item, item.starts_at, lambda at: at.date())),
            "starts": _wall(item, item.starts_at, lambda at: at.strftime("%H:%M")),
            "ends": _wall(item, item.ends_at, lambda at: at.strftime("%H:%M")),
            "stands_for": item.stands_for,
            "public": item.visible or event.recorded,
            "people": people.get(item.id, []),
        }
        for item in items
    ]


def _wall(item: AgendaItem, instant: datetime | None, read: Any) -> Any:
    return None if instant is None else read(instant.astimezone(ZoneInfo(item.timezone)))


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _rows(
    session: Session, kind: type[Any], event: Event, names: Sequence[str]
) -> list[Mapping[str, Any]]:
    statement = select(kind).where(kind.event_id == event.id).order_by(kind.position, kind.id)
    return [{name: getattr(row, name) for name in names} for row in session.scalars(statement)]
