"""What the core throws away by itself."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from eventsvc.core import clock, housekeeping
from eventsvc.core.idempotency import KEPT, IdempotencyClaim
from eventsvc.core.transactions import transaction

MINUTE = timedelta(minutes=1)


def claims() -> list[str]:
    with transaction(write=False) as session:
        return list(session.scalars(select(IdempotencyClaim.call).order_by(IdempotencyClaim.call)))


def add_claim(call: str, age: timedelta) -> None:
    with transaction() as session:
        made_at = clock.now(session) - age
        session.add(
            IdempotencyClaim(
                credential="test",
                call=call,
                method="POST",
                body_digest="0" * 64,
                claimed_at=made_at,
                expires_at=made_at + KEPT,
            )
        )


def test_claims_are_forgotten_after_24_hours_and_not_before(committed):
    add_claim("older", KEPT + MINUTE)
    add_claim("younger", KEPT - MINUTE)
    housekeeping.expire_claims()
    assert claims() == ["younger"]
    housekeeping.expire_claims()
    assert claims() == ["younger"]
