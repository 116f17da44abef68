"""Rule 25 and editions.md §2.7: only online guests are let into the stream, by their calendar."""

from __future__ import annotations

import pytest

from eventsvc.core import clock
from eventsvc.core.transactions import transaction
from eventsvc.events.models import Event
from tests.factories.feeds import LATER, NOW, cancel, change, items_in, make_guest, make_programme

STREAM = "https://stream.example.org/hall"


@pytest.fixture(autouse=True)
def _standing():
    with clock.standing_at(NOW):
        yield


@pytest.fixture
def programme(organiser):
    made = make_programme(organiser.id, mode="hybrid", join_url=STREAM)
    change(made, made.workshop, mode="hybrid", join_url="https://stream.example.org/floods")
    return made


def shown(client, guest, summary):
    return items_in(client.get(guest.path).data)[summary]


def test_an_online_guest_gets_the_address_of_the_item_else_of_the_event(client, programme):
    guest = make_guest(programme, programme.workshop, mode="online")
    assert "https://stream.example.org/floods" in shown(client, guest, "Floods")["DESCRIPTION"]
    opening = shown(client, guest, "Opening\\, welcome")
    assert opening["CONFERENCE;VALUE=URI;FEATURE=VIDEO;LABEL=Join online"] == STREAM


def test_nobody_else_gets_it(client, programme):
    on_site = make_guest(programme, programme.workshop, mode="on_site")
    for path in (on_site.path, programme.path, programme.series_path):
        assert b"stream.example.org" not in client.get(path).data


def test_what_is_on_site_only_has_no_address(client, programme):
    change(programme, programme.opening, mode="on_site")
    speaking = make_guest(programme, mode="online")
    assert STREAM not in client.get(speaking.path).text.replace("\r\n ", "")


def test_who_waits_and_what_is_cancelled_has_no_address(client, programme):
    change(programme, programme.small, mode="hybrid")
    make_guest(programme, programme.small, mode="online")
    waiting = make_guest(programme, programme.small, programme.workshop, mode="online")
    assert "DESCRIPTION" not in shown(client, waiting, "Dykes")
    with clock.standing_at(LATER):
        cancel(programme, programme.workshop)
        gone = shown(client, waiting, "[Cancelled] Floods")
    assert not [value for value in gone.values() if "stream" in value]


def test_rule_15_a_new_address_is_a_new_revision(client, programme):
    guest = make_guest(programme, mode="online")
    before = int(shown(client, guest, "Opening\\, welcome")["SEQUENCE"])
    with clock.standing_at(LATER), transaction() as session:
        session.get_one(Event, programme.event_id).join_url = "https://stream.example.org/new"
    with clock.standing_at(LATER):
        opening = shown(client, guest, "Opening\\, welcome")
    assert int(opening["SEQUENCE"]) == before + 1
    assert "https://stream.example.org/new" in opening["DESCRIPTION"]
