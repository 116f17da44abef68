"""How long registrations and private links are kept (security.md §3, row 10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from eventsvc.accounts.models import Credential
from eventsvc.core.retention import Rule, before
from eventsvc.core.rights import system
from eventsvc.events.models import Event
from eventsvc.registration.actions.anonymising import anonymise
from eventsvc.registration.models import Participant, Registration

PROOF_EXPIRED = "proof-expired"
HOUSE = system("retention")


def _standing_people() -> Any:
    return select(Participant.id).where(Participant.erased_at.is_(None))


def _guests_of_old_events(now: datetime) -> Any:
    return (
        _standing_people()
        .join(Event, Event.id == Participant.event_id)
        .where(
            Event.ends_at <= before(now, "retention_registration_days"),
            exists().where(Registration.participant_id == Participant.id),
        )
    )


def _never_proved(now: datetime) -> Any:
    mine = Registration.participant_id == Participant.id
    expired = (Registration.state == "cancelled") & (Registration.cancel_reason == PROOF_EXPIRED)
    return _standing_people().where(
        exists().where(mine, expired, Registration.cancelled_at <= now),
        ~exists().where(mine, ~expired | Registration.cancel_reason.is_(None)),
    )


def _anonymise(session: Session, keys: Sequence[Any], now: datetime) -> None:
    people = session.scalars(select(Participant).where(Participant.id.in_(keys)))
    for participant in people.all():
        anonymise(session, HOUSE, participant, now=now)


def _links(now: datetime, setting: str) -> Any:
    return (
        select(Credential.id)
        .join(Event, Event.id == Credential.event_id)
        .where(
            Credential.kind == "evl",
            Credential.revoked_at.is_(None),
            Event.ends_at <= before(now, setting),
        )
    )


def _change_links(session: Session, keys: Sequence[Any], **values: datetime) -> None:
    session.execute(
        update(Credential)
        .where(Credential.id.in_(keys))
        .values(**values)
        .execution_options(synchronize_session=False)
    )


RULES = (
    Rule(
        "registration.links-read-only",
        "private links that only read from now on",
        lambda now: _links(now, "retention_link_read_only_days").where(
            Credential.read_only_from.is_(None)
        ),
        lambda session, keys, now: _change_links(session, keys, read_only_from=now),
    ),
    Rule(
        "registration.links-end",
        "private links that end",
        lambda now: _links(now, "retention_link_days"),
        lambda session, keys, now: _change_links(session, keys, revoked_at=now),
    ),
    Rule(
        "registration.unproved",
        "people whose e-mail was never proved",
        _never_proved,
        _anonymise,
    ),
    Rule(
        "registration.anonymise",
        "guests of events long past, anonymised",
        _guests_of_old_events,
        _anonymise,
    ),
)
