"""VTIMEZONE with yearly rules, or none (calendar.md rules 20, 22; RFC 5545 §3.6.5).

Outlook reads one STANDARD and one DAYLIGHT with a yearly rule, and nothing else. So a zone has one
text, found by probing zoneinfo, and the year from which that text has been right
without a break, as far as the time-zone data looks ahead. Items before that year are written in
UTC. Whether an item names a TZID thus depends on the item alone, never on its neighbours in a feed.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from eventsvc.ical.text import CRLF, escaped

FIRST_YEAR = 1970  # older years break some clients (rule 22)
LAST_YEAR = 2099  # no table of tzdata looks further than 2087, Morocco's before 2026
UTC_ZONE = "UTC"
_RULE_YEARS = range(LAST_YEAR - 29, LAST_YEAR + 1)  # enough to tell the last Sunday from the 4th
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# No zone has left an offset and come back to it within a week; the tests look at every day.
_STEP_SECONDS = 7 * 86_400


@dataclass(frozen=True)
class _Change:
    """One change of offset: wall time before it (naive), offsets, abbreviation after it."""

    wall: datetime
    before: timedelta
    after: timedelta
    name: str


@dataclass(frozen=True)
class _Rule:
    """A change that comes back every year, on the ``ordinal``-th (-1: last) weekday of a month."""

    month: int
    ordinal: int
    weekday: int
    at: time
    before: timedelta
    after: timedelta
    name: str

    def wall(self, year: int) -> datetime:
        """Wall time before the change in ``year``."""
        first, days = monthrange(year, self.month)
        day = 1 + (self.weekday - first) % 7 + 7 * (self.ordinal - 1)
        if self.ordinal < 0:
            last = (first + days - 1) % 7
            day = days - (last - self.weekday) % 7
        return datetime.combine(datetime(year, self.month, day), self.at)  # noqa: DTZ001  wall

    def made(self, change: _Change) -> bool:
        """True if this rule foretells the change, which lies in the year of its wall time."""
        foretold = (self.wall(change.wall.year), self.before, self.after)
        return foretold == (change.wall, change.before, change.after)


@dataclass(frozen=True)
class _Template:
    """The VTIMEZONE text of a zone, right for every day from 1 January of ``since`` on."""

    since: int
    text: str


def _change_between(zone: ZoneInfo, low: int, high: int) -> _Change:
    """The one change of offset between two epoch seconds, found to the second by halving."""
    before = datetime.fromtimestamp(low, zone).utcoffset() or timedelta()
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    moment = datetime.fromtimestamp(high, zone)
    wall = datetime.fromtimestamp(high, UTC).replace(tzinfo=None) + before
    return _Change(wall, before, moment.utcoffset() or timedelta(), moment.tzname() or "")


def _changes(zone: ZoneInfo) -> dict[int, list[_Change]]:
    """Every change of offset from 1970 to 2099, by the year of its wall time, in order."""
    start = int(datetime(FIRST_YEAR, 1, 1, tzinfo=UTC).timestamp())
    end = int(datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC).timestamp())
    found: dict[int, list[_Change]] = {}
    offset = datetime.fromtimestamp(start, zone).utcoffset()
    for second in range(start + _STEP_SECONDS, end, _STEP_SECONDS):
        now = datetime.fromtimestamp(second, zone).utcoffset()
        if now != offset:
            change = _change_between(zone, second - _STEP_SECONDS, second)
            found.setdefault(change.wall.year, []).append(change)
            offset = now
    return found


def _ordinals(wall: datetime) -> set[int]:
    """The ways to say which weekday of its month this is: n-th, and -1 for the last."""
    days = monthrange(wall.year, wall.month)[1]
    return {(wall.day - 1) // 7 + 1} | ({-1} if wall.day + 7 > days else set())


def _rule(changes: list[_Change]) -> _Rule | None:
    """The yearly rule behind one change of each year; None if there is no such rule."""
    last = changes[-1]
    common = set.intersection(*(_ordinals(change.wall) for change in changes))
    if not common:
        return None
    wall = last.wall
    rule = _Rule(
        wall.month, min(common), wall.weekday(), wall.time(), last.before, last.after, last.name
    )
    return rule if all(rule.made(change) for change in changes) else None


def _rules(changes: dict[int, list[_Change]]) -> list[_Rule] | None:
    """The zone's two yearly rules in force, none for a fixed zone, None for an irregular one."""
    if LAST_YEAR not in changes:
        return []
    if {len(changes.get(year, ())) for year in _RULE_YEARS} != {2}:
        return None
    found = [_rule([changes[year][rank] for year in _RULE_YEARS]) for rank in (0, 1)]
    rules = [rule for rule in found if rule]
    return rules if len(rules) == len(found) else None


