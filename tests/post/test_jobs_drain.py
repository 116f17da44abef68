"""Sending to a real SMTP server, with real commits (delivery.md §5 to §7)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from eventsvc.core import clock, runner
from eventsvc.core.transactions import transaction
from eventsvc.mail import actions as mail
from eventsvc.mail.models import DomainBudget, OutboxAttempt, OutboxMessage, Suppression
from eventsvc.post import actions, jobs
from eventsvc.post.jobs import runs as running
from eventsvc.post.jobs import steps
from tests.post.support import Script, queued, rows

pytestmark = [pytest.mark.commits, pytest.mark.servers]


def attempts(row_id: int) -> list[OutboxAttempt]:
    with transaction(write=False) as session:
        wanted = select(OutboxAttempt).where(OutboxAttempt.outbox_id == row_id)
        return list(session.scalars(wanted.order_by(OutboxAttempt.n)))


def make_due(*ids: int) -> None:
    with transaction() as session:
        past = clock.now(session) - timedelta(seconds=1)
        session.execute(
            update(OutboxMessage).where(OutboxMessage.id.in_(ids)).values(ready_at=past)
        )


def expire_leases() -> None:
    with transaction() as session:
        past = clock.now(session) - timedelta(seconds=1)
        session.execute(update(OutboxMessage).values(lease_until=past))


def test_a_due_message_is_sent_and_recorded(sending: Flask, script: Script) -> None:
    [row_id] = queued("anna@example.org")
    jobs.drain()
    [row] = rows(row_id)
    assert (row.state, row.smtp_code, row.claim, row.lease_until) == ("sent", 250, None, None)
    assert row.address == "anna@example.org"
    assert row.sent_at is not None
    [attempt] = attempts(row_id)
    assert (attempt.n, attempt.outcome, attempt.again) == (1, "sent", False)
    assert attempt.worker
    [message] = script.received
    assert message["Message-ID"] == f"<{row.public_id}@example.org>"
    jobs.drain()
    assert len(script.received) == 1


def test_the_address_is_the_one_of_the_moment_of_sending(sending: Flask, script: Script) -> None:
    [row_id] = queued("old@example.org")
    with transaction() as session:
        row = session.get_one(OutboxMessage, row_id)
        contact = session.get_one(mail.outbox.Contact, row.contact_id)
        contact.email, contact.email_key = "new@example.org", "new@example.org"
    jobs.drain()
    assert script.envelopes[0][1] == "new@example.org"


def test_not_due_is_not_sent_and_priority_overtakes(sending: Flask, script: Script) -> None:
    queued("later@example.org", due_at=datetime(2100, 1, 1, tzinfo=UTC))
    queued("report@example.org", priority=9)
    queued("reminder@example.org", priority=5)
    queued("confirmation@example.org", priority=0)
    jobs.drain()
    order = [address.partition("@")[0] for _, address in script.envelopes]
    assert order == ["confirmation", "reminder", "report"]


def test_two_drains_at_once_send_no_message_twice(sending: Flask, script: Script) -> None:
    ids = queued(*(f"guest{number}@example.org" for number in range(80)))

    def drain() -> None:
        with sending.app_context():
            jobs.drain()

    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(drain) for _ in range(3)]:
            done.result()
    assert {row.state for row in rows(*ids)} == {"sent"}
    assert sorted(len(copies) for copies in script.by_message_id.values()) == [1] * 80


RCPT_TABLE = [
    # answer, state, error class, suppressed
    ("550 5.1.1 no such user", "failed", "no-such-address", True),
    ("550 5.1.2 no such domain", "failed", "no-such-address", True),
    ("553 5.1.3 bad syntax", "failed", "no-such-address", True),
    ("556 5.1.10 null MX", "failed", "no-such-address", True),
    ("550 5.2.1 disabled", "failed", "no-such-address", True),
    ("550 go away", "failed", "address-refused", False),
    ("550 5.7.1 policy", "failed", "refused", False),
    ("552 5.3.4 too large", "failed", "too-large", False),
    ("450 4.2.1 mailbox busy", "pending", "put-off", False),
    ("451 4.7.1 greylisted", "pending", "greylisted", False),
    ("450 4.7.28 too fast", "pending", "too-fast", False),
    ("452 too many recipients", "pending", "too-fast", False),
]


@pytest.mark.parametrize(("answer", "state", "word", "suppressed"), RCPT_TABLE)
def test_answers_at_rcpt(
    sending: Flask, script: Script, *, answer: str, state: str, word: str, suppressed: bool
) -> None:
    script.rcpt["anna@example.org"] = [answer]
    [row_id] = queued("anna@example.org")
    jobs.drain()
    [row] = rows(row_id)
    assert (row.state, row.error_class, row.smtp_code) == (state, word, int(answer[:3]))
    assert (row.next_try_at is not None) == (state == "pending")
    with transaction(write=False) as session:
        assert (session.scalars(select(Suppression)).first() is not None) == suppressed


@pytest.mark.parametrize(
    ("answer", "state"), [("451 4.3.0 later", "pending"), ("550 5.1.1 after all", "failed")]
)
def test_answers_after_data_never_suppress(
    sending: Flask, script: Script, answer: str, state: str
) -> None:
    script.data["anna@example.org"] = [answer]
    [row_id] = queued("anna@example.org")
    jobs.drain()
    assert rows(row_id)[0].state == state
    with transaction(write=False) as session:
        assert session.scalars(select(Suppression)).first() is None


def test_a_refusal_without_enhanced_code_suppresses_at_the_second_message(
    sending: Flask, script: Script
) -> None:
    script.rcpt["anna@example.org"] = ["550 no"]
    for suppressed in (False, True):
        queued("anna@example.org")
        jobs.drain()
        with transaction(write=False) as session:
            assert (session.scalars(select(Suppression)).first() is not None) == suppressed


def test_greylisting_waits_five_minutes_then_goes_through(sending: Flask, script: Script) -> None:
    script.rcpt["anna@example.org"] = ["451 4.7.1 wait", "250 OK"]
    [row_id] = queued("anna@example.org")
    jobs.drain()
    [row] = rows(row_id)
    [attempt] = attempts(row_id)
    assert row.next_try_at is not None
    assert attempt.ended_at is not None
    assert row.next_try_at - attempt.ended_at == timedelta(minutes=5)
    make_due(row_id)
    jobs.drain()
    assert [attempt.outcome for attempt in attempts(row_id)] == ["retry", "sent"]
    assert rows(row_id)[0].state == "sent"


def test_retries_end_after_48_hours_or_at_not_after(sending: Flask, script: Script) -> None:
    script.rcpt["anna@example.org"] = ["450 4.2.1 busy"]
    with transaction(write=False) as session:
        soon = clock.now(session) + timedelta(seconds=20)
    [useless_soon] = queued("anna@example.org", not_after=soon)
    [row_id] = queued("anna@example.org")
    jobs.drain()
    assert rows(useless_soon)[0].error_class == "expired_retry"
    with transaction() as session:
        row = session.get_one(OutboxMessage, row_id)
        row.trying_since = clock.now(session) - timedelta(hours=48)
    make_due(row_id)
    jobs.drain()
    assert (rows(row_id)[0].state, rows(row_id)[0].error_class) == ("failed", "expired_retry")


def test_a_domain_rests_after_three_answers_in_a_row_and_others_go_on(
    sending: Flask, script: Script
) -> None:
    slow = [f"guest{number}@slow.example.org" for number in range(10)]
    script.rcpt = {address: ["450 4.2.0 later"] for address in slow}
    ids = queued(*slow)
    [other] = queued("anna@example.org")
    jobs.drain()
    assert len([address for address in script.offered if address in slow]) == 3
    assert rows(other)[0].state == "sent"
    put_back = [row for row in rows(*ids) if not attempts(row.id)]
    assert len(put_back) == 7
    assert {(row.state, row.attempts, row.unanswered) for row in put_back} == {("pending", 0, 0)}


def test_a_server_that_is_gone_uses_up_no_attempts_and_gets_one_probe(
    sending: Flask, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = queued(*(f"guest{number}@example.org" for number in range(20)))
    script.mail = "421 4.3.2 shutting down"
    jobs.drain()
    assert {(row.state, row.attempts) for row in rows(*ids)} == {("pending", 0)}
    assert script.offered == []
    connections = script.connections
    jobs.drain()
    assert script.connections == connections  # it rests
    end_rest()
    jobs.drain()
    assert script.connections == connections + 1  # one probe
    with transaction(write=False) as session:
        channel = session.get_one(DomainBudget, "*")
        assert channel.failures == 2
        assert channel.cool_until is not None
    script.mail = ""
    end_rest()
    jobs.drain()
    assert {row.state for row in rows(*ids)} == {"sent"}
    with transaction(write=False) as session:
        assert session.get_one(DomainBudget, "*").failures == 0


def end_rest() -> None:
    with transaction() as session:
        channel = session.get_one(DomainBudget, "*")
        channel.cool_until = clock.now(session) - timedelta(seconds=1)


def test_not_let_in_stops_the_channel_and_fails_nothing(sending: Flask, script: Script) -> None:
    [row_id] = queued("anna@example.org")
    script.mail = "535 5.7.8 authentication failed"
    jobs.drain()
    assert (rows(row_id)[0].state, rows(row_id)[0].attempts) == ("pending", 0)
    with transaction(write=False) as session:
        channel = session.get_one(DomainBudget, "*")
        assert channel.cool_until is not None
        assert channel.cool_until - clock.now(session) > timedelta(minutes=9)


def test_silence_after_data_is_ambiguous_and_the_copy_is_marked(
    sending: Flask, script: Script
) -> None:
    [row_id] = queued("anna@example.org")
    script.hang.add("anna@example.org")
    jobs.drain()
    [row] = rows(row_id)
    assert (row.state, row.error_class) == ("pending", "no-answer")
    assert [attempt.outcome for attempt in attempts(row_id)] == ["ambiguous"]
    script.hang.clear()
    make_due(row_id)
    jobs.drain()
    assert [(a.outcome, a.again) for a in attempts(row_id)] == [
        ("ambiguous", False),
        ("sent", True),
    ]
    [copies] = script.by_message_id.values()
    assert len(copies) == 2
    assert len({message["Date"] for message in copies}) == 1
    assert len({message["X-Event-Message-Key"] for message in copies}) == 1


def test_silence_holds_a_purpose_where_a_copy_harms(sending: Flask, script: Script) -> None:
    [row_id] = queued("anna@example.org", purpose="announcement")
    script.hang.add("anna@example.org")
    jobs.drain()
    assert rows(row_id)[0].state == "unknown"


def test_two_silences_within_ten_minutes_let_the_channel_rest(
    sending: Flask, script: Script
) -> None:
    ids = queued("anna@example.org", "bert@example.org", "carl@example.org")
    script.hang |= {"anna@example.org", "bert@example.org"}
    jobs.drain()
    assert [row.attempts for row in rows(*ids)] == [1, 1, 0]
    assert len(script.offered) == 2


def test_a_sender_paused_beyond_its_lease_hands_nothing_over(
    sending: Flask, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = queued("anna@example.org", "bert@example.org")
    fence = steps.Steps.mark

    def after_a_pause(self, message, at):  # type: ignore[no-untyped-def]
        expire_leases()
        with transaction() as session:
            actions.reap(session, now=clock.now(session), random=lambda: 0.5)
        return fence(self, message, at)

    monkeypatch.setattr(steps.Steps, "mark", after_a_pause)
    monkeypatch.setattr(running.Drain, "_goes_on", once())
    jobs.drain()
    assert script.received == []
    assert {row.state for row in rows(*ids)} == {"pending"}
    assert attempts(ids[0]) == []


def once():  # type: ignore[no-untyped-def]
    """A drain that claims one batch."""
    answers = iter([True, True, True])
    return lambda _self: next(answers, False)


def test_a_late_answer_changes_nothing_that_another_owns(sending: Flask, script: Script) -> None:
    [row_id] = queued("anna@example.org")
    with transaction() as session:
        now = clock.now(session)
        [held] = actions.claim(session, batch=5, lease=timedelta(seconds=60), now=now).messages
    expire_leases()
    jobs.drain()
    assert rows(row_id)[0].state == "sent"
    with transaction() as session:
        verdict = running.UNPREPARED
        late = actions.record(
            session, held, verdict, None, worker="x", started_at=now, now=now, random=lambda: 0.5
        )
    assert late is None
    assert rows(row_id)[0].state == "sent"


def test_an_expired_lease_frees_what_was_only_claimed(sending: Flask, script: Script) -> None:
    ids = queued("anna@example.org", "bert@example.org")
    with transaction() as session:
        actions.claim(session, batch=5, lease=timedelta(seconds=60), now=clock.now(session))
    jobs.drain()
    assert script.received == []
    expire_leases()
    jobs.reap()
    assert {row.state for row in rows(*ids)} == {"pending"}
    jobs.drain()
    assert {row.state for row in rows(*ids)} == {"sent"}


def test_poison_is_given_up_after_five_claims_and_its_neighbours_are_sent(
    sending: Flask, script: Script
) -> None:
    [poison] = queued("anna@example.org", payload={"kills": True})
    others = queued("bert@example.org", "carl@example.org")
    for _ in range(5):
        with pytest.raises(SystemExit):
            jobs.drain()
        expire_leases()
    jobs.drain()
    assert {row.state for row in rows(*others)} == {"sent"}
    [row] = rows(poison)
    assert (row.state, row.error_class) == ("failed", "poison")


def test_a_letter_that_cannot_be_written_waits_and_stops_nobody(
    sending: Flask, script: Script
) -> None:
    [broken] = queued("anna@example.org", payload={"breaks": True})
    [unknown] = queued("bert@example.org", purpose="nobody-knows-this")
    [fine] = queued("carl@example.org")
    [headers] = queued("dora@example.org", payload={"sender_name": "A\r\nBcc: eve@example.org"})
    jobs.drain()
    assert [row.state for row in rows(broken, unknown, fine, headers)] == [
        "pending",
        "pending",
        "sent",
        "pending",
    ]
    assert rows(broken)[0].error_class == "letter"
    assert len(script.received) == 1


@pytest.mark.parametrize("state", ["cancelled", "expired", "suppressed"])
def test_what_the_second_look_ends_is_not_sent(sending: Flask, script: Script, state: str) -> None:
    [row_id] = queued("anna@example.org", payload={"ended": [state, "moved"]})
    jobs.drain()
    [row] = rows(row_id)
    assert (row.state, row.cancelled_reason, row.claim) == (state, "moved", None)
    assert script.offered == []


def test_not_after_and_suppression_are_looked_at_again(sending: Flask, script: Script) -> None:
    with transaction(write=False) as session:
        now = clock.now(session)
    [late] = queued("anna@example.org", not_after=now - timedelta(seconds=1))
    [stopped] = queued("bert@example.org", priority=5)
    [bounced] = queued("carl@example.org")
    with transaction() as session:
        for address, reason in (("bert", "complaint"), ("carl", "bounce")):
            values = {"address_lower": f"{address}@example.org", "scope": "all"}
            session.add(Suppression(**values, reason=reason, source="test", created_at=now))
    jobs.drain()
    assert [row.state for row in rows(late, stopped, bounced)] == [
        "expired",
        "suppressed",
        "suppressed",
    ]
    assert script.offered == []


def test_a_stop_gives_back_what_is_left(
    sending: Flask, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = queued(*(f"guest{number}@example.org" for number in range(6)))
    monkeypatch.setattr(running, "stop_requested", lambda: len(script.received) >= 2)
    jobs.drain()
    found = rows(*ids)
    assert sorted(row.state for row in found) == ["pending"] * 4 + ["sent"] * 2
    assert {(row.attempts, row.claim) for row in found if row.state == "pending"} == {(0, None)}
    assert runner.stop_requested() is False


def test_the_lease_of_the_rest_is_extended_while_messages_go_slowly(
    sending: Flask, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = queued(*(f"guest{number}@example.org" for number in range(3)))
    seen: list[timedelta] = []
    fence = steps.Steps.mark

    def slow(self, message, at):  # type: ignore[no-untyped-def]
        with transaction() as session:
            now = clock.now(session)
            seen.append(session.get_one(OutboxMessage, ids[2]).lease_until - now)
            session.execute(update(OutboxMessage).values(lease_until=now + timedelta(seconds=25)))
        return fence(self, message, at)

    monkeypatch.setattr(steps.Steps, "mark", slow)
    jobs.drain()
    assert {row.state for row in rows(*ids)} == {"sent"}
    assert seen[1] > timedelta(seconds=50)


def test_one_connection_carries_many_messages(sending: Flask, script: Script) -> None:
    queued(*(f"guest{number}@example.org" for number in range(120)))
    jobs.drain()
    assert len(script.received) == 120
    assert script.connections == 2  # at most 100 on one
