"""Changes that no stored item text shows reach feeds all the same."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from eventsvc.agenda.models import AgendaItem
from eventsvc.core import clock
from eventsvc.core.transactions import transaction
from eventsvc.events.models import Event
from eventsvc.ical.queries import scope_of
from eventsvc.registration.models import Participant
from tests.factories.agenda import make_speaker
from tests.factories.directory import a_person
from tests.factories.events import NOW, make_event
from tests.factories.feeds import make_guest, make_programme


@pytest.fixture(autouse=True)
def _standing():
    with clock.standing_at(NOW):
        yield


def revision(session, event_id):
    return scope_of(session, event_id).revision


def test_the_header_of_an_event_without_a_day(session, organiser):
    with transaction() as s:
        event_id = make_event(s, organiser.id, state="announced", month="2027-05").id
    before = revision(session, event_id)
    with transaction() as s:
        s.get_one(Event, event_id).title = "Another name"
    assert revision(session, event_id) == before + 1


def test_an_event_with_a_banner_is_left_to_the_agenda(session, organiser):
    programme = make_programme(organiser.id)
    before = revision(session, programme.event_id)
    with transaction() as s:
        s.get_one(Event, programme.event_id).capacity = 500
    assert revision(session, programme.event_id) == before


def test_the_role_of_a_speaker_changes_one_personal_feed(session, organiser):
    programme = make_programme(organiser.id)
    speaker, other = make_guest(programme), make_guest(programme)
    with transaction() as s:
        person_id = a_person(s, organiser).id
        s.get_one(Participant, speaker.participant_id).person_id = person_id
    rows = select(Participant.id, Participant.revision)
    before = {row.id: row.revision for row in session.execute(rows)}
    with transaction() as s:
        event = s.get_one(Event, programme.event_id)
        item = s.get_one(AgendaItem, programme.workshop)
        make_speaker(s, event, item, person_id=person_id)
    after = {row.id: row.revision for row in session.execute(rows)}
    assert after[speaker.participant_id] == before[speaker.participant_id] + 1
    assert after[other.participant_id] == before[other.participant_id]
