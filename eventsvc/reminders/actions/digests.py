"""Digests: changes are noted with the change itself, sealed later, one mail a person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from eventsvc.audit.actions import record
from eventsvc.core import config
from eventsvc.core.db import nudge
from eventsvc.core.errors import Conflict
from eventsvc.core.rights import Actor
from eventsvc.events.models import Event
from eventsvc.events.queries import lock_event
from eventsvc.mail.policy import BULK
from eventsvc.reminders.actions.planning import tell_people
from eventsvc.reminders.models import Digest, ProgrammeChange
from eventsvc.reminders.plan import Change, seal_at
from eventsvc.reminders.queries import (
    changes_in,
    digest_for,
    gathering,
    next_number,
    told_of,
)

SEAL = "reminders.seal"
PURPOSE = "programme_changed"


def note_changes(
    session: Session,
    event: Event,
    changes: Iterable[Change],
    *,
    starts: Iterable[datetime] = (),
    now: datetime,
) -> None:
    """Add changes to the digest that gathers, or open one; under the lock of the event.

    ``starts``: old and new starts of the items, for what must be told at once.
    """
    event = lock_event(session, event.id)
    digest = gathering(session, event.id) or _opened(session, event, now)
    limits = config.current()
    digest.last_change_at = now
    digest.seal_at = seal_at(
        digest.opened_at,
        now,
        quiet=timedelta(seconds=limits.digest_quiet),
        longest=timedelta(seconds=limits.digest_max),
        starts=starts,
    )
    session.flush()
    about = {"event_id": event.id, "digest_id": digest.id, "at": now}
    session.add_all(ProgrammeChange(**vars(change), **about) for change in changes)
    session.flush()
    if digest.state == "open" and digest.seal_at <= now:
        nudge(session, SEAL)


def _opened(session: Session, event: Event, now: datetime) -> Digest:
    digest = Digest(
        organiser_id=event.organiser_id,
        event_id=event.id,
        number=next_number(session, event.id),
        opened_at=now,
        last_change_at=now,
        seal_at=now,
    )
    session.add(digest)
    return digest


def seal_digests(session: Session, event_id: str, digest_id: str, *, now: datetime) -> int:
    """Seal a digest that is due; returns how many people it tells. Sealed twice tells once."""
    event = lock_event(session, event_id)
    digest = digest_for(session, event.id, digest_id)
    if digest.state != "open" or digest.seal_at > now:
        return 0
    return _seal(session, event, digest, now=now)


def _seal(session: Session, event: Event, digest: Digest, *, now: datetime) -> int:
    """One row per recipient, with the digest's number as revision (delivery.md §4)."""
    changes = changes_in(session, digest.id)
    digest.state = "sealed" if changes else "empty"
    digest.sealed_at = now
    if changes:
        digest.told = tell_people(
            session,
            event,
            told_of(session, event.id, changes),
            purpose=PURPOSE,
            subject=("event", event.id),
            revision=digest.number,
            priority=BULK,
            payload={"digest_id": digest.id},
            not_after=event.ends_at,
            now=now,
        )
    session.flush()
    return digest.told


def hold_digest(session: Session, actor: Actor, digest: Digest, *, now: datetime) -> Digest:
    """Keep a digest from being sealed; it goes on gathering.

    Raises:
        Conflict: ``digest-sealed``, it was sealed already.
    """
    digest = _gathers(session, digest)
    if digest.state != "held":
        digest.state = "held"
        session.flush()
        record(session, actor, "digest.held", digest, now=now)
    return digest


def release_digest(session: Session, actor: Actor, digest: Digest, *, now: datetime) -> Digest:
    """Seal a digest now, whether it was held or not.

    Raises:
        Conflict: ``digest-sealed``, it was sealed already.
    """
    digest = _gathers(session, digest)
    _seal(session, lock_event(session, digest.event_id), digest, now=now)
    record(session, actor, "digest.released", digest, now=now, changes={"told": digest.told})
    return digest


def _gathers(session: Session, digest: Digest) -> Digest:
    event = lock_event(session, digest.event_id)
    digest = digest_for(session, event.id, digest.id)
    session.refresh(digest)
    if digest.state not in {"open", "held"}:
        raise Conflict("digest-sealed", "It was sealed already; a new one opens with a change.")
    return digest
