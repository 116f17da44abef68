"""The secret address of a personal feed: made, made again for a mail, ended (rules 30-32)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from eventsvc.audit.actions import record
from eventsvc.core import config
from eventsvc.core.ids import derived_token, digest, new_id
from eventsvc.core.jobs import insert_once
from eventsvc.core.rights import Actor
from eventsvc.feeds.models import CalendarToken, Feed
from eventsvc.feeds.policy import NOTED_EVERY, PERSONAL, personal_path, unused_since
from eventsvc.feeds.queries import standing_address
from eventsvc.registration.models import Participant

LONGEST_CLIENT = 200


def calendar_token(
    session: Session, participant_id: str, event_id: str, *, secret: str, now: datetime
) -> str:
    """The token (``evc_``) of a participant's calendar: the standing one, or a first or new one.

    It is derived from the secret key and a number, so no row holds it and each attempt to mail it
    makes the same. After a change of the secret key the standing address still works, and this
    makes another one beside it.
    """
    standing = _newest(session, participant_id, standing=True)
    if standing is not None:
        token = _derived(secret, participant_id, standing)
        if session.scalar(
            select(CalendarToken.id).where(
                CalendarToken.digest == digest(token), CalendarToken.revoked_at.is_(None)
            )
        ):
            return token
    return _made(session, participant_id, event_id, secret=secret, now=now)


def calendar_address(token: str) -> str:
    """The absolute address of a personal feed, at most 200 characters with a usual host name."""
    return config.current().base_url + personal_path(token)


def mint_calendar(
    session: Session, actor: Actor, participant: Participant, *, secret: str, now: datetime
) -> tuple[CalendarToken, str]:
    """A new address for a participant, with its token; those before answer 410 from now on."""
    _end(session, participant.id, now=now)
    token = _made(session, participant.id, participant.event_id, secret=secret, now=now)
    made = standing_address(session, participant.id)
    record(session, actor, "calendar.minted", made, now=now)
    return made, token


def _newest(session: Session, participant_id: str, *, standing: bool) -> int | None:
    wanted = select(func.max(CalendarToken.number)).where(
        CalendarToken.participant_id == participant_id
    )
    return session.scalar(wanted.where(CalendarToken.revoked_at.is_(None)) if standing else wanted)


def _derived(secret: str, participant_id: str, number: int) -> str:
    return derived_token("evc", secret, f"{participant_id}:{number}")


def _made(
    session: Session, participant_id: str, event_id: str, *, secret: str, now: datetime
) -> str:
    number = (_newest(session, participant_id, standing=False) or 0) + 1
    token = _derived(secret, participant_id, number)
    values = {
        "id": new_id(),
        "digest": digest(token),
        "participant_id": participant_id,
        "event_id": event_id,
        "number": number,
        "created_at": now,
    }
    # two mails at once derive the same token, and one row serves both
    session.execute(insert_once(session, CalendarToken, values, on=["digest"]))
    return token


def revoke_calendar(
    session: Session, actor: Actor, participant: Participant, *, now: datetime
) -> None:
    """End every address of a participant and forget the joined bytes; ending twice is no error."""
    standing = _newest(session, participant.id, standing=True)
    if standing is not None:
        ended = standing_address(session, participant.id)
        _end(session, participant.id, now=now)
        record(session, actor, "calendar.ended", ended, now=now)


def forget_personal(session: Session, participant_id: str, *, now: datetime) -> None:
    """End every address of somebody who was taken out of the books, and what clients said there."""
    _end(session, participant_id, now=now)
    session.execute(
        update(CalendarToken)
        .where(CalendarToken.participant_id == participant_id)
        .values(last_client=None)
        .execution_options(synchronize_session="fetch")
    )


def _end(session: Session, participant_id: str, *, now: datetime) -> None:
    session.execute(
        update(CalendarToken)
        .where(CalendarToken.participant_id == participant_id, CalendarToken.revoked_at.is_(None))
        .values(revoked_at=now)
        .execution_options(synchronize_session="fetch")
    )
    session.execute(delete(Feed).where(Feed.kind == PERSONAL, Feed.scope_id == participant_id))


def revoke_unused(session: Session, *, now: datetime) -> int:
    """End the addresses that nobody fetched for 13 months (rule 30); returns how many."""
    used = func.coalesce(CalendarToken.last_fetch_at, CalendarToken.created_at)
    unused = list(
        session.scalars(
            select(CalendarToken.participant_id)
            .where(CalendarToken.revoked_at.is_(None))
            .group_by(CalendarToken.participant_id)
            .having(func.max(used) < unused_since(now))
        )
    )
    for participant_id in unused:
        _end(session, participant_id, now=now)
    return len(unused)


def note_fetch(session: Session, token_id: str, *, client: str | None, now: datetime) -> None:
    """Note that an address was fetched and by which program, at most once an hour (api.md §1)."""
    due = or_(
        CalendarToken.last_fetch_at.is_(None), CalendarToken.last_fetch_at <= now - NOTED_EVERY
    )
    told = "".join(sign for sign in client or "" if sign.isprintable())[:LONGEST_CLIENT]
    session.execute(
        update(CalendarToken)
        .where(CalendarToken.id == token_id, due)
        .values(last_fetch_at=now, last_client=told or None)
        .execution_options(synchronize_session=False)
    )
