"""What the rules of an event come to for its people. Nothing is written."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.core.errors import MalformedRequest
from eventsvc.core.ids import is_id
from eventsvc.events.models import Event
from eventsvc.mail.models import OutboxMessage
from eventsvc.registration.models import Participant
from eventsvc.reminders.plan import PURPOSES, TYPICAL, Foreseen, Key, foresee
from eventsvc.reminders.queries.editions import edition_known
from eventsvc.reminders.queries.rules import rules_of


def reminders_preview(
    session: Session, event: Event, *, after: str | None, limit: int, now: datetime
) -> dict[str, Any]:
    """How many people hear how often, and ``limit`` of them day by day, those after one id.

    Raises:
        MalformedRequest: ``after`` is no id.
    """
    if after is not None and not is_id(after):
        raise MalformedRequest("after: Give the next_after of the page before")
    edition = edition_known(session, event, rules_of(session, event))
    if edition is None:
        return {"people": 0, "messages": 0, "numbers": [], "typical": [], "items": []}
    foreseen = foresee(edition, _states(session, event), now=now)
    people = foreseen.people
    left = [person for person in people if after is None or person > after]
    shown = left[:limit]
    names = _names(session, shown)
    return {
        "people": len(people),
        "messages": sum(foreseen.in_all(person) for person in people),
        "numbers": foreseen.numbers(),
        "typical": [_shown(foreseen, name, edition.zone, guest=name) for name in TYPICAL],
        "items": [
            _shown(foreseen, one, edition.zone, participant_id=one, name=names.get(one, ""))
            for one in shown
        ],
        "next_after": shown[-1] if len(left) > limit else None,
    }


def _shown(foreseen: Foreseen, person: str, zone: str, **who: str) -> dict[str, Any]:
    return {**who, "in_all": foreseen.in_all(person), "days": foreseen.days(person, zone)}


def _states(session: Session, event: Event) -> dict[Key, str]:
    rows = session.execute(
        select(
            OutboxMessage.recipient_id,
            OutboxMessage.purpose,
            OutboxMessage.subject_type,
            OutboxMessage.subject_id,
            OutboxMessage.offset_s,
            OutboxMessage.revision,
            OutboxMessage.state,
        ).where(OutboxMessage.event_id == event.id, OutboxMessage.purpose.in_(PURPOSES))
    )
    return {
        (one.recipient_id, one.purpose, one.subject_type, one.subject_id, one.offset_s,
         one.revision): one.state
        for one in rows
    }  # fmt: skip


def _names(session: Session, people: list[str]) -> dict[str, str]:
    wanted = select(Participant.id, Participant.name).where(Participant.id.in_(people))
    return {row[0]: row[1] for row in session.execute(wanted)}
