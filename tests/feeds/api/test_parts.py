"""Rule 1: calendars of a track, a room and one type of items."""

from __future__ import annotations

import pytest

from eventsvc.core import clock
from eventsvc.core.transactions import transaction
from eventsvc.events.models import Event
from eventsvc.feeds import jobs
from tests.factories.accounts import counted
from tests.factories.agenda import make_room, make_track
from tests.factories.events import NOW
from tests.factories.feeds import LATER, cancel, change, items_in, make_programme, move


@pytest.fixture(autouse=True)
def _standing():
    with clock.standing_at(NOW):
        yield


@pytest.fixture
def programme(organiser):
    """The workshop "Floods" is in the track "water" and the room "hall"."""
    made = make_programme(organiser.id)
    with transaction() as session:
        event = session.get_one(Event, made.event_id)
        track = make_track(session, event, name="Water", slug="water").id
        room = make_room(session, event, name="Hall", slug="hall").id
    change(made, made.workshop, now=NOW, track_id=track, room_id=room)
    return made


def path(programme, part):
    return f"{programme.path.removesuffix('.ics')}/{part}.ics"


@pytest.mark.parametrize(
    ("part", "name", "shown"),
    [
        ("tracks/water", "Water", {"Floods"}),
        ("rooms/hall", "Hall", {"Floods"}),
        ("types/workshop", "Workshop", {"Floods", "Dykes"}),
        ("types/site_visit", "Site visit", {"Lock and weir"}),
        ("types/keynote", "Keynote", set()),
    ],
)
def test_rule_1_a_part_has_its_items_with_the_bytes_of_the_whole(
    client, programme, part, name, shown
):
    answer = client.get(path(programme, part))
    assert answer.status_code == 200
    assert set(items_in(answer.data)) == shown
    assert f"\r\nNAME:River Days 2027: {name}\r\n" in answer.text
    assert f"{path(programme, part)}\r\n" in answer.text.replace("\r\n ", "")  # SOURCE
    whole = client.get(programme.path).data
    for block in answer.data.split(b"BEGIN:VEVENT")[1:]:
        assert block.split(b"END:VEVENT")[0] in whole


@pytest.mark.parametrize(
    "part", ["tracks/unknown", "rooms/water", "types/unknown", "types/Workshop", "tracks/%00"]
)
def test_a_part_that_never_was_is_404(client, programme, part):
    assert client.get(path(programme, part)).status_code == 404


def test_the_track_of_another_edition_is_404(client, organiser, programme):
    other = make_programme(organiser.id)
    assert client.get(path(other, "tracks/water")).status_code == 404


def test_a_part_of_a_hidden_edition_is_404(client, session, programme):
    session.get_one(Event, programme.event_id).announced_at = None
    session.get_one(Event, programme.event_id).state = "draft"
    session.commit()
    assert client.get(path(programme, "types/workshop")).status_code == 404


def test_rule_39_a_change_elsewhere_keeps_items_and_a_poll_without_change_is_304(client, programme):
    part = path(programme, "tracks/water")
    first = client.get(part)
    again = client.get(part, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    with clock.standing_at(LATER):
        change(programme, programme.opening, title="Welcome")
        second = client.get(part)
    assert items_in(second.data) == items_in(first.data)


def test_rule_41_a_304_of_a_part_costs_one_look_up(client, programme):
    for part in ("tracks/water", "types/workshop"):
        tag = client.get(path(programme, part)).headers["ETag"]
        with counted() as statements:
            answer = client.get(path(programme, part), headers={"If-None-Match": tag})
        assert answer.status_code == 304
        assert len([text for text in statements if text.startswith("SELECT")]) == 1


def test_an_item_that_changes_its_track_changes_its_calendars(client, programme):
    with transaction() as session:
        event = session.get_one(Event, programme.event_id)
        other = make_track(session, event, name="Wind", slug="wind").id
    assert items_in(client.get(path(programme, "tracks/wind")).data) == {}
    with clock.standing_at(LATER):
        change(programme, programme.workshop, track_id=other)
        assert set(items_in(client.get(path(programme, "tracks/wind")).data)) == {"Floods"}
        assert items_in(client.get(path(programme, "tracks/water")).data) == {}


def test_rule_17_a_cancelled_item_stays_in_its_track(client, programme):
    with clock.standing_at(LATER):
        cancel(programme, programme.workshop)
        shown = items_in(client.get(path(programme, "tracks/water")).data)
    assert [item["STATUS"] for item in shown.values()] == ["CANCELLED"]


def test_warm_joins_the_parts_that_were_polled(client, programme):
    for part in ("tracks/water", "rooms/hall", "types/workshop"):
        client.get(path(programme, part))
    with clock.standing_at(LATER):
        move(programme, programme.workshop, hours=1)
        jobs.warm()
        for part in ("tracks/water", "rooms/hall", "types/workshop"):
            with counted() as statements:
                shown = items_in(client.get(path(programme, part)).data)
            assert shown["Floods"]["SEQUENCE"] == "2"
            assert not [text for text in statements if "calendar_entries" in text], part
