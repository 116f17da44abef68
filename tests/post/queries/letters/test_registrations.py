"""Letters about a registration: links, calendar, and another look before sending."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from eventsvc.accounts.queries import credential_shown
from eventsvc.agenda.queries import item_for
from eventsvc.core.transactions import _finishers
from eventsvc.events import actions as events
from eventsvc.feeds.models import CalendarToken
from eventsvc.post.policy import Letter
from eventsvc.registration import actions as registration
from tests.factories.agenda import make_session
from tests.factories.bookings import make_booking, make_workshop
from tests.factories.events import ACTOR, NOW, make_venue
from tests.factories.registration import (
    SECRET,
    holder_of,
    make_open_event,
    make_registration,
    person,
)
from tests.post.queries.letters.support import ended, letter, written

HOUR = timedelta(hours=1)


@pytest.fixture
def event(session, organiser):
    return make_open_event(session, organiser.id, capacity=1, title="Example <Event>")


def finish(session) -> None:
    """Do what every writing transaction does before it commits."""
    session.flush()
    for finisher in _finishers:
        finisher(session)
    session.flush()


def test_the_private_link_stands_in_the_fragment_and_works(session, event) -> None:
    guest = make_registration(session, event)
    text = written(session, "registration_confirmed", NOW).text
    (token,) = re.findall(r"http://localhost/r#(evl_\S+)", text)
    found = credential_shown(session, token, now=NOW)
    assert found is not None
    assert found.subject_id == guest.id
    assert "?" not in text.split("r#")[0].rsplit("\n", 1)[1], "never in a query (security row 10)"


def test_a_second_attempt_makes_the_same_letter(session, event) -> None:
    make_registration(session, event)
    one = written(session, "registration_confirmed", NOW)
    assert written(session, "registration_confirmed", NOW + HOUR) == one


def test_sender_and_reply_to_are_the_event_and_the_organiser(session, event) -> None:
    make_registration(session, event, name="O'Brien <b>")
    found = letter(session, "registration_confirmed", NOW)
    assert isinstance(found, Letter)
    assert (found.sender_name, found.reply_to) == ("Example <Event>", "events@example.org")
    assert (found.list_name, found.unsubscribe_scope) == (None, None), "transactional (§9)"


def test_the_place_for_guests_on_site_and_the_link_for_guests_online(session, organiser) -> None:
    event = make_open_event(
        session, organiser.id, mode="hybrid", join_url="https://meet.example.org/j"
    )
    make_venue(session, event, street="Example Street 1")
    make_registration(session, event)
    here = written(session, "registration_confirmed", NOW).text
    assert "Example Hall, Example Street 1, Vienna, Austria" in here
    assert "meet.example.org" not in here
    make_registration(session, event, mode="online")
    there = written(session, "registration_confirmed", NOW).text
    assert "https://meet.example.org/j" in there
    assert "Example Street" not in there


def test_the_calendar_part_holds_the_guests_own_items(session, organiser) -> None:
    event = make_open_event(session, organiser.id)
    plenary = make_session(session, event, hour=0, title="Opening", type="plenary")
    mine = make_workshop(session, event, hour=2, title="My workshop")
    other = make_workshop(session, event, hour=4, title="Another workshop")
    for item in (plenary, mine, other):
        item.visible, item.state = True, "confirmed"
    guest = make_registration(session, event)
    make_booking(session, item_for(session, event, mine.id), guest)
    finish(session)
    found = letter(session, "registration_confirmed", NOW)
    assert isinstance(found, Letter)
    calendar = (found.calendar or b"").decode()
    assert "METHOD:PUBLISH" in calendar
    assert "ATTENDEE" not in calendar
    assert calendar.count("BEGIN:VEVENT") == 2
    assert "SUMMARY:Opening" in calendar
    assert "SUMMARY:My workshop" in calendar
    assert f"DTSTAMP:{NOW:%Y%m%dT%H%M%SZ}" in calendar, "the sending time (rule 13)"


def test_before_the_programme_is_public_the_calendar_shows_the_days(session, event) -> None:
    make_registration(session, event)
    finish(session)
    found = letter(session, "registration_confirmed", NOW)
    assert isinstance(found, Letter)
    assert b"DTSTART;VALUE=DATE:20270505" in (found.calendar or b"")


def test_no_calendar_where_it_is_off_or_the_person_subscribes(session, event) -> None:
    guest = make_registration(session, event)
    finish(session)
    assert letter(session, "registration_confirmed", NOW).calendar
    (token,) = session.query(CalendarToken).filter_by(participant_id=guest.participant_id)
    token.last_fetch_at = NOW - HOUR
    session.flush()
    assert letter(session, "registration_confirmed", NOW).calendar is None
    token.last_fetch_at = None
    event.calendar_mail = "off"
    session.flush()
    assert letter(session, "registration_confirmed", NOW).calendar is None


def test_the_calendar_address_stands_in_the_first_mail_only(session, event) -> None:
    """calendar.md rule 32: not in outgoing mail after the first."""
    make_registration(session, event)
    assert "/my/calendar/evc_" in written(session, "registration_confirmed", NOW).text
    values = {"starts_at": event.starts_at + HOUR}
    events.change_event(session, ACTOR, event, values, now=NOW)
    assert "/my/calendar/" not in written(session, "event_moved", NOW).text


def test_the_place_in_the_list_is_the_one_at_sending(session, event) -> None:
    _, second, third = (make_registration(session, event) for _ in range(3))
    marks = {"recipient_id": third.participant_id}
    text = written(session, "registration_waitlisted", NOW, **marks).text
    assert "number 2 of 2" in text
    registration.cancel(session, ACTOR, event.id, second.id, now=NOW)
    assert "number 1 of 1" in written(session, "registration_waitlisted", NOW, **marks).text


def test_what_has_changed_meanwhile_is_not_sent(session, event) -> None:
    first, second = (make_registration(session, event) for _ in range(2))
    registration.cancel(session, ACTOR, event.id, first.id, now=NOW)
    gone = ("cancelled", "registration cancelled")
    assert ended(session, "registration_confirmed", NOW, recipient_id=first.participant_id) == gone
    waited = {"recipient_id": second.participant_id}
    now_placed = ("cancelled", "registration confirmed")
    assert ended(session, "registration_waitlisted", NOW, **waited) == now_placed
    events.transition(session, ACTOR, event, "cancelled", reason="x", now=NOW)
    off = ("cancelled", "event cancelled")
    assert ended(session, "waitlist_promoted", NOW, **waited) == off


def test_a_proof_is_asked_for_until_given_or_too_late(session, organiser) -> None:
    event = make_open_event(session, organiser.id, email_proof=True)
    guest = registration.receive(session, event.id, person(), now=NOW)
    assert "Confirm my registration" in written(session, "registration_proof", NOW).text
    nudge = written(session, "registration_proof_nudge", NOW + 24 * HOUR)
    assert nudge.subject.startswith("Still to do")
    late = NOW + timedelta(days=9)
    assert ended(session, "registration_proof_nudge", late) == ("expired", "proof too late")
    registration.prove(session, holder_of(guest), now=NOW + HOUR)
    assert ended(session, "registration_proof_nudge", NOW + 24 * HOUR)[0] == "cancelled"


def test_approval_decision_and_words_of_a_cancellation(session, organiser) -> None:
    event = make_open_event(session, organiser.id, approval=True, email_proof=False)
    guest = registration.receive(session, event.id, person(), now=NOW)
    assert "look at each registration" in written(session, "registration_received", NOW).text
    registration.cancel(session, ACTOR, event.id, guest.id, reason="Full", now=NOW)
    text = written(session, "registration_cancelled", NOW).text
    assert "could not accept" in text
    assert "Reason: Full" in text


def test_refused_repeated_and_new_link(session, organiser) -> None:
    event = make_open_event(session, organiser.id, capacity=0, waiting_list=False)
    registration.receive(session, event.id, person(), now=NOW)
    assert "No place left" in written(session, "registration_refused", NOW).subject
    other = make_open_event(session, organiser.id)
    who = person()
    guest = registration.receive(session, other.id, dict(who), now=NOW)
    registration.receive(session, other.id, dict(who), now=NOW)
    assert "registered already" in written(session, "registration_repeated", NOW).subject
    token = registration.renew_link(
        session, ACTOR, other.id, guest.id, deliver="mail", secret=SECRET, now=NOW
    )
    assert f"http://localhost/r#{token}" in written(session, "private_link", NOW).text


@pytest.mark.parametrize(("locale", "word"), [("de", "Sie sind"), ("fr", "Vous êtes")])
def test_the_language_is_the_recipients(session, event, locale: str, word: str) -> None:
    make_registration(session, event, language=locale)
    assert word in written(session, "registration_confirmed", NOW).subject
