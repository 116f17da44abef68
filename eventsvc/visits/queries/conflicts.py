"""Everything that is wrong in a programme, ways between places included (api.md §6)."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.agenda.queries import bookable_ids, conflict, double_use, occupied_persons, titles_of
from eventsvc.events.models import Event
from eventsvc.visits.policy import Stay, Tight, tight_pairs
from eventsvc.visits.queries.travel import distances_of, stays_of


def conflicts(session: Session, event: Event) -> list[dict[str, Any]]:
    """Every conflict of a programme; the same few statements whatever its size.

    Rooms, speakers and places first (``agenda.queries.double_use``), then ways that are too short
    in time: for speakers, and between items whose seats one person may book both.
    """
    found = double_use(session, event)
    distances = distances_of(session, event)
    if not distances:
        return found
    stays = {stay.item_id: stay for stay in stays_of(session, event)}
    titles = titles_of(session, event)
    by_person: dict[str, list[Stay]] = {}
    for one in occupied_persons(session, event):
        by_person.setdefault(one.thing_id, []).append(stays[one.item_id])
    for person_id in sorted(by_person):
        for tight in tight_pairs(by_person[person_id], distances):
            found.append(_tight(event, "speaker-travel-time", person_id, tight, titles))
    bookable = [stays[item_id] for item_id in bookable_ids(session, event) if item_id in stays]
    for tight in tight_pairs(bookable, distances):
        found.append(_tight(event, "item-travel-time", tight.then.item_id, tight, titles))
    return found


def _tight(
    event: Event, code: str, subject_id: str, tight: Tight, titles: dict[str, str]
) -> dict[str, Any]:
    who = "A speaker" if code == "speaker-travel-time" else "Whoever books both"
    first, then = (titles[stay.item_id] for stay in (tight.first, tight.then))
    detail = (
        f"{who} needs {tight.minutes_needed} minutes from “{first}” to “{then}”:"
        f" {tight.minutes_missing} are missing."
    )
    told = conflict(event, code, subject_id, [tight.first.item_id, tight.then.item_id], detail)
    return told | {
        "starts_at": tight.first.span.ends_at,
        "ends_at": tight.then.span.starts_at,
        "minutes_missing": tight.minutes_missing,
    }
