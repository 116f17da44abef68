"""Storing calendar items: UID for life, one revision for each visible change (calendar.md §3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from eventsvc.core.jobs import insert_once
from eventsvc.ical.models import CalendarEntry, CalendarScope
from eventsvc.ical.policy import (
    CANCELLED,
    CANCELLED_DAYS,
    CalendarItem,
    Stamp,
    content_key,
    instant,
    revised,
)
from eventsvc.ical.queries import PUBLIC_KINDS, entries_of
from eventsvc.ical.render import stored_block


def store(
    session: Session,
    *,
    owner_kind: str,
    owner_id: str,
    scope_id: str,
    series_id: str | None,
    item: CalendarItem | None,
    now: datetime,
) -> None:
    """Store one item; see :func:`store_all`."""
    store_all(
        session,
        owner_kind=owner_kind,
        scope_id=scope_id,
        series_id=series_id,
        items={owner_id: item},
        now=now,
    )


def store_all(
    session: Session,
    *,
    owner_kind: str,
    scope_id: str,
    series_id: str | None,
    items: Mapping[str, CalendarItem | None],
    now: datetime,
) -> int:
    """Store what calendars show of these owners; returns how many entries changed.

    A new owner keeps the ``uid`` of its item (a random one), a known one its stored UID. SEQUENCE
    rises by one only when something visible differs (rule 15). A cancelled entry stays as it is
    while its owner is cancelled (rule 17), and an owner that is cancelled before it was ever shown
    gets none. None takes the owner out; the row keeps UID and SEQUENCE, should it come back.
    """
    entries = entries_of(session, owner_kind, items)
    changed, series = 0, set()
    for owner_id, item in items.items():
        entry = entries.get(owner_id)
        if entry is None:
            entry = _first(owner_kind, owner_id, scope_id, item, now)
            if entry is None:
                continue
            session.add(entry)
        elif not _again(entry, item, now) and entry.series_id == series_id:
            continue
        changed += 1
        series |= {entry.series_id, series_id}
        entry.series_id = series_id
    if changed:
        session.flush()
        shown_in = series - {None} if owner_kind in PUBLIC_KINDS else set()
        touch(session, [scope_id, *sorted(filter(None, shown_in))], now=now)
    return changed


def _first(
    owner_kind: str, owner_id: str, scope_id: str, item: CalendarItem | None, now: datetime
) -> CalendarEntry | None:
    if item is None or item.status == CANCELLED:
        return None
    entry = CalendarEntry(uid=item.uid, owner_kind=owner_kind, owner_id=owner_id, scope_id=scope_id)
    _write(entry, item, Stamp(0, now, now))
    return entry


def _again(entry: CalendarEntry, item: CalendarItem | None, now: datetime) -> bool:
    """Bring an entry up to date; False where nothing visible differs."""
    if item is None:
        if entry.removed_at is None:
            entry.removed_at = now
            return True
        return False
    if item.status == entry.status == CANCELLED:
        return False
    item = replace(item, uid=entry.uid)
    if entry.removed_at is None and content_key(item) == entry.content_key:
        return False
    _write(entry, item, revised(Stamp(entry.sequence, entry.created_at, entry.changed_at), now))
    entry.removed_at = None
    return True


def _write(entry: CalendarEntry, item: CalendarItem, stamp: Stamp) -> None:
    block = stored_block(item, stamp)
    entry.sequence = stamp.sequence
    entry.content_key = content_key(item)
    entry.status = item.status
    entry.text = block.text
    entry.starts_at = block.starts_utc
    entry.ends_at = instant(item.ends, item.zone)
    entry.zone = block.zone
    entry.first_year = block.first_year
    entry.last_year = block.last_year
    entry.created_at = stamp.created
    entry.changed_at = stamp.changed


def touch(session: Session, scope_ids: Iterable[str], *, now: datetime) -> None:
    """Raise the revision of feeds whose items or header changed; ids of events, then of series."""
    for scope_id in scope_ids:
        values = {"scope_id": scope_id, "revision": 0, "changed_at": now}
        session.execute(insert_once(session, CalendarScope, values, on=["scope_id"]))
        session.execute(
            update(CalendarScope)
            .where(CalendarScope.scope_id == scope_id)
            .values(revision=CalendarScope.revision + 1, changed_at=now)
            .execution_options(synchronize_session=False)
        )


def remove_ended(session: Session, *, now: datetime) -> int:
    """Take out cancelled items 30 days after their original end (rule 17); returns how many."""
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    statement = select(CalendarEntry).where(
        CalendarEntry.status == CANCELLED,
        CalendarEntry.removed_at.is_(None),
        CalendarEntry.ends_at < today - timedelta(days=CANCELLED_DAYS),
    )
    gone = list(session.scalars(statement))
    for entry in gone:
        entry.removed_at = now
    public = [entry for entry in gone if entry.owner_kind in PUBLIC_KINDS]
    session.flush()
    touch(session, sorted({entry.scope_id for entry in gone}), now=now)
    touch(session, sorted({e.series_id for e in public if e.series_id is not None}), now=now)
    return len(gone)
