"""Whether parallel sessions offer more places than their house holds. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from eventsvc.agenda.policy.items import Span


@dataclass(frozen=True)
class Offer:
    """The places of one session of a parallel group in a house (venue)."""

    item_id: str
    span: Span
    places: int
    group: str
    venue_id: str


@dataclass(frozen=True)
class Crowd:
    """Sessions of one group that together offer more than their house holds."""

    venue_id: str
    group: str
    places: int
    item_ids: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime


def crowds(offers: Iterable[Offer], limits: Mapping[str, int]) -> list[Crowd]:
    """For each group and house with a limit the fullest moment, if it is beyond the limit."""
    parts: dict[tuple[str, str], list[Offer]] = {}
    for offer in offers:
        if offer.venue_id in limits:
            parts.setdefault((offer.venue_id, offer.group), []).append(offer)
    found = []
    for (venue_id, group), together in sorted(parts.items()):
        moments = [_at(one.span.starts_at, together) for one in together]
        fullest = max(moments, key=lambda there: sum(one.places for one in there))
        places = sum(one.places for one in fullest)
        if places > limits[venue_id]:
            found.append(
                Crowd(
                    venue_id=venue_id,
                    group=group,
                    places=places,
                    item_ids=tuple(one.item_id for one in fullest),
                    starts_at=max(one.span.starts_at for one in fullest),
                    ends_at=min(one.span.ends_at for one in fullest),
                )
            )
    return found


def _at(moment: datetime, offers: list[Offer]) -> list[Offer]:
    there = [one for one in offers if one.span.starts_at <= moment < one.span.ends_at]
    return sorted(there, key=lambda one: (one.span.starts_at, one.item_id))
