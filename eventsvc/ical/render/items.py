"""The text of one VEVENT, and its participant's copy (calendar.md §3; RFC 5545 §3.6.1).

An own writer: icalendar 7.3 fills in clocks and random values, and folds as it likes.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime

from eventsvc.ical.policy import (
    MAX_ATTACHMENTS,
    MAX_CATEGORIES,
    MAX_CATEGORY,
    MAX_CONFERENCES,
    MAX_DESCRIPTION,
    MAX_ITEM_OCTETS,
    MAX_LABEL,
    MAX_LOCATION,
    MAX_NAME,
    MAX_RELATED,
    MAX_SUMMARY,
    MAX_URI_OCTETS,
    CalendarItem,
    Stamp,
    StoredBlock,
    description_shown,
    instant,
    summary_shown,
    transp_shown,
)
from eventsvc.ical.render.zones import vtimezone
from eventsvc.ical.text import (
    cleaned,
    escaped,
    folded,
    one_line,
    parameter,
    shortened,
    unfolded,
    uri,
)

_DTSTAMP = re.compile(r"^DTSTAMP:[^\r\n]*", re.MULTILINE)
_WALL = re.compile(r"^(DTSTART|DTEND);TZID=[^:\r\n]+:(\d{8}T\d{6})", re.MULTILINE)
_DESCRIPTION = re.compile(r"^DESCRIPTION:[^\r\n]*\r\n(?: [^\r\n]*\r\n)*", re.MULTILINE)
_FIRST_LINE = re.compile(r"(?:[^\\]|\\[^nN])*")


def utc(moment: datetime) -> str:
    """An aware instant as a DATE-TIME in UTC (RFC 5545 §3.3.5, form 2)."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def written_zone(item: CalendarItem) -> str | None:
    """The TZID the item's times are written in; None for UTC and for whole days (rules 20, 21)."""
    if item.all_day:
        return None
    # a wall time that comes twice means the first one (§3.3.5); the second has no such name
    second = any(getattr(moment, "fold", 0) for moment in (item.starts, item.ends))
    return None if second or vtimezone(item.zone, item.starts.year) is None else item.zone


def _moment(name: str, moment: date, item: CalendarItem) -> str:
    """DTSTART or DTEND in the one value type of the item."""
    if not isinstance(moment, datetime):
        return f"{name};VALUE=DATE:{moment:%Y%m%d}"
    zone = written_zone(item)
    if zone is None:
        return f"{name}:{utc(instant(moment, item.zone))}"
    return f"{name};TZID={zone}:{moment:%Y%m%dT%H%M%S}"


def _required(item: CalendarItem, stamp: Stamp) -> list[str]:
    """The properties every item has, in the order of rule 11."""
    changed = utc(stamp.changed)
    name = parameter(shortened(one_line(item.organizer_name), MAX_NAME))
    return [
        f"UID:{escaped(item.uid)}",
        f"DTSTAMP:{changed}",  # the moment the bytes were made, never the request's (rule 13)
        _moment("DTSTART", item.starts, item),
        _moment("DTEND", item.ends, item),
        f"SUMMARY:{escaped(shortened(one_line(summary_shown(item)), MAX_SUMMARY))}",
        f"STATUS:{item.status}",
        f"SEQUENCE:{stamp.sequence}",
        f"CREATED:{utc(stamp.created)}",
        f"LAST-MODIFIED:{changed}",
        f"CLASS:{'PRIVATE' if item.private else 'PUBLIC'}",
        f"TRANSP:{transp_shown(item.transp, item.status, all_day=item.all_day)}",
        f"ORGANIZER;CN={name}:mailto:{uri(item.organizer_email)}",
        f"URL:{uri(item.url)}",
    ]


def _geo(geo: tuple[float, float]) -> str:
    """GEO with 6 decimals, dot and semicolon, whatever the locale (rule 23)."""
    # adding 0.0 turns the minus zero of a rounded small number into zero
    latitude, longitude = (round(degrees, 6) + 0.0 for degrees in geo)
    return f"GEO:{latitude:.6f};{longitude:.6f}"


