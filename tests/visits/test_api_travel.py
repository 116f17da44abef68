"""Travel times at the door, and the conflicts of a programme (api.md §6)."""

from __future__ import annotations

from functools import partial

import pytest

from eventsvc.core.errors import Forbidden
from eventsvc.core.rights import Actor, Grant, with_grants
from eventsvc.events import actions as events
from eventsvc.visits import actions
from tests.agenda.test_api import call, event  # noqa: F401  fixtures
from tests.factories.accounts import an_organiser, counted
from tests.factories.agenda import make_room, make_session, make_speaker
from tests.factories.events import ACTOR, NOW, make_event, make_venue
from tests.factories.visits import make_bus, make_stop, make_visit


@pytest.fixture
def base(organiser):
    return f"/api/v1/organisers/{organiser.id}"


@pytest.fixture
def places(session, event):  # noqa: F811
    """Two venues and a stop of one event."""
    hall, works = make_venue(session, event), make_venue(session, event, name="Example Works")
    stop = make_stop(session, event, make_bus(session, event, make_visit(session, event)))
    session.commit()
    return hall, works, stop


def between(start, end, minutes=25, **values):
    return {"from_venue_id": start.id, "to_venue_id": end.id, "minutes": minutes, **values}


def test_a_travel_time_is_added_read_changed_and_removed(call, base, places):  # noqa: F811
    hall, works, stop = places
    made = call("post", "/travel-times", base=base, json=between(hall, works, note="By tram 2"))
    assert made.status_code == 201, made.json
    path = f"/travel-times/{made.json['id']}"
    assert made.headers["Location"] == base + path
    assert (made.json["minutes"], made.json["one_way"]) == (25, False)
    assert call("get", path, base=base).json == made.json
    assert call("patch", path, base=base, json={"minutes": 30}).status_code == 428
    changed = call("patch", path, base=base, tag='"1"', json={"minutes": 30})
    assert (changed.status_code, changed.json["minutes"]) == (200, 30)
    assert call("patch", path, base=base, tag='"1"', json={"minutes": 31}).status_code == 412
    body = {"from_venue_id": hall.id, "to_stop_id": stop.id, "minutes": 5}
    assert call("post", "/travel-times", base=base, json=body).status_code == 201
    listed = call("get", f"/travel-times?stop_id={stop.id}&count=true", base=base).json
    assert (listed["total"], listed["items"][0]["to_stop_id"]) == (1, stop.id)
    assert call("delete", path, base=base, tag='"2"').status_code == 204
    assert call("get", path, base=base).status_code == 404


def test_one_row_for_a_way_and_one_for_both_ways(call, base, places):  # noqa: F811
    hall, works, _ = places
    first = call("post", "/travel-times", base=base, json=between(hall, works)).json
    for body in (between(hall, works), between(works, hall)):
        refused = call("post", "/travel-times", base=base, json=body)
        assert (refused.status_code, refused.json["code"]) == (409, "travel-time-exists")
        assert refused.json["conflicts_with"] == [first["id"]]
    uphill = call("post", "/travel-times", base=base, json=between(works, hall, 40, one_way=True))
    assert uphill.status_code == 201
    both = {"one_way": False}
    path = f"/travel-times/{uphill.json['id']}"
    assert call("patch", path, base=base, tag='"1"', json=both).status_code == 409


def test_what_a_travel_time_cannot_be(  # noqa: PLR0917
    call, base, places, session, organiser, event  # noqa: F811
):  # fmt: skip
    hall, works, stop = places
    other = make_venue(session, make_event(session, organiser.id))
    strange = make_event(session, an_organiser(session).id)
    foreign = make_venue(session, strange)
    session.commit()
    unknown = "00000000-0000-4000-8000-000000000000"
    refused = [
        ({**between(hall, works), "from_stop_id": stop.id}, "/from_venue_id", "one-of"),
        ({"from_venue_id": hall.id, "minutes": 5}, "/to_venue_id", "one-of"),
        (between(hall, hall), "/to_venue_id", "same-place"),
        (between(hall, other), "/to_venue_id", "other-event"),
        (between(hall, foreign), "/to_venue_id", "unknown-id"),
        ({**between(hall, works), "to_venue_id": unknown}, "/to_venue_id", "unknown-id"),
        (between(hall, works, -1), "/minutes", "out-of-range"),
        (between(hall, works, 1441), "/minutes", "out-of-range"),
        (between(hall, works, event_id=event.id), "/event_id", "read-only-field"),
        (between(hall, works, colour="red"), "/colour", "unknown-field"),
    ]
    for body, pointer, code in refused:
        answer = call("post", "/travel-times", base=base, json=body)
        assert answer.status_code == 422, (code, answer.json)
        errors = [(one["pointer"], one["code"]) for one in answer.json["errors"]]
        assert errors == [(pointer, code)]


@pytest.mark.threat(5)
def test_who_may(client, token_for, session, organiser, base, places):  # noqa: PLR0917
    hall, works, _ = places
    path = f"{base}/travel-times"
    made = client.post(path, headers=token_for(), json=between(hall, works)).json
    assert client.get(path).status_code == 401
    assert client.get(path, headers=token_for("read-only")).status_code == 200
    refused = client.post(path, headers=token_for("read-only"), json={})
    assert refused.status_code == 403
    other = an_organiser(session)
    session.commit()
    stranger = token_for(organiser=other)
    assert client.get(path, headers=stranger).status_code == 404
    elsewhere = f"/api/v1/organisers/{other.id}/travel-times/{made['id']}"
    assert client.get(elsewhere, headers=stranger).status_code == 404
    second = make_event(session, organiser.id)
    session.commit()
    bound = token_for("event-manager", event_id=second.id)
    assert client.get(path, headers=bound).json["items"] == []
    assert client.get(f"{path}/{made['id']}", headers=bound).status_code == 404
    barred = client.post(path, headers=bound, json=between(works, hall, one_way=True))
    assert {one["code"] for one in barred.json["errors"]} == {"unknown-id"}


