"""What people would hear from now on, by person and day. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from eventsvc.reminders.plan.due import DAY_S, Key, Wanted, wanted
from eventsvc.reminders.plan.occasions import Edition, Guest, occasions
from eventsvc.reminders.plan.rules import BOUNDS

PLANNED, NEEDLESS = "planned", "superseded"
TYPICAL = ("on_site", "online")
"""Guests without bookings, made up so that a preview says something before anybody came."""
_FARTHEST = max(most for _, most, _ in BOUNDS.values())


@dataclass(frozen=True)
class Foreseen:
    """Person → what they hear, in order of time; the made-up guests go by :data:`TYPICAL`."""

    by_person: Mapping[str, list[dict[str, Any]]]

    @property
    def people(self) -> list[str]:
        """The real people, in the order of their ids."""
        return sorted(self.by_person.keys() - set(TYPICAL))

    def in_all(self, person: str) -> int:
        """How many reminders a person gets from first to last."""
        return sum(one["state"] not in (NEEDLESS, "cancelled") for one in self.by_person[person])

    def days(self, person: str, zone: str) -> list[dict[str, Any]]:
        """What a person hears, by the day it comes in the zone of the event."""
        found: dict[date, list[dict[str, Any]]] = {}
        for one in self.by_person[person]:
            day = one["due_at"].astimezone(ZoneInfo(zone)).date()
            found.setdefault(day, []).append(one)
        return [{"on": day, "messages": messages} for day, messages in sorted(found.items())]

    def numbers(self) -> list[dict[str, int]]:
        """How many people get how many reminders."""
        counted = Counter(self.in_all(person) for person in self.people)
        return [{"messages": count, "people": counted[count]} for count in sorted(counted)]


def foresee(edition: Edition, states: Mapping[Key, str], *, now: datetime) -> Foreseen:
    """Everything that the rules of an edition come to; ``states``: key → state of its row."""
    made_up = [
        Guest(
            participant_id=name,
            contact_id=name,
            locale="en",
            zone=None,
            online=name == "online",
            since=now,
        )
        for name in TYPICAL
    ]
    whole = replace(edition, guests=(*edition.guests, *made_up))
    horizon = max(edition.ends_at - now, timedelta(0)) + timedelta(seconds=_FARTHEST + DAY_S)
    found: dict[str, list[dict[str, Any]]] = {one.participant_id: [] for one in whole.guests}
    for message in _in_time(
        wanted(occasions(whole, now=now, horizon=horizon), now=now, horizon=horizon)
    ):
        found[message.occasion.recipient_id].append(_told(message, states))
    return Foreseen(found)


def _in_time(messages: Iterable[Wanted]) -> list[Wanted]:
    return sorted(messages, key=lambda one: (one.due_at, one.key))


def _told(message: Wanted, states: Mapping[Key, str]) -> dict[str, Any]:
    occasion = message.occasion
    usual = NEEDLESS if message.superseded else PLANNED
    return {
        "purpose": occasion.purpose,
        "subject_type": occasion.subject_type,
        "subject_id": occasion.subject_id,
        "offset_s": occasion.offset_s,
        "starts_at": occasion.starts_at,
        "due_at": message.due_at,
        "state": states.get(message.key, usual),
    }
