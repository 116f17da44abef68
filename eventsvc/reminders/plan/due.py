"""When somebody is reminded of what (delivery.md §3). Pure: values in, messages out, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from eventsvc.core.text.times import zone_names

DAY_S = 86_400
NEVER_MOVED_S = 3_600  # the 1-hour reminder, and shorter ones, also ring in the night
WITHIN = timedelta(minutes=30)  # a reminder so soon after the same facts says nothing new
QUIET_FROM, QUIET_UNTIL = time(22), time(7)
EVENING, MORNING = time(21, 30), time(7)
LEAST_NOTICE = timedelta(hours=2)
DAY_AHEAD_AT = time(18)  # of the evening before, by the clocks of the event


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """Something that one person is to be reminded of.

    ``zone``: of the event; ``quiet_zone``: where the person sleeps (both IANA names). ``since``:
    from when on the person takes part; ``told_at``: when a message last carried the same facts
    (confirmation, promotion, move), if one did. ``due_at``: given for bundled mails, else the
    offset decides.
    """

    purpose: str
    subject_type: str
    subject_id: str
    offset_s: int
    revision: int
    recipient_id: str
    starts_at: datetime
    zone: str
    quiet_zone: str
    since: datetime
    told_at: datetime | None = None
    due_at: datetime | None = None


Key = tuple[str, str, str, str, int, int]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A message that should stand in the outbox. ``superseded``: a nearer one says the same."""

    occasion: Occasion
    due_at: datetime
    not_after: datetime
    superseded: bool = False

    @property
    def key(self) -> Key:
        """The parts of the outbox key (delivery.md §2)."""
        return key_of(self.occasion)


def key_of(occasion: Occasion) -> Key:
    """Recipient, purpose, subject type and id, offset, revision: one row for each."""
    return (
        occasion.recipient_id,
        occasion.purpose,
        occasion.subject_type,
        occasion.subject_id,
        occasion.offset_s,
        occasion.revision,
    )


def wanted(occasions: Iterable[Occasion], *, now: datetime, horizon: timedelta) -> list[Wanted]:
    """The messages that should exist at ``now``: due within ``horizon``, start still to come.

    A planner that was down catches up: what was due meanwhile is in the list as well. What was
    due before the person took part, or knew of the new time, is not.
    """
    found: dict[Key, Wanted] = {}
    for occasion in occasions:
        nominal = occasion.due_at or offset_before(
            occasion.starts_at, occasion.offset_s, occasion.zone
        )
        if nominal > now + horizon or occasion.starts_at <= now or nominal >= occasion.starts_at:
            continue
        if nominal <= max(occasion.since, occasion.told_at or occasion.since):
            continue
        due = out_of_quiet_hours(occasion, nominal, now=now)
        found.setdefault(
            key_of(occasion),
            Wanted(occasion=occasion, due_at=due, not_after=occasion.starts_at),
        )
    return _marked(list(found.values()))


def offset_before(starts_at: datetime, offset_s: int, zone: str) -> datetime:
    """The instant ``offset_s`` seconds before a start.

    From a day on, the same wall-clock time in ``zone`` that many days before, so that a change of
    the clocks in between moves nothing for the reader; below, elapsed time.
    """
    elapsed = starts_at - timedelta(seconds=offset_s)
    if offset_s < DAY_S:
        return elapsed
    wall = starts_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    due = _at(wall - timedelta(seconds=offset_s), zone)
    # where a zone once skipped a whole day the wall time of the day before is the start itself
    return due if due < starts_at else elapsed


def evening_before(day: date, zone: str) -> datetime:
    """When the mail about ``day`` is due: 18:00 in ``zone``, the evening before."""
    return _at(datetime.combine(day - timedelta(days=1), DAY_AHEAD_AT), zone)


def out_of_quiet_hours(occasion: Occasion, due: datetime, *, now: datetime) -> datetime:
    """``due``, moved out of the night of the recipient where that helps (22:00 to 07:00).

    To 21:30 the evening before for offsets of a day or more, if that is still to come; else to
    07:00, if that leaves two hours; else it stays.
    """
    zone = occasion.quiet_zone
    local = due.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    late = local.time() >= QUIET_FROM
    if occasion.offset_s <= NEVER_MOVED_S or not (late or local.time() < QUIET_UNTIL):
        return due
    night = local.date() if late else local.date() - timedelta(days=1)
    evening = _at(datetime.combine(night, EVENING), zone)
    known = max(occasion.since, (occasion.told_at or occasion.since) + WITHIN)
    if occasion.offset_s >= DAY_S and evening > max(now, known):
        return evening
    morning = _at(datetime.combine(night + timedelta(days=1), MORNING), zone)
    return morning if morning <= occasion.starts_at - LEAST_NOTICE else due


def is_too_late(due_at: datetime, starts_at: datetime, *, now: datetime) -> bool:
    """Whether a reminder is late by more than half of the time it was to be ahead.

    A "7 days" mail 2 days before is wrong; such a row becomes ``expired``.
    """
    return now >= starts_at or now - due_at > (starts_at - due_at) / 2


def first_known_zone(*names: str | None) -> str:
    """The first of ``names`` that this server knows as a zone, else UTC."""
    return next((name for name in names if name and name in zone_names()), "UTC")


def _marked(messages: list[Wanted]) -> list[Wanted]:
    """Mark what another message makes needless: the one nearer to the start wins."""
    by_person: dict[str, list[Wanted]] = {}
    for message in messages:
        by_person.setdefault(message.occasion.recipient_id, []).append(message)
    return [
        _superseded(message)
        if _is_needless(message, by_person[message.occasion.recipient_id])
        else message
        for message in messages
    ]


def _superseded(message: Wanted) -> Wanted:
    return Wanted(
        occasion=message.occasion,
        due_at=message.due_at,
        not_after=message.not_after,
        superseded=True,
    )


def _is_needless(message: Wanted, others: Sequence[Wanted]) -> bool:
    mine = message.occasion
    if mine.told_at is not None and message.due_at < mine.told_at + WITHIN:
        return True
    for other in others:
        theirs = other.occasion
        if abs(other.due_at - message.due_at) >= WITHIN or other.key == message.key:
            continue
        same = (theirs.subject_type, theirs.subject_id) == (mine.subject_type, mine.subject_id)
        if same and theirs.offset_s < mine.offset_s:
            return True
        # "it starts in an hour" of the whole event says less than that of its first session
        if theirs.purpose == mine.purpose and mine.subject_type == "event" and not same:
            return True
    return False


def _at(wall: datetime, zone: str) -> datetime:
    """The UTC instant of a wall time; one that clocks skip is read by the clock before."""
    return wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
