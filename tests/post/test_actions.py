"""Claims, budgets and the channel as rows (delivery.md §5, §7)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from eventsvc.mail.models import DomainBudget, OutboxMessage
from eventsvc.post import actions
from eventsvc.post.policy import Answer, Outcome, Step, Verdict
from tests.factories.mail import NOW, a_message

LEASE = timedelta(seconds=60)
SECOND = timedelta(seconds=1)


def token(session: Session, domain: str = "example.org", *, after: float = 0.0) -> timedelta:
    now = NOW + timedelta(seconds=after)
    return actions.take_token(session, domain, domain_rate=2, total_rate=3, now=now)


def test_a_domain_and_the_whole_have_a_rate(session: Session) -> None:
    assert [bool(token(session)) for _ in range(3)] == [False, False, True]
    assert not token(session, "example.com")
    assert token(session, "example.net") == SECOND  # three in all
    assert not token(session, after=1.0)


def test_an_empty_domain_costs_the_whole_nothing(session: Session) -> None:
    for _ in range(5):
        token(session)
    assert session.get_one(DomainBudget, "*").used == 2


def test_a_domain_that_asks_for_less_gets_half_for_a_quarter_of_an_hour(session: Session) -> None:
    actions.slow_down(session, "example.org", now=NOW)
    assert [bool(token(session)) for _ in range(2)] == [False, True]
    actions.slow_down(session, "example.org", now=NOW)
    assert token(session, after=0.5) == 1.5 * SECOND  # one in two seconds
    assert [bool(token(session, after=901)) for _ in range(2)] == [False, False]


def test_a_claim_takes_by_priority_then_time_and_fences_by_lease(session: Session) -> None:
    later = a_message(session, priority=5, due_at=NOW - SECOND)
    first = a_message(session, priority=0)
    sooner = a_message(session, priority=5, due_at=NOW - 2 * SECOND)
    a_message(session, due_at=NOW + SECOND)
    batch = actions.claim(session, batch=2, lease=LEASE, now=NOW)
    assert [message.id for message in batch.messages] == [first.id, sooner.id]
    rest = actions.claim(session, batch=9, lease=LEASE, now=NOW)
    assert [message.id for message in rest.messages] == [later.id]
    assert actions.claim(session, batch=9, lease=LEASE, now=NOW).messages == ()
    message = batch.messages[0]
    marks = {"worker": "w", "lease": LEASE, "first_attempt_at": NOW}
    assert not actions.mark_sending(session, message, now=NOW + LEASE, **marks)
    assert actions.mark_sending(session, message, now=NOW + LEASE - SECOND, **marks)
    assert not actions.mark_sending(session, message, now=NOW, **marks)
    assert not actions.mark_sending(session, rest.messages[0], now=NOW + LEASE, **marks)


def test_what_is_given_back_counts_as_never_claimed(session: Session) -> None:
    row = a_message(session)
    batch = actions.claim(session, batch=1, lease=LEASE, now=NOW)
    assert actions.give_back(session, "0" * 8 + batch.claim[8:], [row.id], now=NOW) == 0
    assert actions.give_back(session, batch.claim, [row.id], now=NOW, wait=SECOND) == 1
    session.refresh(row)
    assert (row.state, row.attempts, row.unanswered, row.claim) == ("pending", 0, 0, None)
    assert row.ready_at == NOW + SECOND
    assert actions.claim(session, batch=1, lease=LEASE, now=NOW).messages == ()


def test_a_resting_channel_gives_nothing_then_one_probe(session: Session) -> None:
    for _ in range(3):
        a_message(session)
    assert actions.rest_channel(session, stopped=False, now=NOW) == timedelta(seconds=30)
    assert actions.claim(session, batch=9, lease=LEASE, now=NOW + 29 * SECOND).messages == ()
    later = NOW + 31 * SECOND
    probe = actions.claim(session, batch=9, lease=LEASE, now=later)
    assert (len(probe.messages), probe.probe) == (1, True)
    assert actions.claim(session, batch=9, lease=LEASE, now=later).messages == ()
    actions.end_probe(session, works=True, now=later)
    assert len(actions.claim(session, batch=9, lease=LEASE, now=later).messages) == 2


def test_a_probe_that_finds_nothing_due_does_not_block(session: Session) -> None:
    actions.rest_channel(session, stopped=False, now=NOW)
    later = NOW + 31 * SECOND
    assert actions.claim(session, batch=9, lease=LEASE, now=later).messages == ()
    a_message(session)
    assert len(actions.claim(session, batch=9, lease=LEASE, now=later).messages) == 1


def test_the_channel_rests_longer_each_time(session: Session) -> None:
    rests = [actions.rest_channel(session, stopped=False, now=NOW) for _ in range(7)]
    assert [int(rest.total_seconds()) for rest in rests] == [30, 60, 120, 240, 480, 600, 600]
    assert actions.rest_channel(session, stopped=True, now=NOW) == timedelta(minutes=10)


@pytest.mark.parametrize(("gap_min", "rests"), [(9, True), (11, False)])
def test_two_silences_within_ten_minutes(session: Session, gap_min: int, *, rests: bool) -> None:
    assert not actions.note_silence(session, now=NOW)
    assert actions.note_silence(session, now=NOW + timedelta(minutes=gap_min)) == rests


def sending(session: Session, row: OutboxMessage) -> None:
    [message] = actions.claim(session, batch=1, lease=LEASE, now=NOW).messages
    marks = {"worker": "w-1", "lease": LEASE, "first_attempt_at": NOW}
    assert actions.mark_sending(session, message, now=NOW, **marks)
    session.refresh(row)


@pytest.mark.parametrize(
    ("purpose", "state"), [("reminder", "pending"), ("announcement", "unknown")]
)
def test_a_sender_that_died_in_data_leaves_an_ambiguous_message(
    session: Session, purpose: str, state: str
) -> None:
    row = a_message(session, purpose=purpose)
    sending(session, row)
    assert actions.reap(session, now=NOW, random=lambda: 0.5).ambiguous == ()
    found = actions.reap(session, now=NOW + LEASE, random=lambda: 0.5)
    assert found.ambiguous == (row.id,)
    assert (row.state, row.first_attempt_at, row.claim) == (state, NOW, None)


def test_an_ambiguous_message_does_not_go_out_for_ever(session: Session) -> None:
    row = a_message(session)
    sending(session, row)
    row.trying_since = NOW - timedelta(hours=48)
    session.flush()
    actions.reap(session, now=NOW + LEASE, random=lambda: 0.5)
    assert row.state == "unknown"


def test_a_record_needs_the_claim(session: Session) -> None:
    a_message(session)
    [message] = actions.claim(session, batch=1, lease=LEASE, now=NOW).messages
    told = {"worker": "w", "started_at": NOW, "now": NOW, "random": lambda: 0.5}
    verdict, answer = Verdict(Outcome.SENT), Answer(Step.DATA, 250, "ok")
    assert actions.record(session, message, verdict, answer, **told) == "sent"
    assert actions.record(session, message, verdict, answer, **told) is None