@pytest.mark.threat(5)
def test_a_role_at_one_event_adds_nothing_to_another(session, organiser):
    own, other = make_event(session, organiser.id), make_event(session, organiser.id)
    grants = (
        Grant("programme-editor", organiser.id, None, own.id),
        Grant("read-only", organiser.id, None, other.id),
    )
    scopes = frozenset({"agenda:read", "agenda:write"})
    editor = with_grants(Actor(kind="token", name="test", scopes=scopes), grants)
    ways = [between(make_venue(session, one), make_venue(session, one)) for one in (own, other)]
    add = partial(actions.add_travel_time, session, editor, organiser.id, now=NOW)
    assert add(ways[0]).minutes == 25
    with pytest.raises(Forbidden) as refused:
        add(ways[1])
    assert refused.value.members["required_scope"] == "agenda:write"


def test_an_archived_event_keeps_its_travel_times(call, base, places, session, event):  # noqa: F811
    hall, works, _ = places
    made = call("post", "/travel-times", base=base, json=between(hall, works)).json
    for to in ("cancelled", "archived"):
        events.transition(session, ACTOR, event, to, reason="a synthetic reason", now=NOW)
    session.commit()
    path = f"/travel-times/{made['id']}"
    for answer in (
        call("post", "/travel-times", base=base, json=between(hall, works)),
        call("patch", path, base=base, tag='"1"', json={"minutes": 1}),
        call("delete", path, base=base, tag='"1"'),
    ):
        assert (answer.status_code, answer.json["code"]) == (409, "archived")


def test_ways_that_are_too_long_are_conflicts(call, base, places, session, event):  # noqa: F811
    hall, works, _ = places
    rooms = [make_room(session, event, venue_id=venue.id) for venue in (hall, works)]
    first = make_session(session, event, hour=1, room_id=rooms[0].id, title="Talk", bookable=True)
    then = make_session(session, event, hour=2, room_id=rooms[1].id, title="Tour", bookable=True)
    for item in (first, then):
        make_speaker(session, event, item, name="Ada Example")
    session.commit()
    assert call("get", "/agenda/conflicts").json["items"] == []
    call("post", "/travel-times", base=base, json=between(hall, works, 25))
    speaker, item = call("get", "/agenda/conflicts").json["items"]
    assert (speaker["code"], speaker["kind"]) == ("speaker-travel-time", "travel")
    assert (speaker["item_ids"], speaker["minutes_missing"]) == ([first.id, then.id], 25)
    assert speaker["detail"] == (
        "A speaker needs 25 minutes from “Talk” to “Tour”: 25 are missing."
    )
    assert speaker["starts_at"] == speaker["ends_at"] == "2027-05-05T11:00:00+02:00"
    assert (item["code"], item["subject_id"]) == ("item-travel-time", then.id)


def test_a_visit_begins_and_ends_at_its_stops(call, base, places, session, event):  # noqa: F811
    hall, _, stop = places
    room = make_room(session, event, venue_id=hall.id)
    make_session(session, event, hour=4, room_id=room.id, title="Talk", bookable=True)
    session.commit()
    body = {"from_venue_id": hall.id, "to_stop_id": stop.id, "minutes": 10}
    assert call("post", "/travel-times", base=base, json=body).status_code == 201
    visit = call("get", "/site-visits").json["items"][0]
    path, tag = f"/site-visits/{visit['id']}", f'"{visit["version"]}"'
    assert call("patch", path, tag=tag, json={"bookable": True}).status_code == 200
    (found,) = call("get", "/agenda/conflicts").json["items"]
    assert found["item_ids"][1] == visit["id"]
    assert found["minutes_missing"] == 10


def test_a_parallel_group_beyond_its_house(call, session, event):  # noqa: F811
    house = make_venue(session, event, name="Hofburg", capacity=100)
    for number in range(3):
        room = make_room(session, event, venue_id=house.id, capacity=40)
        make_session(session, event, room_id=room.id, parallel_group="A", title=f"Part {number}")
    session.commit()
    (found,) = call("get", "/agenda/conflicts").json["items"]
    assert (found["code"], found["subject_id"]) == ("group-above-venue", house.id)
    assert len(found["item_ids"]) == 3
    assert found["detail"] == (
        "The parallel sessions “A” offer 120 places at one time; Hofburg has 100."
    )


def test_conflicts_ask_as_often_for_many_items_as_for_one(
    call, base, places, session, event  # noqa: F811
):  # fmt: skip
    hall, works, _ = places
    call("post", "/travel-times", base=base, json=between(hall, works))
    counts = []
    for count in (1, 30):
        for _ in range(count):
            room = make_room(session, event, venue_id=hall.id, capacity=5)
            item = make_session(session, event, room_id=room.id, capacity=9, bookable=True)
            make_speaker(session, event, item)
        session.commit()
        with counted() as sent:
            assert call("get", "/agenda/conflicts").status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1]
