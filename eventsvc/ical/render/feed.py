"""Calendar objects joined from stored items (calendar.md §2, rules 36, 37; RFC 5545 §3.4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from eventsvc.ical.policy import (
    MAX_DESCRIPTION,
    MAX_FEED_ITEMS,
    MAX_FEED_OCTETS,
    MAX_NAME,
    PRODID,
    FeedHeader,
    FeedTooLarge,
    StoredBlock,
)
from eventsvc.ical.render.items import sent_block, utc, utc_block, without_abstract
from eventsvc.ical.render.zones import LAST_YEAR, UTC_ZONE, vtimezone
from eventsvc.ical.text import CRLF, cleaned, escaped, folded, one_line, shortened, uri

# REQUEST is refused: it needs one ATTENDEE per copy, and Outlook reads its first UID only (9, 29)
METHODS = ("PUBLISH", "CANCEL")


def _object(prodid: str, method: str, header: Iterable[str], parts: Iterable[str]) -> bytes:
    """One VCALENDAR in the order of rule 6, as UTF-8."""
    first = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{escaped(one_line(prodid))}"]
    lines = [*first, "CALSCALE:GREGORIAN", f"METHOD:{method}", *header]
    return "".join([*map(folded, lines), *parts, f"END:VCALENDAR{CRLF}"]).encode()


def _header_lines(header: FeedHeader) -> list[str]:
    """The properties of rules 7 and 8, each name for new clients followed by the old one."""
    name = escaped(shortened(one_line(header.name), MAX_NAME))
    about = escaped(shortened(cleaned(header.description).strip(), MAX_DESCRIPTION))
    return [
        f"NAME:{name}",
        f"X-WR-CALNAME:{name}",
        f"DESCRIPTION:{about}",
        f"X-WR-CALDESC:{about}",
        f"X-WR-TIMEZONE:{header.zone}",
        f"LAST-MODIFIED:{utc(header.changed)}",
        f"URL:{uri(header.url)}",
        *([f"SOURCE;VALUE=URI:{uri(header.source)}"] if header.source else []),
        f"REFRESH-INTERVAL;VALUE=DURATION:{header.refresh}",
        f"X-PUBLISHED-TTL:{header.refresh}",
        f"COLOR:{header.color}",
    ]


def _zones_and_items(blocks: Sequence[StoredBlock]) -> list[str]:
    """VTIMEZONEs by TZID, then items by (start in UTC, UID) (rules 6, 22).

    Time-zone data may have changed since a text was stored. Where its zone has no yearly rule any
    more, the zone's items are given in UTC rather than the feed refused.
    """
    since: dict[str, int] = {}
    for block in blocks:
        if block.zone:
            since[block.zone] = min(block.first_year, since.get(block.zone, LAST_YEAR))
    zones = {zone: vtimezone(zone, year) for zone, year in since.items()}
    texts = [
        utc_block(block.text, block.zone)
        if block.zone and zones[block.zone] is None
        else block.text
        for block in sorted(blocks, key=lambda block: (block.starts_utc, block.uid))
    ]
    return [text for _, text in sorted(zones.items()) if text] + texts


def _empty(header: FeedHeader) -> list[str]:
    """The one VTIMEZONE of a feed without items (rule 5); UTC if the city has no yearly rule."""
    year = header.changed.year
    text = vtimezone(header.zone, year) or vtimezone(UTC_ZONE, year)
    return [text] if text else []


def _joined(header: FeedHeader, blocks: Sequence[StoredBlock]) -> bytes:
    """The bytes of a feed, whatever their number."""
    parts = _zones_and_items(blocks) if blocks else _empty(header)
    return _object(header.prodid, "PUBLISH", _header_lines(header), parts)


def feed(header: FeedHeader, blocks: Sequence[StoredBlock], *, cutoff: date | None = None) -> bytes:
    """The bytes of a feed: header, time zones, items (rules 5-9, 36).

    Over 1,000,000 octets abstracts shrink to their URL; if that is not enough, or over 1,000
    items, those that started before ``cutoff`` (a UTC date, 90 days back) go too (rule 37). Hand
    in a stored date, or the bytes depend on the clock. FeedTooLarge: split the feed.
    """
    body = _joined(header, blocks)
    if len(body) > MAX_FEED_OCTETS:
        blocks = [replace(block, text=without_abstract(block.text)) for block in blocks]
        body = _joined(header, blocks)
    if cutoff and (len(body) > MAX_FEED_OCTETS or len(blocks) > MAX_FEED_ITEMS):
        blocks = [block for block in blocks if block.starts_utc.date() >= cutoff]
        body = _joined(header, blocks)
    if len(body) > MAX_FEED_OCTETS or len(blocks) > MAX_FEED_ITEMS:
        raise FeedTooLarge(f"{len(blocks)} items in {len(body)} octets (rule 37)")
    return body


def single(
    block: StoredBlock,
    *,
    prodid: str = PRODID,
    method: str = "PUBLISH",
    sent_at: datetime | None = None,
) -> bytes:
    """One item for a download, with the bytes it has in its feed, or for a mail (rules 1, 13, 42).

    In a mail ``sent_at`` becomes DTSTAMP. No NAME: programs would make a calendar of its own of it.
    ValueError for a method that would need an ATTENDEE.
    """
    if method not in METHODS:
        raise ValueError(f"METHOD must be one of {METHODS}, not {method}")
    if sent_at is not None:
        block = replace(block, text=sent_block(block.text, sent_at))
    return _object(prodid, method, (), _zones_and_items([block]))


def mailed(blocks: Sequence[StoredBlock], sent_at: datetime, *, prodid: str = PRODID) -> bytes:
    """The items of one person as METHOD:PUBLISH for a mail; ``sent_at`` becomes DTSTAMP (13, 42).

    No NAME, as for :func:`single`.
    """
    sent = [replace(block, text=sent_block(block.text, sent_at)) for block in blocks]
    return _object(prodid, "PUBLISH", (), _zones_and_items(sent))
