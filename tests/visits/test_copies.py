"""A new edition made after an older one takes its agenda and its visits (api.md §6)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eventsvc.agenda import actions
from eventsvc.agenda.models import AgendaItem
from eventsvc.core.db import db
from eventsvc.ical.queries import was_shown
from eventsvc.visits import actions as visits
from tests.agenda.test_api import call, event  # noqa: F401  fixtures
from tests.factories.accounts import an_organiser, counted
from tests.factories.agenda import make_room, make_session, make_speaker, make_track
from tests.factories.events import ACTOR, NOW, STARTS, make_event, make_venue
from tests.factories.visits import make_bus, make_stop, make_visit
from tests.registration.test_forms import question

NEXT = {
    "title": "Next Edition",
    # winter time, the older one was in summer: the clock stays
    "starts_at": "2028-02-02T09:00:00+01:00",
    "ends_at": "2028-02-03T17:00:00+01:00",
}


@pytest.fixture
def full(session, event):  # noqa: F811
    """An edition with everything that can be copied, and with what never is."""
    house = make_venue(session, event, name="Hofburg", capacity=500)
    room = make_room(session, event, name="Saal", venue_id=house.id, capacity=80)
    track = make_track(session, event, name="Energy")
    block = make_session(session, event, title="Block", room_id=room.id, stands_for=2)
    make_session(session, event, title="Member", room_id=room.id, block_id=block.id,
                 track_id=track.id, join_url="https://example.org/old")  # fmt: skip
    make_session(session, event, title="Afternoon", starts_at=None, ends_at=None, day=2,
                 slot_text="afternoon")  # fmt: skip
    gone = make_session(session, event, title="Called off", hour=4)
    actions.transition_item(session, ACTOR, event, gone, "cancelled", now=NOW)
    make_speaker(session, event, block, name="Ada Example")
    visit = make_visit(session, event, title="Steel works", bookable=True,
                       identity_data_deadline=STARTS - timedelta(days=10))  # fmt: skip
    stop = make_stop(
        session, event, make_bus(session, event, visit, name="Bus A", guide="Sam Example")
    )
    ends = {"from_venue_id": house.id, "to_stop_id": stop.id}
    visits.add_travel_time(session, ACTOR, event.organiser_id, {**ends, "minutes": 7}, now=NOW)
    session.commit()
    return event.id


def copied(call, source, **values):  # noqa: F811
    answer = call("post", "", base="/api/v1/events", json={**NEXT, "copy_from": source, **values})
    assert answer.status_code == 201, answer.json
    return answer.json, f"/api/v1/events/{answer.json['id']}"


def test_agenda_rooms_visits_and_ways_are_copied_people_are_not(call, full, organiser):  # noqa: F811
    made, base = copied(call, full)
    assert (made["state"], made["timezone"]) == ("idea", "Europe/Vienna")
    agenda = call("get", "/agenda", base=base).json
    items = {item["title"]: item for item in agenda["items"]}
    assert set(items) == {"Block", "Member", "Afternoon", "Steel works"}
    assert {(item["state"], item["visible"]) for item in items.values()} == {("planned", False)}
    assert items["Block"]["starts_at"] == "2028-02-02T10:00:00+01:00"
    assert items["Steel works"]["starts_at"] == "2028-02-02T14:00:00+01:00"
    assert (items["Afternoon"]["day"], items["Afternoon"]["slot_text"]) == (2, "afternoon")
    assert items["Member"]["block_id"] == items["Block"]["id"]
    assert items["Member"]["track"]["name"] == "Energy"
    assert items["Member"]["join_url"] is None
    assert items["Block"]["speakers"] == []
    (room,) = call("get", "/rooms", base=base).json["items"]
    (house,) = call("get", "/venues", base=base).json["items"]
    assert (room["name"], room["venue_id"], room["capacity"]) == ("Saal", house["id"], 80)
    assert house["capacity"] == 500
    path = f"/site-visits/{items['Steel works']['id']}"
    visit = call("get", path, base=base).json
    assert (visit["place"], visit["bookable"], visit["capacity"]) == ("Linz", True, 40)
    assert visit["identity_data_deadline"] is not None
    (bus,) = call("get", path + "/buses", base=base).json["items"]
    assert (bus["name"], bus["seats"], bus["guide"]) == ("Bus A", 20, None)
    assert [one["leaves_at"] for one in bus["stops"]] == ["2028-02-02T13:30:00+01:00"]
    (way,) = call("get", f"/travel-times?event_id={made['id']}",
                  base=f"/api/v1/organisers/{organiser.id}").json["items"]  # fmt: skip
    assert (way["minutes"], way["from_venue_id"], way["to_stop_id"]) == (
        7, house["id"], bus["stops"][0]["id"],
    )  # fmt: skip
    assert call("get", "/agenda/publications", base=base).json["items"] == []
    assert not was_shown(db.session(), "item", items["Block"]["id"])


def test_into_an_edition_without_days_only_day_and_order_go(call, full):  # noqa: F811
    made, base = copied(call, full, starts_at=None, ends_at=None, date_precision="none")
    items = {item["title"]: item for item in call("get", "/agenda", base=base).json["items"]}
    assert {item["starts_at"] for item in items.values()} == {None}
    assert (items["Block"]["day"], items["Afternoon"]["day"]) == (1, 2)
    visit = call("get", f"/site-visits/{items['Steel works']['id']}", base=base).json
    assert visit["bookable"] is False
    assert made["starts_at"] is None


def test_what_does_not_fit_keeps_its_day(call, full):  # noqa: F811
    _, base = copied(call, full, starts_at="2028-02-02T10:30:00+01:00")
    items = {item["title"]: item for item in call("get", "/agenda", base=base).json["items"]}
    assert (items["Block"]["starts_at"], items["Block"]["day"]) == (None, 1)
    assert items["Steel works"]["starts_at"] == "2028-02-02T14:00:00+01:00"


def test_an_hour_that_clocks_skip_is_left_open(call, session, event):  # noqa: F811
    night = STARTS + timedelta(hours=17.5)  # 02:30 in Vienna
    make_session(session, event, title="Night", starts_at=night, ends_at=night + timedelta(hours=2))
    session.commit()
    times = {"starts_at": "2028-03-25T09:00:00+01:00", "ends_at": "2028-03-26T17:00:00+02:00"}
    _, base = copied(call, event.id, **times)
    (item,) = call("get", "/agenda", base=base).json["items"]
    assert (item["starts_at"], item["day"]) == (None, 2)


@pytest.mark.threat(5)
def test_only_from_an_event_that_the_actor_may_read(client, token_for, session, organiser, full):
    other = make_event(session, organiser.id)
    stranger = an_organiser(session)
    session.commit()
    body = {"title": "Next", "copy_from": full}
    bound = token_for("organiser-admin", event_id=other.id)
    assert client.post("/api/v1/events", headers=bound, json=body).status_code == 403
    refused = client.post("/api/v1/events", headers=token_for(organiser=stranger), json=body)
    told = [(one["pointer"], one["code"]) for one in refused.json["errors"]]
    assert (refused.status_code, told) == (422, [("/copy_from", "unknown-event")])
    assert db.session.query(AgendaItem).filter(AgendaItem.title == "Block").count() == 1


def test_a_copy_costs_the_same_at_one_and_at_many(call, session, organiser):  # noqa: F811
    counts = []
    for count in (1, 30):
        source = make_event(session, organiser.id)
        for _ in range(count):
            make_session(session, source, room_id=make_room(session, source).id)
            make_stop(session, source, make_bus(session, source, make_visit(session, source)))
            make_venue(session, source)
        session.commit()
        with counted() as sent:
            copied(call, source.id)
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_the_form_and_the_rules_of_reminders_go_along(call, session, event, full):  # noqa: F811
    body = {"questions": [question("topic")]}
    assert call("put", "/registration-form", tag='"0"', json=body).status_code == 200
    items = {one["title"]: one["id"] for one in call("get", "/agenda").json["items"]}
    for item_id in (items["Block"], items["Called off"], None):
        rule = {"purpose": "starting_soon", "offset_s": 1800, "item_id": item_id}
        told = {name: value for name, value in rule.items() if value is not None}
        assert call("post", "/reminder-rules", json=told).status_code == 201, rule
    _, base = copied(call, full)
    copies = {one["title"]: one["id"] for one in call("get", "/agenda", base=base).json["items"]}
    rules = call("get", "/reminder-rules", base=base).json["items"]
    own = {one.get("item_id") for one in rules if one["offset_s"] == 1800}
    assert own == {copies["Block"], None}
    form = call("get", "/registration-form", base=base)
    assert [one["key"] for one in form.json["questions"]] == ["topic"]
    assert form.headers["ETag"] == '"1"'