def _links(item: CalendarItem) -> list[str]:
    """CONFERENCE, IMAGE, ATTACH, RELATED-TO (rules 25, 27); a link too long to be true is left."""
    lines = []
    for link, feature, label in item.conference[:MAX_CONFERENCES]:
        name = parameter(shortened(one_line(label), MAX_LABEL))
        kinds = re.sub(r"[^A-Z,-]", "", feature.upper()[:MAX_LABEL]) or "VIDEO"
        if len(link.encode()) <= MAX_URI_OCTETS:
            lines.append(f"CONFERENCE;VALUE=URI;FEATURE={kinds};LABEL={name}:{uri(link)}")
    for kind, files in (("IMAGE;VALUE=URI", item.images), ("ATTACH", item.attachments)):
        for link, media in files[:MAX_ATTACHMENTS]:
            if len(link.encode()) <= MAX_URI_OCTETS:
                lines.append(f"{kind};FMTTYPE={parameter(media[:MAX_LABEL])}:{uri(link)}")
    for uid, relation in item.related_to[:MAX_RELATED]:
        lines.append(f"RELATED-TO;RELTYPE={relation}:{escaped(uid)}")
    return lines


def _optional(item: CalendarItem, description: str, categories: tuple[str, ...]) -> list[str]:
    """The properties an item may have, in the order of rule 11."""
    lines = []
    if item.location and (place := one_line(item.location)):
        lines.append(f"LOCATION:{escaped(shortened(place, MAX_LOCATION))}")
    if item.geo:
        lines.append(_geo(item.geo))
    if description:
        lines.append(f"DESCRIPTION:{escaped(description)}")
    if kinds := [escaped(shortened(one_line(kind), MAX_CATEGORY)) for kind in categories]:
        lines.append(f"CATEGORIES:{','.join(kinds)}")
    return lines + _links(item)


def _block(item: CalendarItem, stamp: Stamp, text: str, categories: tuple[str, ...]) -> str:
    """The folded VEVENT with this DESCRIPTION and these CATEGORIES."""
    lines = _required(item, stamp) + _optional(item, text, categories)
    return "".join(map(folded, ["BEGIN:VEVENT", *lines, "END:VEVENT"]))


def item_block(item: CalendarItem, stamp: Stamp) -> str:
    """The stored text of one VEVENT: CRLF, folded, at most 8 KB (rules 11-27, 33-37)."""
    text = shortened(cleaned(description_shown(item)), MAX_DESCRIPTION)
    categories = tuple(filter(None, item.categories))[:MAX_CATEGORIES]
    block = _block(item, stamp, text, categories)
    least = len(item.url) + 1
    while (excess := len(block.encode()) - MAX_ITEM_OCTETS) > 0 and len(text) > least:
        # a character has at most four octets, so this never cuts much too far
        text = shortened(text, max(len(text) - excess // 5 - 1, least))
        block = _block(item, stamp, text, categories)
    if len(block.encode()) > MAX_ITEM_OCTETS:
        bare = replace(item, images=(), attachments=())
        block = _block(bare, stamp, item.url, ())
    return block


def stored_block(item: CalendarItem, stamp: Stamp) -> StoredBlock:
    """The item's text together with what a feed must know to place it."""
    return StoredBlock(
        uid=item.uid,
        starts_utc=instant(item.starts, item.zone),
        zone=written_zone(item),
        first_year=item.starts.year,
        last_year=item.ends.year,
        text=item_block(item, stamp),
    )


def sent_block(block: str, sent_at: datetime) -> str:
    """The text for a mail: DTSTAMP is the sending time (rule 13)."""
    return _DTSTAMP.sub(f"DTSTAMP:{utc(sent_at)}", block, count=1)


def utc_block(block: str, zone: str) -> str:
    """The text with its wall times of ``zone`` in UTC, for want of a yearly rule (rule 20)."""

    def written(found: re.Match[str]) -> str:
        wall = datetime.strptime(found[2], "%Y%m%dT%H%M%S")  # noqa: DTZ007  wall time of zone
        return f"{found[1]}:{utc(instant(wall, zone))}"

    return _WALL.sub(written, block)


def without_abstract(block: str) -> str:
    """The text with DESCRIPTION cut to its first line, the page's URL (rule 37)."""

    def first_line(found: re.Match[str]) -> str:
        start = _FIRST_LINE.match(unfolded(found[0]).removesuffix("\r\n"))
        return folded(start[0]) if start else found[0]

    return _DESCRIPTION.sub(first_line, block)