def _since(changes: dict[int, list[_Change]], rules: list[_Rule]) -> int:
    """First year from which the rules, and nothing else, have been in force to the end."""
    year = LAST_YEAR + 1
    while year > FIRST_YEAR:
        made = changes.get(year - 1, [])
        if len(made) != len(rules):
            break
        if not all(rule.made(change) for rule, change in zip(rules, made, strict=True)):
            break
        year -= 1
    return year


def _offset(value: timedelta) -> str:
    """A UTC offset as +HHMM, with seconds only where there are some (RFC 5545 §3.3.14)."""
    sign, seconds = ("-" if value < timedelta() else "+"), abs(int(value.total_seconds()))
    text = f"{sign}{seconds // 3600:02}{seconds // 60 % 60:02}"
    return text + (f"{seconds % 60:02}" if seconds % 60 else "")


def _part(kind: str, rule: _Rule, *, fixed: bool = False) -> list[str]:
    """The lines of one STANDARD or DAYLIGHT; DTSTART is wall time before the change."""
    starts = datetime(FIRST_YEAR, 1, 1) if fixed else rule.wall(FIRST_YEAR)  # noqa: DTZ001  wall
    day = f"{rule.ordinal}{_DAYS[rule.weekday]}"
    yearly = [] if fixed else [f"RRULE:FREQ=YEARLY;BYMONTH={rule.month};BYDAY={day}"]
    return [
        f"BEGIN:{kind}",
        f"DTSTART:{starts:%Y%m%dT%H%M%S}",
        f"TZOFFSETFROM:{_offset(rule.before)}",
        f"TZOFFSETTO:{_offset(rule.after)}",
        *yearly,
        f"TZNAME:{escaped(rule.name)}",
        f"END:{kind}",
    ]


@lru_cache(maxsize=1024)
def _template(name: str) -> _Template | None:
    """The template of an IANA zone; None if its rules in force are not yearly (rule 20)."""
    zone = ZoneInfo(name)
    changes = _changes(zone)
    rules = _rules(changes)
    if rules is None:
        return None
    if rules:
        # by offset, not by tm_isdst: Ireland calls its winter time the daylight one
        standard, daylight = sorted(rules, key=lambda rule: rule.after)
        parts = _part("STANDARD", standard) + _part("DAYLIGHT", daylight)
    else:
        end = datetime(LAST_YEAR, 12, 31, tzinfo=zone)
        offset = end.utcoffset() or timedelta()
        always = _Rule(1, 1, 0, time.min, offset, offset, end.tzname() or name)
        parts = _part("STANDARD", always, fixed=True)
    lines = ["BEGIN:VTIMEZONE", f"TZID:{name}", *parts, "END:VTIMEZONE"]
    return _Template(_since(changes, rules), CRLF.join(lines) + CRLF)


def vtimezone(zone: str, from_year: int) -> str | None:
    """The VTIMEZONE of an IANA zone for items that start in ``from_year`` or later (rule 22).

    None where no yearly rule has held from that year on: such items are written in UTC (rule 20).
    ZoneInfoNotFoundError for an unknown name.
    """
    template = _template(zone)
    if template is None or not template.since <= from_year <= LAST_YEAR:
        return None
    return template.text
