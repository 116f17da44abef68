"""What a calendar item is, and the pure decisions about it (calendar.md §3).

Wall time and zone are the truth of an item; instants are derived. Nothing here reads a clock.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

CONFIRMED, TENTATIVE, CANCELLED = "CONFIRMED", "TENTATIVE", "CANCELLED"
OPAQUE, TRANSPARENT = "OPAQUE", "TRANSPARENT"
RELATIONS = ("PARENT", "SIBLING", "CHILD")

PRODID = "-//eventsvc//Conference Agenda 1//EN"  # constant per product: no build number (rule 6)
HOURLY, TWICE_A_DAY = "PT1H", "PT12H"  # the second for the feed of a series (rule 7)

MAX_UID_OCTETS = 255
MAX_URI_OCTETS = 400
MAX_SUMMARY = 120  # this and the next ones count characters
MAX_DESCRIPTION = 2_000
MAX_LOCATION = 255
MAX_NAME = 120
MAX_CATEGORY = MAX_LABEL = 80
MAX_CATEGORIES = MAX_RELATED = 5  # of these so many, so that the item stays under 8 KB
MAX_CONFERENCES = MAX_ATTACHMENTS = 3
MAX_ITEM_OCTETS = 8_000  # rule 37 allows 8 KB; a personal feed may lengthen a few lines
MAX_FEED_OCTETS = 1_000_000
MAX_FEED_ITEMS = 1_000
MAX_SEQUENCE = 2**31 - 1

CANCELLED_DAYS = 30  # a cancelled item stays this long after its original end (rule 17)
PAST_DAYS = 90  # past items older than this leave a feed that is too large (rule 37)

_CANCELLED_PREFIX = {"en": "[Cancelled] ", "de": "[Abgesagt] ", "fr": "[Annulé] "}
_WEAKNESS = {CONFIRMED: 0, TENTATIVE: 1, CANCELLED: 2}


class FeedTooLarge(ValueError):  # noqa: N818  a limit of the contract, not a defect
    """Shortened and without its past the feed is still over a limit: split it (rule 37)."""


@dataclass(frozen=True, kw_only=True)
class CalendarItem:
    """Everything of one VEVENT that comes from the agenda.

    ``starts`` and ``ends`` are naive wall times in the IANA ``zone``, or two dates for an all-day
    item; the end is exclusive. ``geo`` is (latitude, longitude) in degrees. ``conference`` holds
    (uri, feature, label), ``images`` and ``attachments`` (uri, media type), ``related_to``
    (uid, reltype). ``join_url`` stands in the copies of online guests alone, but a new one is a
    revision for all (rules 15, 25). ValueError tells the caller what cannot be written.
    """

    uid: str
    starts: datetime | date
    ends: datetime | date
    zone: str
    summary: str
    url: str
    organizer_name: str
    organizer_email: str
    status: str = CONFIRMED
    location: str | None = None
    geo: tuple[float, float] | None = None
    description: str | None = None
    categories: tuple[str, ...] = ()
    conference: tuple[tuple[str, str, str], ...] = ()
    images: tuple[tuple[str, str], ...] = ()
    attachments: tuple[tuple[str, str], ...] = ()
    related_to: tuple[tuple[str, str], ...] = ()
    language: str = "en"
    private: bool = False
    transp: str = TRANSPARENT
    join_url: str | None = None

    def __post_init__(self) -> None:
        """Refuse what no rule allows, before it reaches a subscriber."""
        _check_times(self)
        if not self.uid.isprintable() or not 0 < len(self.uid.encode()) <= MAX_UID_OCTETS:
            raise ValueError(f"UID must be 1 to {MAX_UID_OCTETS} printable octets (rule 12)")
        if self.status not in _WEAKNESS or self.transp not in (OPAQUE, TRANSPARENT):
            raise ValueError(f"unknown STATUS or TRANSP: {self.status}, {self.transp}")
        if not re.match(r"https?://", self.url) or len(self.url.encode()) > MAX_URI_OCTETS:
            raise ValueError(f"URL must be absolute, at most {MAX_URI_OCTETS} octets (rule 24)")
        if not re.fullmatch(r"[^\s@]{1,64}@[^\s@]{1,255}", self.organizer_email):
            raise ValueError("ORGANIZER must be the address of a role mailbox (rule 29)")
        if self.geo and not (abs(self.geo[0]) <= 90 and abs(self.geo[1]) <= 180):
            raise ValueError(f"GEO is latitude, longitude in degrees: {self.geo} (rule 23)")
        if any(relation not in RELATIONS for _, relation in self.related_to):
            raise ValueError(f"RELTYPE must be one of {RELATIONS} (rule 27)")

    @property
    def all_day(self) -> bool:
        """True for an item of whole days (rule 21)."""
        return not isinstance(self.starts, datetime)


@dataclass(frozen=True)
class Stamp:
    """The revision of an item: counter, first publication, last visible change (rules 13-15)."""

    sequence: int
    created: datetime
    changed: datetime

    def __post_init__(self) -> None:
        """Refuse naive instants and counters that Google would refuse."""
        if not 0 <= self.sequence <= MAX_SEQUENCE:
            raise ValueError(f"SEQUENCE must be 0 to 2**31 - 1, not {self.sequence} (rule 15)")
        if self.created.utcoffset() is None or self.changed.utcoffset() is None:
            raise ValueError("CREATED and LAST-MODIFIED are instants with an offset")


@dataclass(frozen=True)
class StoredBlock:
    """One stored VEVENT and what a feed must know to place it without reading the text.

    ``zone`` is the TZID its times are written in: None for times in UTC and whole days. The years
    are those of its start and end.
    """

    uid: str
    starts_utc: datetime
    zone: str | None
    first_year: int
    last_year: int
    text: str


@dataclass(frozen=True, kw_only=True)
class FeedHeader:
    """The properties of a calendar object (rule 7). ``source`` is None in personal feeds (rule 8).

    ``changed`` is the instant of the last change of header or items, removals included; ``refresh``
    an RFC 5545 duration; ``color`` a CSS3 colour name (RFC 7986 §5.9).
    """

    name: str
    description: str
    zone: str
    changed: datetime
    url: str
    source: str | None = None
    refresh: str = HOURLY
    color: str = "steelblue"
    prodid: str = PRODID

    def __post_init__(self) -> None:
        """Refuse a header that readers would stumble over."""
        if self.changed.utcoffset() is None:
            raise ValueError("LAST-MODIFIED is an instant with an offset")
        if not re.fullmatch(r"[a-z]+", self.color) or not re.fullmatch(r"P[0-9A-Z]+", self.refresh):
            raise ValueError(
                f"not a CSS3 name or a duration: {self.color}, {self.refresh} (rule 7)"
            )


def _check_times(item: CalendarItem) -> None:
    """Rules 20 and 21: same value type, wall times without offset, an end after the start."""
    moments = (item.starts, item.ends)
    timed = [isinstance(moment, datetime) for moment in moments]
    if timed[0] != timed[1]:
        raise ValueError("DTSTART and DTEND must both be times or both be dates (rule 20)")
    if any(isinstance(moment, datetime) and moment.tzinfo for moment in moments):
        raise ValueError("wall times carry no offset; the zone is a field of its own (rule 20)")
    if instant(item.ends, item.zone) <= instant(item.starts, item.zone):
        raise ValueError("DTEND must be after DTSTART (rule 20)")


def instant(moment: datetime | date, zone: str) -> datetime:
    """The UTC instant of a naive wall time, or of the first second of a day, in ``zone``."""
    wall = moment if isinstance(moment, datetime) else datetime.combine(moment, time.min)
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _plain(value: Any) -> Any:
    """A value as it is compared: text in NFC without odd blanks, times in ISO form, GEO rounded."""
    if isinstance(value, str):
        return " ".join(unicodedata.normalize("NFC", value).split())
    if isinstance(value, float):
        return f"{value:.6f}"
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


def content_key(item: CalendarItem) -> str:
    """SHA-256, in hex, of all that is visible: equal keys = no new revision (rule 15).

    Empty fields are left out: a field added later must not make untouched items look changed.
    """
    shown = {field.name: _plain(getattr(item, field.name)) for field in fields(item)}
    shown |= {"summary": _plain(summary_shown(item)), "language": None}  # seen in the prefix only
    kept = {name: value for name, value in shown.items() if value not in (None, "", [], False)}
    return sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()


def is_visible(old: CalendarItem, new: CalendarItem) -> bool:
    """True if the step from old to new raises SEQUENCE: any visible property differs (rule 15)."""
    return content_key(old) != content_key(new)


def is_major(old: CalendarItem, new: CalendarItem) -> bool:
    """True if times, STATUS or LOCATION differ: only such a revision sends mail (rules 15, 44)."""
    return any(
        _plain(getattr(old, name)) != _plain(getattr(new, name))
        for name in ("starts", "ends", "zone", "status", "location")
    )


def revised(stamp: Stamp, at: datetime) -> Stamp:
    """The stamp after one visible change at ``at``; neither part ever falls (rules 13-15)."""
    return Stamp(stamp.sequence + 1, stamp.created, max(stamp.changed, at))


def summary_shown(item: CalendarItem) -> str:
    """SUMMARY before cutting; a cancelled item says so first, in the feed's language (rule 17)."""
    prefix = _CANCELLED_PREFIX.get(item.language, _CANCELLED_PREFIX["en"])
    if item.status != CANCELLED or item.summary.startswith(prefix):
        return item.summary
    return prefix + item.summary


def description_shown(item: CalendarItem) -> str:
    """DESCRIPTION before cutting: page, stream pages, then the text (rules 24, 25); "" for none."""
    text = (item.description or "").strip()
    streams = [uri for uri, _, _ in item.conference[:MAX_CONFERENCES] if uri not in text]
    if not text and not streams:
        return ""
    page = "" if text.split("\n", 1)[0].strip() == item.url else item.url
    return "\n".join(filter(None, [page, *streams, text]))


def transp_shown(wished: str, status: str, *, all_day: bool) -> str:
    """TRANSP: only a confirmed item with times may take up time (rule 18)."""
    return wished if status == CONFIRMED and not all_day else TRANSPARENT


def weaker(one: str, other: str) -> str:
    """Of two STATUS values the less certain: a seat in a cancelled session is no seat."""
    return max(one, other, key=_WEAKNESS.__getitem__)
