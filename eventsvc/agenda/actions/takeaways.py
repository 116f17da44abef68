"""What is kept of a session: messages, a note, quotes with the speaker's OK (editions.md §4.15)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.agenda.actions.consents import side_of
from eventsvc.agenda.models import SpeakerRole, Takeaway, TakeawayQuote
from eventsvc.agenda.policy import ORGANISER, SESSION
from eventsvc.agenda.queries import item_for, takeaway_for, takeaway_of
from eventsvc.audit.actions import record
from eventsvc.core.errors import Conflict, Invalid, NotFound
from eventsvc.core.rights import Actor
from eventsvc.events.models import Event
from eventsvc.events.policy import refuse_archived

COLUMNS = ("messages", "note", "slides_url", "recording_url")


def add_takeaway(
    session: Session, actor: Actor, event: Event, values: Mapping[str, Any], *, now: datetime
) -> Takeaway:
    """Keep what came out of a session; the caller holds the event's lock.

    ``values``: ``session_id``, and of the columns and ``quotes`` what is known.

    Raises:
        Invalid: no such session, or a quote of somebody who does not speak in it.
        Conflict: ``takeaway-exists``, ``archived``.
    """
    refuse_archived(event.state)
    try:
        item = item_for(session, event, values["session_id"], SESSION)
    except NotFound:
        raise Invalid.field("/session_id", "unknown-id", "There is no such session") from None
    known = takeaway_of(session, event, item.id)
    if known is not None:
        detail = "There is one for this session: change it."
        raise Conflict("takeaway-exists", detail, conflicts_with=[known.id])
    made = Takeaway(
        organiser_id=event.organiser_id,
        event_id=event.id,
        item_id=item.id,
        created_at=now,
        updated_at=now,
        **{name: values[name] for name in COLUMNS if name in values},
    )
    session.add(made)
    session.flush()
    return _settle(session, actor, event, made, values, action="takeaway.added", now=now)


def change_takeaway(
    session: Session,
    actor: Actor,
    event: Event,
    takeaway: Takeaway,
    values: Mapping[str, Any],
    *,
    now: datetime,
) -> Takeaway:
    """Change what is kept; ``quotes`` are given whole, and one that stays word by word keeps the
    speaker's OK. The caller holds the event's lock.

    Raises:
        Invalid: a quote of somebody who does not speak in the session.
        Conflict: ``archived``.
    """
    refuse_archived(event.state)
    for name in COLUMNS:
        if name in values:
            setattr(takeaway, name, values[name])
    takeaway.updated_at = now
    session.flush()
    return _settle(session, actor, event, takeaway, values, action="takeaway.changed", now=now)


def _settle(
    session: Session,
    actor: Actor,
    event: Event,
    takeaway: Takeaway,
    values: Mapping[str, Any],
    *,
    action: str,
    now: datetime,
) -> Takeaway:
    if "quotes" in values:
        _quote(session, actor, takeaway, values["quotes"], now=now)
    record(session, actor, action, takeaway, now=now, changes={"fields": sorted(values)})
    return takeaway_for(session, event, takeaway.id)


def _quote(
    session: Session,
    actor: Actor,
    takeaway: Takeaway,
    quotes: Sequence[Mapping[str, Any]],
    *,
    now: datetime,
) -> None:
    """Make the quotes those given, in this order."""
    _check_speakers(session, takeaway, quotes)
    statement = select(TakeawayQuote).where(TakeawayQuote.takeaway_id == takeaway.id)
    standing = {(quote.role_id, quote.text): quote for quote in session.scalars(statement)}
    for position, given in enumerate(quotes):
        quote = standing.pop((given["speaker_id"], given["text"]), None)
        if quote is None:
            quote = TakeawayQuote(
                event_id=takeaway.event_id,
                takeaway_id=takeaway.id,
                role_id=given["speaker_id"],
                text=given["text"],
                cleared=False,
            )
            session.add(quote)
        quote.position = position
        if "cleared" in given and given["cleared"] != quote.cleared:
            _clear(quote, side_of(actor), cleared=given["cleared"], now=now)
    for gone in standing.values():
        session.delete(gone)
    session.flush()


def _check_speakers(
    session: Session, takeaway: Takeaway, quotes: Sequence[Mapping[str, Any]]
) -> None:
    statement = select(SpeakerRole.id).where(
        SpeakerRole.event_id == takeaway.event_id, SpeakerRole.item_id == takeaway.item_id
    )
    here = set(session.scalars(statement))
    for number, given in enumerate(quotes):
        if given["speaker_id"] not in here:
            pointer = f"/quotes/{number}/speaker_id"
            raise Invalid.field(pointer, "unknown-id", "Nobody in this session has this role")


def clear_quote(
    session: Session, actor: Actor, quote: TakeawayQuote, *, cleared: bool, now: datetime
) -> TakeawayQuote:
    """The speaker's OK to an own quote, or its end."""
    _clear(quote, side_of(actor), cleared=cleared, now=now)
    takeaway = session.get_one(Takeaway, quote.takeaway_id)
    takeaway.updated_at = now
    session.flush()
    changes = {"cleared": cleared}
    record(session, actor, "takeaway.quote-cleared", takeaway, now=now, changes=changes)
    return quote


def _clear(quote: TakeawayQuote, by: str, *, cleared: bool, now: datetime) -> None:
    if by == ORGANISER and cleared and quote.cleared_by not in (None, ORGANISER):
        raise Conflict("quote-refused", "The speaker took the OK back; only the speaker gives it.")
    quote.cleared, quote.cleared_at, quote.cleared_by = cleared, now, by


def remove_takeaway(
    session: Session, actor: Actor, event: Event, takeaway: Takeaway, *, now: datetime
) -> None:
    """Forget what was kept of a session, quotes included.

    Raises:
        Conflict: ``archived``.
    """
    refuse_archived(event.state)
    record(session, actor, "takeaway.removed", takeaway, now=now)
    session.delete(takeaway)
    session.flush()
