"""Milestones: due with the edition, done, copied, and told of once a week."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from eventsvc.accounts.models import Account, Membership
from eventsvc.core import clock
from eventsvc.events import actions, jobs
from eventsvc.events.models import Event
from eventsvc.mail.models import Contact, OutboxMessage
from eventsvc.post.queries.letters import LETTERS
from eventsvc.post.render import render
from tests.events.doors import EVENTS, SPAN, errors
from tests.events.test_queries import counted
from tests.factories.events import ACTOR, make_event

ROOMS = {"title": "Rooms booked", "due_days": -90, "owner_name": "Zoë Example"}
MONDAY = datetime(2027, 2, 1, 9, 0, tzinfo=UTC)  # the week of 4 February, 90 days before 5 May


def added(client, admin, event, **changes):
    answer = client.post(f"{EVENTS}/{event.id}/milestones", headers=admin, json=ROOMS | changes)
    assert answer.status_code == 201, answer.json
    return answer.headers["Location"]


def messages(session) -> list[tuple[str, int, str]]:
    """Address, week and state of the mails."""
    statement = (
        select(Contact.email, OutboxMessage.revision, OutboxMessage.state)
        .join(Contact, Contact.id == OutboxMessage.contact_id)
        .where(OutboxMessage.purpose == "milestones_due")
        .order_by(OutboxMessage.id)
    )
    return [tuple(row) for row in session.execute(statement)]


def newest(session, now):
    """The letter of the newest mail."""
    row = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    return LETTERS["milestones_due"](session, row, now)


def test_it_is_due_by_the_start_and_shifts_with_it(client, admin, event):
    place = added(client, admin, event)
    assert client.get(place, headers=admin).json["due"] == "2027-02-04"
    moved = {**SPAN, "starts_at": "2027-05-15T09:00:00+02:00", "ends_at": "2027-05-16T17:00:00Z"}
    moved.pop("timezone")
    client.patch(f"{EVENTS}/{event.id}", headers={**admin, "If-Match": "*"}, json=moved)
    assert client.get(place, headers=admin).json["due"] == "2027-02-14"
    told = {**admin, "If-Match": '"1"'}
    fixed = client.patch(place, headers=told, json={"due_on": "2027-01-31"})
    assert (fixed.json["due"], fixed.json["due_days"]) == ("2027-01-31", None)


def test_fields_are_judged(client, admin, event):
    address = f"{EVENTS}/{event.id}/milestones"
    for body, wanted in (
        ({"title": "x"}, ("/due_days", "required")),
        ({"title": "x", "due_days": 1, "due_on": "2027-01-01"}, ("/due_on", "not-together")),
        ({"title": "x", "due_days": 1, "state": "done"}, ("/state", "read-only-field")),
        ({"title": "x", "due_days": 1, "owner_email": "x"}, ("/owner_email", "invalid-email")),
    ):
        assert errors(client.post(address, headers=admin, json=body)) == [wanted]


def test_it_is_done_dropped_and_opened_again(client, admin, token_for, event):
    place = added(client, admin, event)
    reader = token_for("read-only")
    assert (
        client.post(f"{place}/transitions", headers=reader, json={"to": "done"}).status_code == 403
    )
    done = client.post(f"{place}/transitions", headers=admin, json={"to": "done"})
    assert (done.status_code, done.json["state"]) == (200, "done")
    assert done.json["state_at"] is not None
    refused = client.post(f"{place}/transitions", headers=admin, json={"to": "dropped"})
    assert (refused.json["code"], refused.json["allowed"]) == ("transition-not-allowed", ["open"])
    found = client.get(f"{EVENTS}/{event.id}/milestones?state=done", headers=admin).json["items"]
    assert [one["title"] for one in found] == ["Rooms booked"]
    assert client.post(f"{place}/transitions", headers=admin, json={"to": "open"}).json[
        "state"
    ] == ("open")


def test_a_copy_of_the_edition_begins_with_all_of_them_open(client, admin, event):
    client.post(f"{added(client, admin, event)}/transitions", headers=admin, json={"to": "done"})
    added(client, admin, event, title="Fixed", due_days=None, due_on="2027-05-02")
    made = client.post(EVENTS, headers=admin, json={"title": "Next", "copy_from": event.id})
    found = client.get(f"{EVENTS}/{made.json['id']}/milestones", headers=admin).json["items"]
    assert [(one["title"], one["due_days"], one["state"], one["due"]) for one in found] == [
        ("Rooms booked", -90, "open", None), ("Fixed", -3, "open", None)
    ]  # fmt: skip


@pytest.fixture
def member(session, organiser):
    """Zoë Example, a member of the organiser."""
    account = Account(
        email="zoe@example.org", email_key="zoe@example.org", name="Zoë Example", created_at=MONDAY
    )
    session.add(account)
    session.flush()
    session.add(
        Membership(
            account_id=account.id, organiser_id=organiser.id, role="event-manager",
            created_at=MONDAY,
        )
    )  # fmt: skip
    session.commit()
    return account


def test_whose_task_it_is_is_told_once_a_week(client, admin, session, event, member):
    place = added(client, admin, event)
    added(client, admin, event, title="Far", due_days=-10)
    added(client, admin, event, title="Press", owner_name=None, owner_email="press@example.org")
    added(client, admin, event, title="Nobody's", owner_name="Somebody Else")
    for hours in (0, 1, 30):
        actions.tell_due(session, event, now=MONDAY + timedelta(hours=hours))
    session.commit()
    addresses = ["events@example.org", "press@example.org", "zoe@example.org"]
    assert messages(session) == [(address, 202705, "pending") for address in addresses]
    letter = newest(session, MONDAY)
    assert [step["title"] for step in letter.context["steps"]] == ["Rooms booked"]
    words = render(letter.template, "en", {**letter.context, "unsubscribe_url": None})
    assert "Thursday, 4 February 2027: Rooms booked" in words.text
    client.post(f"{place}/transitions", headers=admin, json={"to": "done"})
    assert newest(session, MONDAY).reason == "nothing due"
    event = session.get_one(Event, event.id)
    actions.tell_due(session, event, now=MONDAY + timedelta(days=7))
    assert [week for _, week, _ in messages(session)][3:] == [202706, 202706]


def test_the_job_passes_over_what_is_over(session, organiser, event):
    done = make_event(session, organiser.id, state="completed")
    for each, days in ((event, -90), (done, -90), (make_event(session, organiser.id), 30)):
        values = {"title": "x", "due_days": days}
        actions.add_milestone(session, ACTOR, each, values, now=MONDAY)
    wanted = [event.id]
    session.commit()
    with clock.standing_at(MONDAY):
        jobs.tell_milestones()
        jobs.tell_milestones()
    assert list(session.scalars(select(OutboxMessage.event_id))) == wanted


def test_a_list_takes_as_many_statements_for_one_as_for_thirty(client, admin, session, event):
    def needed() -> int:
        with counted(session) as statements:
            client.get(f"{EVENTS}/{event.id}/milestones", headers=admin)
        return len(statements)

    added(client, admin, event)
    first = needed()
    for _ in range(29):
        added(client, admin, event)
    assert needed() == first
