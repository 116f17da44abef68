"""The bytes of each kind of feed from the texts stored for it.

The feed of a series holds the banners and the items of all its editions (rules 1, 21). Where
that is too large even without abstracts and past items (rule 37), it is split by edition: it keeps
the banners and says where the rest is. Editions and personal feeds are never split.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from eventsvc.core import config
from eventsvc.feeds.policy import (
    EVENT,
    SERIES,
    Copy,
    color_of,
    copy_of,
    cutoff,
    event_about,
    event_path,
    is_part,
    page_path,
    part_about,
    part_path,
    personal_about,
    series_about,
    series_path,
    split_note,
)
from eventsvc.feeds.queries import (
    Own,
    Subject,
    Timed,
    own_bookings,
    own_entries,
    part_entries,
    registered_mode,
    timed,
)
from eventsvc.feeds.queries.contents import COLUMNS
from eventsvc.ical.models import CalendarEntry
from eventsvc.ical.policy import (
    CONFIRMED,
    HOURLY,
    TWICE_A_DAY,
    FeedHeader,
    FeedTooLarge,
    StoredBlock,
)
from eventsvc.ical.queries import public_entries, series_entries
from eventsvc.ical.render import feed, personal_block

ONLINE = "online"  # the mode of a guest who is let into streams (editions.md §2.7)


def rendered(session: Session, kind: str, subject: Subject) -> bytes:
    """The bytes of a feed; ValueError when they cannot be made."""
    if kind == SERIES:
        return _series(session, subject)
    if kind == EVENT:
        return _event(session, subject)
    if is_part(kind):
        return _part(session, kind, subject)
    return _personal(session, subject)


def _header(subject: Subject, name: str, about: str, page: str, source: str | None) -> FeedHeader:
    base = config.current().base_url
    return FeedHeader(
        name=name,
        description=about,
        zone=subject.zone,
        changed=subject.changed_at,
        url=base + page,
        source=source and base + source,
        refresh=TWICE_A_DAY if subject.slug is None else HOURLY,
        color=color_of(subject.color),
    )


def _shown(session: Session, statement: Select[CalendarEntry]) -> list[Timed]:
    return [timed(row) for row in session.execute(statement.with_only_columns(*COLUMNS))]


def _blocks(entries: Sequence[Timed]) -> list[StoredBlock]:
    return [entry.block for entry in entries]


def _event(session: Session, subject: Subject) -> bytes:
    about = event_about(subject.theme, subject.languages)
    page = page_path(subject.series_slug, subject.slug)
    source = event_path(subject.series_slug, subject.slug or "")
    header = _header(subject, subject.name, about, page, source)
    entries = _shown(session, public_entries(subject.scope_id))
    return feed(header, _blocks(entries), cutoff=cutoff(subject.changed_at))


def _part(session: Session, kind: str, subject: Subject) -> bytes:
    about = part_about(subject.languages)
    page = page_path(subject.series_slug, subject.slug)
    source = subject.part and part_path(subject.series_slug, subject.slug or "", subject.part)
    header = _header(subject, subject.name, about, page, source)
    entries = part_entries(subject.event_id or "", kind, subject.scope_id)
    return feed(header, _blocks(_shown(session, entries)), cutoff=cutoff(subject.changed_at))


def _series(session: Session, subject: Subject) -> bytes:
    page = page_path(subject.series_slug)
    about = series_about(subject.languages)
    source = series_path(subject.series_slug or "")
    header = _header(subject, subject.name, about, page, source)
    entries = _shown(session, series_entries(subject.scope_id))
    since = cutoff(subject.changed_at)
    try:
        return feed(header, _blocks(entries), cutoff=since)
    except FeedTooLarge:
        banners = [entry for entry in entries if entry.owner_kind == "banner"]
        note = split_note(header.url, subject.languages)
        return feed(replace(header, description=note), _blocks(banners), cutoff=since)


def _personal(session: Session, subject: Subject) -> bytes:
    about = personal_about(subject.languages)
    page = page_path(subject.series_slug, subject.slug)
    header = _header(subject, f"{subject.name}: {about}", about, page, None)
    blocks = list(personal_blocks(session, subject).values())
    return feed(header, blocks, cutoff=cutoff(subject.changed_at))


def personal_blocks(session: Session, subject: Subject) -> dict[tuple[str, str], StoredBlock]:
    """The participant's own copies by owner (kind, id): ``item``, or ``bus`` for a departure."""
    own = own_bookings(session, subject.scope_id)
    mode = registered_mode(session, subject.scope_id)
    found = {}
    for entry in own_entries(session, subject, own, mode=mode):
        copy = _copy(entry, own)
        if copy is not None:
            joins = mode == ONLINE and CONFIRMED == copy.status == entry.status
            join_url = entry.join_url if joins else None
            found[entry.owner_kind, entry.owner_id] = _for_participant(entry.block, copy, join_url)
    return found


def _copy(entry: Timed, own: Own) -> Copy | None:
    """How the participant has this item; what was never booked is for everybody."""
    bus = entry.owner_kind == "bus"
    seats = own.seats.get(own.buses[entry.owner_id] if bus else entry.owner_id)
    return Copy() if seats is None else copy_of(seats, entry.status)


def _for_participant(block: StoredBlock, copy: Copy, join_url: str | None) -> StoredBlock:
    text = personal_block(
        block.text,
        sequence_plus=copy.sequence_plus,
        stamp_at=copy.stamp_at,
        status=copy.status,
        transp=copy.transp,
        join_url=join_url,
    )
    return replace(block, text=text)
