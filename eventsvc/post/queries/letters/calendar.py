"""The calendar part of a letter (calendar.md rule 42; editions.md §7.22)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import exists, select

from eventsvc.feeds.actions import personal_blocks
from eventsvc.feeds.models import CalendarToken
from eventsvc.feeds.queries import personal_subject
from eventsvc.ical.policy import StoredBlock
from eventsvc.ical.queries import entries_of
from eventsvc.ical.render import mailed
from eventsvc.post.queries.letters.known import Known

USED_WITHIN = timedelta(days=30)
"""A personal feed fetched so lately is in use: the person needs no copy by mail."""


def calendar_part(about: Known, *, owners: Collection[str] | None = None) -> bytes | None:
    """The guest's own items as METHOD:PUBLISH; ``owners``: only these items and buses.

    Before anything of the programme is public it holds the event's days. None where the event
    sends no calendars, the person subscribes, or there is nothing to show.
    """
    if about.event.calendar_mail == "off" or _subscribes(about):
        return None
    own = personal_blocks(about.session, personal_subject(about.session, about.participant.id))
    blocks = [block for (_, owner), block in own.items() if owners is None or owner in owners]
    if not blocks and owners is None:
        blocks = _banner(about)
    return mailed(blocks, about.now) if blocks else None


def _subscribes(about: Known) -> bool:
    fetched = exists().where(
        CalendarToken.participant_id == about.participant.id,
        CalendarToken.revoked_at.is_(None),
        CalendarToken.last_fetch_at > about.now - USED_WITHIN,
    )
    return bool(about.session.scalar(select(fetched)))


def _banner(about: Known) -> list[StoredBlock]:
    entry = entries_of(about.session, "banner", [about.event.id]).get(about.event.id)
    if entry is None or entry.removed_at is not None:
        return []
    return [
        StoredBlock(
            uid=entry.uid,
            starts_utc=entry.starts_at,
            zone=entry.zone,
            first_year=entry.first_year,
            last_year=entry.last_year,
            text=entry.text,
        )
    ]
