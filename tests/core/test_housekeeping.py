"""What the core throws away by itself."""

from datetime import UTC, datetime, timedelta

from eventsvc.core import clock, housekeeping, idempotency


def test_the_job_forgets_what_expired_by_now(committed, monkeypatch):
    asked = []
    monkeypatch.setattr(idempotency, "expire", lambda _session, now: asked.append(now))
    at = datetime(2027, 5, 5, 3, 30, tzinfo=UTC)
    with clock.standing_at(at + timedelta(hours=24)):
        housekeeping.expire_claims()
    assert asked == [at + timedelta(hours=24)]
