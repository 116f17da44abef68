"""Digests of programme changes, from the editor's change to the guest's mail (delivery.md §4)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eventsvc.agenda import actions as agenda
from eventsvc.agenda.queries import item_for
from eventsvc.core import clock
from eventsvc.core.transactions import transaction
from eventsvc.events.models import Event
from eventsvc.mail.models import OutboxMessage
from eventsvc.post.policy import Ended
from eventsvc.post.queries.letters import LETTERS
from eventsvc.reminders import jobs
from eventsvc.reminders.actions import seal_digests
from eventsvc.reminders.models import Digest
from tests.conftest import add_organiser
from tests.factories.accounts import counted
from tests.factories.agenda import make_room, make_session
from tests.factories.bookings import make_booking
from tests.factories.events import ACTOR, NOW, STARTS
from tests.factories.registration import make_open_event, make_registration
from tests.reminders.support import outbox

HOUR = timedelta(hours=1)
NEAR = STARTS - timedelta(days=5)  # within 14 days: those hit are told
QUIET = timedelta(minutes=15)


@pytest.fixture
def event(session, organiser):
    return make_open_event(session, organiser.id)


@pytest.fixture
def talk(session, event):
    """A session that everybody attends."""
    item = make_session(session, event, hour=0, title="Opening", type="plenary")
    agenda.publish(session, ACTOR, event, now=NOW)
    return item


def workshop_of(session, event, **values):
    values = {"bookable": True, "capacity": 10, "parallel_group": "A", **values}
    item = make_session(session, event, hour=2, title="Floods", **values)
    agenda.publish(session, ACTOR, event, now=NOW)
    return item


def change(session, event, item, *, now=NEAR, **values):
    agenda.change_item(session, ACTOR, event, item_for(session, event, item.id), values, now=now)


def item_for_id(session, ids):
    return item_for(session, session.get_one(Event, ids[0]), ids[1])


def digests(session):
    return session.query(Digest).order_by(Digest.number).populate_existing().all()


def seal(session, now=NEAR + QUIET):
    for digest in digests(session):
        seal_digests(session, digest.event_id, digest.id, now=now)
    return outbox(session, "programme_changed")


def test_changes_are_told_once_they_rest(session, event, talk):
    guests = [make_registration(session, event) for _ in range(3)]
    change(session, event, talk, title="Welcome")
    change(session, event, talk, title="Welcome to all", now=NEAR + timedelta(minutes=10))
    assert seal(session, NEAR + QUIET) == []
    told = seal(session, NEAR + timedelta(minutes=25))
    assert {row.recipient_id for row in told} == {guest.participant_id for guest in guests}
    assert {(row.revision, row.priority, row.subject_id) for row in told} == {(1, 9, event.id)}
    assert [(digest.state, digest.told) for digest in digests(session)] == [("sealed", 3)]
    change(session, event, talk, title="Opening", now=NEAR + HOUR)
    assert [digest.number for digest in digests(session)] == [1, 2]


def test_what_was_undone_is_not_told(session, event, talk):
    make_registration(session, event)
    change(session, event, talk, title="Welcome")
    change(session, event, talk, title="Opening")
    assert seal(session) == []
    assert [digest.state for digest in digests(session)] == ["empty"]


def test_until_two_weeks_before_nobody_is_told_unless_the_editor_says_so(session, event, talk):
    make_registration(session, event)
    early = STARTS - timedelta(days=40)
    change(session, event, talk, title="Welcome", now=early)
    assert digests(session) == []
    change(session, event, talk, title="Opening", tell="all", now=early)
    assert len(seal(session, early + QUIET)) == 1


def test_the_event_has_a_default_of_its_own(session, event, talk):
    make_registration(session, event)
    event.tell_default = "nobody"
    change(session, event, talk, title="Welcome")
    assert digests(session) == []


def test_only_whose_programme_it_is_in_are_told(session, event, talk):
    workshop = workshop_of(session, event)
    booked, _other = make_registration(session, event), make_registration(session, event)
    make_booking(session, workshop, booked)
    change(session, event, workshop, room_id=make_room(session, event, name="Hall 2").id)
    assert [row.recipient_id for row in seal(session)] == [booked.participant_id]


def test_all_means_everybody_with_a_place(session, event, talk):
    workshop = workshop_of(session, event)
    everybody = [make_registration(session, event) for _ in range(2)]
    change(session, event, workshop, title="Dykes", tell="all")
    told = {row.recipient_id for row in seal(session)}
    assert told == {guest.participant_id for guest in everybody}


def test_who_has_a_seat_hears_of_a_new_time_by_one_letter_only(session, event, talk):
    workshop = workshop_of(session, event)
    make_booking(session, workshop, make_registration(session, event))
    times = {"starts_at": workshop.starts_at + HOUR, "ends_at": workshop.ends_at + HOUR}
    change(session, event, workshop, **times)
    assert seal(session) == []
    assert len(outbox(session, "session_moved")) == 1


def test_who_has_no_seat_hears_of_a_new_time_of_what_is_for_everybody(session, event, talk):
    guest = make_registration(session, event)
    change(session, event, talk, starts_at=talk.starts_at + HOUR, ends_at=talk.ends_at + HOUR)
    assert [row.recipient_id for row in seal(session)] == [guest.participant_id]


def test_what_starts_within_three_hours_is_told_at_once(session, event, talk):
    make_registration(session, event)
    soon = talk.starts_at - 2 * HOUR
    change(session, event, talk, title="Welcome", now=soon)
    change(session, event, talk, starts_at=talk.starts_at + HOUR / 2, now=soon)
    assert len(seal(session, soon)) == 1


def test_hidden_items_and_past_editions_are_told_to_nobody(session, event, talk, organiser):
    hidden = make_session(session, event, hour=5, title="Secret")
    change(session, event, hidden, title="Still secret", tell="all")
    event.recorded = True
    change(session, event, talk, title="Welcome", tell="all")
    assert digests(session) == []


def test_a_later_publication_tells_what_is_new(session, event, talk):
    make_registration(session, event)
    make_session(session, event, hour=6, title="Panel", type="panel")
    agenda.publish(session, ACTOR, event, now=NEAR)
    (row,) = seal(session)
    letter = LETTERS["programme_changed"](session, row, NEAR)
    (shown,) = letter.context["items"]
    assert (shown["title"], shown["changes"]["added"]) == ("Panel", True)


def test_the_letter_shows_each_guest_its_own_items_as_they_are_when_it_is_sent(
    session, event, talk
):
    workshop = workshop_of(session, event)
    booked, other = make_registration(session, event), make_registration(session, event)
    make_booking(session, workshop, booked)
    change(session, event, workshop, title="Dykes")
    change(session, event, talk, title="Welcome")
    rows = {row.recipient_id: row for row in seal(session)}

    def titles(guest):
        letter = LETTERS["programme_changed"](session, rows[guest.participant_id], NEAR)
        assert (letter.list_name, letter.unsubscribe_scope) == ("digests", f"event:{event.id}")
        return [(item["title"], item["changes"]["title"]) for item in letter.context["items"]]

    assert titles(booked) == [("Welcome", "Opening"), ("Dykes", "Floods")]
    assert titles(other) == [("Welcome", "Opening")]


def test_who_gave_up_meanwhile_gets_no_letter(session, event, talk):
    guest = make_registration(session, event)
    change(session, event, talk, title="Welcome")
    (row,) = seal(session)
    guest.state = "cancelled"
    session.flush()
    assert isinstance(LETTERS["programme_changed"](session, row, NEAR), Ended)


def test_sealing_costs_the_same_for_many(session, event, talk):
    def cost(title):
        change(session, event, talk, title=title)
        digest = digests(session)[-1].id
        session.expire_all()
        with counted() as statements:
            seal_digests(session, event.id, digest, now=NEAR + QUIET)
        return len(statements)

    make_registration(session, event)
    few = cost("One")
    for _ in range(30):
        make_registration(session, event)
    assert cost("Many") == few


@pytest.fixture
def call(client, token_for):
    """Calls with the rights of an event manager, or with fewer scopes."""

    def called(method, path, *, scopes=None, tag=None, **body):
        headers = token_for("event-manager", scopes=scopes)
        headers |= {"If-Match": tag} if tag else {}
        return client.open(path, method=method, headers=headers, **body)

    return called


def digests_path(event):
    return f"/api/v1/events/{event.id}/digests"


def test_a_change_over_the_door_is_seen_held_and_released(call, session, event, talk):
    guest = make_registration(session, event)
    session.commit()
    with clock.standing_at(NEAR):
        item = f"/api/v1/events/{event.id}/sessions/{talk.id}"
        tag = call("GET", item).headers["ETag"]
        changed = call("PATCH", item, tag=tag, json={"title": "Welcome", "tell": "hit"})
        assert changed.status_code == 200
        assert "tell" not in changed.json
        (digest,) = call("GET", digests_path(event)).json["items"]
        one = f"{digests_path(event)}/{digest['id']}"
        shown = call("GET", one).json
        assert shown["people"] == 1
        assert shown["changes"] == [
            {"item_id": talk.id, "title": "Welcome", "kind": "title", "old": "Opening",
             "new": "Welcome", "whom": "hit"}
        ]  # fmt: skip
        assert call("POST", f"{one}/hold").json["state"] == "held"
    assert seal(session, NEAR + HOUR) == []
    with clock.standing_at(NEAR + HOUR):
        released = call("POST", f"{one}/release").json
        assert (released["state"], released["told"]) == ("sealed", 1)
        again = call("POST", f"{one}/release")
    assert (again.status_code, again.json["code"]) == (409, "digest-sealed")
    told = [row.recipient_id for row in outbox(session, "programme_changed")]
    assert told == [guest.participant_id]


def test_a_digest_of_another_event_is_not_found(call, session, event, talk, organiser):
    make_registration(session, event)
    change(session, event, talk, title="Welcome")
    digest = digests(session)[0].id
    other = make_open_event(session, organiser.id)
    for wrong in (f"{digests_path(other)}/{digest}", f"{digests_path(event)}/nonsense"):
        assert call("GET", wrong).status_code == 404
        assert call("POST", f"{wrong}/hold").status_code == 404


def test_who_may_only_read_may_not_hold(call, session, event, talk):
    change(session, event, talk, title="Welcome")
    one = f"{digests_path(event)}/{digests(session)[0].id}"
    assert call("GET", one, scopes=["messages:read"]).status_code == 200
    assert call("POST", f"{one}/hold", scopes=["messages:read"]).status_code == 403


@pytest.mark.parametrize("tell", ["everybody", None, True])
def test_an_odd_choice_is_refused(call, event, talk, tell):
    item = f"/api/v1/events/{event.id}/sessions/{talk.id}"
    answer = call("PATCH", item, tag='"1"', json={"tell": tell})
    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == "/tell"


def test_the_job_seals_what_is_due_once(committed):
    with transaction() as session:
        event = make_open_event(session, add_organiser(session).id)
        talk = make_session(session, event, hour=0, title="Opening", type="plenary")
        agenda.publish(session, ACTOR, event, now=NOW)
        make_registration(session, event)
        ids = event.id, talk.id
    with transaction() as session:
        change(session, session.get_one(Event, ids[0]), item_for_id(session, ids), title="Welcome")
    for moment, count in ((NEAR, 0), (NEAR + QUIET, 1), (NEAR + HOUR, 1)):
        with clock.standing_at(moment):
            jobs.seal()
            jobs.seal()
        with transaction(write=False) as session:
            rows = session.query(OutboxMessage).filter_by(purpose="programme_changed")
            assert rows.count() == count
