"""What goes by time, rule by rule; a dump of all tables holds nothing of a person (security §3)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eventsvc import retention
from eventsvc.accounts.models import Credential
from eventsvc.bookings.models import CheckIn
from eventsvc.core import clock
from eventsvc.core.db import Base
from eventsvc.core.idempotency import KEPT, IdempotencyClaim
from eventsvc.core.ids import new_id
from eventsvc.core.jobs import Job
from eventsvc.core.retention import MOST_AT_ONCE, Rule
from eventsvc.core.rights import system
from eventsvc.core.transactions import transaction
from eventsvc.feeds.actions import calendar_token
from eventsvc.mail.models import Contact, OutboxAttempt, OutboxMessage
from eventsvc.registration import actions as registration
from eventsvc.registration.models import Participant, Registration
from tests.conftest import add_organiser
from tests.factories.accounts import counted
from tests.factories.events import ACTOR, ENDS, NOW
from tests.factories.mail import a_contact, a_message
from tests.factories.registration import SECRET, link_of, make_open_event, make_registration
from tests.webhooks.support import an_endpoint, deliveries

DAY = timedelta(days=1)
RULES = {rule.name: rule for rule in retention.RULES}


def dump(session: Session) -> str:
    """Every value of every row of every table."""
    session.flush()
    parts = []
    for table in Base.metadata.sorted_tables:
        if not table.name.startswith("small_"):
            parts += [repr(tuple(row)) for row in session.execute(select(table))]
    return "\n".join(parts)


def applied(session: Session, name: str, now: datetime) -> int:
    """One rule, until nothing is left; a second run finds nothing."""
    rule, gone = RULES[name], 0
    expected = rule.due(session, now=now)
    while keys := rule.next_batch(session, now=now):
        gone += len(keys)
    assert gone == expected
    assert rule.due(session, now=now) == 0
    session.expire_all()
    return gone


PERSON = {
    "name": "Zoë Planted-Name", "email": "Zoe.Planted@example.org", "job_title": "Planted title",
    "organisation": "Planted organisation", "note": "planted note", "country": "AT",
    "answers": {"diet": "planted answer"}, "external_id": "planted-external",
}  # fmt: skip


def a_person(session: Session, event) -> Registration:
    guest = make_registration(session, event, **PERSON)
    link_of(session, guest, now=NOW)
    calendar_token(session, guest.participant_id, event.id, secret=SECRET, now=NOW)
    session.flush()
    return guest


@pytest.mark.threat(10)
def test_links_only_read_30_days_after_the_event_and_end_after_two_years(
    client, session, organiser
):
    event = make_open_event(session, organiser.id)
    guest = make_registration(session, event)
    headers = link_of(session, guest, now=NOW)
    assert applied(session, "registration.links-read-only", ENDS + 29 * DAY) == 0
    later = ENDS + 30 * DAY
    assert applied(session, "registration.links-read-only", later) == 1
    session.commit()
    with clock.standing_at(later + DAY):
        assert client.get("/api/v1/my/registration", headers=headers).status_code == 200
        tag = {"If-Match": "*"}
        told = client.patch("/api/v1/my/registration", json={}, headers={**headers, **tag})
        assert told.status_code == 403
    assert applied(session, "registration.links-end", ENDS + 729 * DAY) == 0
    assert applied(session, "registration.links-end", ENDS + 730 * DAY) == 1
    session.commit()
    with clock.standing_at(ENDS + 731 * DAY):
        assert client.get("/api/v1/my/registration", headers=headers).status_code == 401


def test_after_two_years_a_guest_is_taken_out_of_the_books(session, organiser):
    an_endpoint(session, organiser.id)
    event = make_open_event(session, organiser.id)
    guest = a_person(session, event)
    other = make_registration(session, event)
    came = ENDS - timedelta(hours=5, minutes=-17)
    registration.mark_attended(session, ACTOR, event, guest, now=came)
    session.add(
        CheckIn(
            organiser_id=organiser.id, event_id=event.id, registration_id=guest.id,
            target_id=event.id, at=came, by="desk",
        )
    )  # fmt: skip
    code, another, before = guest.code, other.code, dump(session)
    for word in ("Planted-Name", "Zoe.Planted", "planted note", "planted answer", code):
        assert word in before, word
    assert applied(session, "registration.anonymise", ENDS + 729 * DAY) == 0
    assert applied(session, "registration.anonymise", ENDS + 730 * DAY) == 2
    left = dump(session)
    for word in ("lanted", "Zoë", code, another):
        assert word.lower() not in left.lower(), word
    session.expire_all()
    assert (guest.state, guest.mode) == ("attended", "on_site")
    person = session.get_one(Participant, guest.participant_id)
    assert (person.country, person.type) == ("AT", "guest")
    hour = came.replace(minute=0, second=0, microsecond=0)
    assert guest.attended_at == hour
    assert session.scalars(select(CheckIn.at)).one() == hour
    counted_now = session.scalar(select(func.count()).select_from(Registration))
    assert counted_now == 2
    links = session.scalars(select(Credential.revoked_at).where(Credential.kind == "evl"))
    assert all(ended is not None for ended in links)


def test_anonymising_ends_mail_at_once_and_keeps_a_shared_contact(session, organiser):
    event = make_open_event(session, organiser.id)
    elsewhere = make_open_event(session, organiser.id)
    guest, same = a_person(session, event), a_person(session, elsewhere)
    person = session.get_one(Participant, guest.participant_id)
    registration.anonymise(session, system("test"), person, now=NOW)
    registration.anonymise(session, system("test"), person, now=NOW + DAY)
    session.flush()
    session.expire_all()
    assert person.erased_at == NOW
    mine = select(OutboxMessage).where(OutboxMessage.recipient_id == guest.participant_id)
    assert {mail.state for mail in session.scalars(mine)} <= {"cancelled", "sent"}
    emails = set(session.scalars(select(Contact.email)))
    assert same.email in emails, "somebody else's event still writes there"
    again = session.get_one(Participant, same.participant_id)
    registration.anonymise(session, system("test"), again, now=NOW)
    assert same.email not in set(session.scalars(select(Contact.email)))
    assert "lanted" not in dump(session)


def test_who_never_proved_an_address_is_forgotten(session, organiser):
    event = make_open_event(session, organiser.id, email_proof=True)
    told = {key: PERSON[key] for key in ("name", "email", "country")}
    guest = registration.receive(session, event.id, told, now=NOW)
    kept = make_registration(session, event)
    later = NOW + 9 * DAY
    assert applied(session, "registration.unproved", later) == 0
    registration.expire_proofs(session, event.id, now=later)
    session.flush()
    assert applied(session, "registration.unproved", later) == 1
    assert "lanted" not in dump(session).lower()
    session.expire_all()
    assert guest.state == "cancelled"
    assert kept.email is not None


def test_a_second_registration_keeps_the_person(session, organiser):
    event = make_open_event(session, organiser.id, email_proof=True)
    told = {key: PERSON[key] for key in ("name", "email")}
    registration.receive(session, event.id, told, now=NOW)
    later = NOW + 9 * DAY
    registration.expire_proofs(session, event.id, now=later)
    make_registration(session, event, now=later, **told)
    session.flush()
    assert applied(session, "registration.unproved", later) == 0


def test_messages_are_blanked_after_30_days_and_go_after_400(session):
    contact = a_contact(session)
    message = a_message(session, contact=contact)
    message.address, message.smtp_text = "planted@example.org", "250 planted"
    message.payload = {"reason": "planted"}
    session.add(
        OutboxAttempt(
            outbox_id=message.id, n=1, started_at=NOW, ended_at=NOW, outcome="sent",
            smtp_text="250 planted", worker="w",
        )
    )  # fmt: skip
    session.flush()
    assert applied(session, "mail.blank", NOW + 500 * DAY) == 0, "it has not ended"
    message.state, message.ended_at = "sent", NOW
    session.flush()
    assert applied(session, "mail.blank", NOW + 29 * DAY) == 0
    assert applied(session, "mail.blank", NOW + 30 * DAY) == 1
    assert "planted" not in dump(session)
    assert applied(session, "mail.attempts", NOW + 89 * DAY) == 0
    assert applied(session, "mail.attempts", NOW + 90 * DAY) == 1
    assert applied(session, "mail.rows", NOW + 399 * DAY) == 0
    assert applied(session, "mail.rows", NOW + 400 * DAY) == 1


def test_deliveries_go_after_30_days(session, organiser):
    an_endpoint(session, organiser.id)
    make_open_event(session, organiser.id)
    session.flush()
    number = len(deliveries(session))
    assert number
    made = deliveries(session)[0].created_at
    assert applied(session, "webhooks.deliveries", made + 29 * DAY) == 0
    assert applied(session, "webhooks.deliveries", made + 30 * DAY) == number


def test_claims_and_jobs_go(session):
    claim = {"credential": "t", "method": "POST", "body_digest": "0" * 64, "claimed_at": NOW}
    session.add(IdempotencyClaim(call="a", expires_at=NOW + KEPT, **claim))
    job = {"kind": "report", "args": {}, "due_at": NOW, "created_at": NOW}
    session.add(Job(key="ended", state="succeeded", ended_at=NOW, **job))
    session.add(Job(key="open", state="queued", **job))
    session.flush()
    assert applied(session, "core.idempotency", NOW + KEPT - timedelta(seconds=1)) == 0
    assert applied(session, "core.idempotency", NOW + KEPT) == 1
    assert applied(session, "core.jobs", NOW + 89 * DAY) == 0
    assert applied(session, "core.jobs", NOW + 90 * DAY) == 1
    assert list(session.scalars(select(Job.key))) == ["open"]


@pytest.mark.commits
def test_the_daily_run_goes_in_batches_and_the_dry_run_changes_nothing(committed):
    with transaction() as session:
        now = clock.now(session)
        session.add_all(
            IdempotencyClaim(
                credential="t", call=new_id(), method="POST", body_digest="0" * 64,
                claimed_at=now - 2 * KEPT, expires_at=now - KEPT,
            )
            for _ in range(MOST_AT_ONCE + 1)
        )  # fmt: skip
    planned = {rule.name: number for rule, number in retention.due()}
    assert planned["core.idempotency"] == MOST_AT_ONCE + 1
    assert {rule.name: number for rule, number in retention.due()} == planned
    assert dict(retention.run()) == planned
    assert set(dict(retention.run()).values()) == {0}


@pytest.mark.commits
def test_a_rule_that_fails_does_not_hold_up_the_others(committed, monkeypatch):
    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    with transaction() as session:
        now = clock.now(session)
        add_organiser(session)
        told = {"credential": "t", "method": "POST", "body_digest": "0" * 64, "claimed_at": now}
        session.add(IdempotencyClaim(call="a", expires_at=now - DAY, **told))
    bad = Rule("bad", "x", RULES["core.idempotency"].wanted, broken)
    monkeypatch.setattr(retention, "RULES", (bad, RULES["core.idempotency"]))
    with pytest.raises(RuntimeError, match="broken"):
        retention.tidy()
    with transaction(write=False) as session:
        assert session.scalar(select(func.count()).select_from(IdempotencyClaim)) == 0


def test_a_dry_run_asks_once_for_each_rule(session):
    with counted() as sent:
        for rule in retention.RULES:
            rule.due(session, now=NOW)
    assert len(sent) == len(retention.RULES)
