"""The doors of the agenda (api.md §5-§7)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event as sql_event

from eventsvc.agenda import actions
from eventsvc.events import actions as events
from tests.factories.agenda import make_room, make_session, make_speaker
from tests.factories.events import ACTOR, NOW, STARTS, make_event, make_series
from tests.factories.visits import make_visit

PANEL = {
    "title": "Regions and clusters",
    "type": "panel",
    "starts_at": "2027-05-05T10:00:00+02:00",
    "ends_at": "2027-05-05T08:30:00Z",
}


@pytest.fixture
def event(session, organiser):
    made = make_event(session, organiser.id)
    session.commit()
    return made


@pytest.fixture
def call(client, event, token_for):
    """``call("get", "/sessions", …)`` below the event, as an organiser's administrator."""
    headers = token_for()

    def made(method, path, *, tag=None, base=f"/api/v1/events/{event.id}", **options):
        sent = headers | ({"If-Match": tag} if tag else {})
        return client.open(base + path, method=method.upper(), headers=sent, **options)

    return made


def test_a_session_is_kept_in_wall_time_and_answered_in_its_zone(call):
    made = call("post", "/sessions", json=PANEL)
    assert made.status_code == 201, made.json
    assert made.json["starts_at"] == "2027-05-05T10:00:00+02:00"
    assert made.json["ends_at"] == "2027-05-05T10:30:00+02:00"
    assert (made.json["state"], made.json["visible"], made.json["day"]) == ("planned", False, 1)
    path = made.headers["Location"]
    read = call("get", path.removeprefix(path[: path.index("/sessions")]))
    assert read.headers["ETag"] == '"1"'
    assert read.json == made.json


def test_a_session_of_its_own_zone(call):
    made = call("post", "/sessions", json={**PANEL, "timezone": "Europe/Lisbon"})
    assert made.json["starts_at"] == "2027-05-05T09:00:00+01:00"
    changed = call(
        "patch", f"/sessions/{made.json['id']}", tag='"1"', json={"timezone": "Europe/Madrid"}
    )
    assert changed.json["starts_at"] == "2027-05-05T09:00:00+02:00"


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"ends_at": "2027-05-05T10:00:00+02:00"}, "/ends_at", "before-start"),
        ({"ends_at": "2027-05-06T10:00:01+02:00"}, "/ends_at", "too-long"),
        ({"starts_at": "2027-05-05T08:59:59+02:00"}, "/starts_at", "outside-event"),
        ({"ends_at": None}, "/ends_at", "both-times"),
        ({"starts_at": "2027-05-05T10:00:00"}, "/starts_at", "offset-missing"),
        ({"day": 2}, "/day", "day-mismatch"),
        ({"room_id": "00000000-0000-4000-8000-000000000000"}, "/room_id", "unknown-id"),
        ({"type": "site_visit"}, "/type", "not-a-choice"),
        ({"visible": True}, "/visible", "read-only-field"),
        ({"state": "confirmed"}, "/state", "read-only-field"),
        ({"colour": "red"}, "/colour", "unknown-field"),
    ],
)
def test_what_a_session_cannot_be(call, change, pointer, code):
    refused = call("post", "/sessions", json={**PANEL, **change})
    assert refused.status_code == 422
    assert {"pointer": pointer, "code": code}.items() <= refused.json["errors"][0].items()


def test_a_side_event_lies_up_to_three_days_outside(call):
    times = {"starts_at": "2027-05-02T10:00:00+02:00", "ends_at": "2027-05-02T12:00:00+02:00"}
    assert call("post", "/sessions", json={**PANEL, **times}).status_code == 422
    side = call("post", "/sessions", json={**PANEL, **times, "type": "side_event"})
    assert (side.status_code, side.json["day"]) == (201, -2)
    early = {"starts_at": "2027-05-02T08:59:59+02:00"}
    refused = call("post", "/sessions", json={**PANEL, **times, **early, "type": "side_event"})
    assert refused.json["errors"][0]["code"] == "outside-event"


def test_points_and_untimed_items(call):
    points = [{"order": 1, "title": "Call", "deadline": "2027-06-01", "funder": "Example Fund"}]
    body = {"title": "Funding", "type": "funding_opportunities", "day": 2, "points": points}
    made = call("post", "/sessions", json=body)
    assert made.status_code == 201, made.json
    assert (made.json["starts_at"], made.json["day"]) == (None, 2)
    assert made.json["points"][0]["deadline"] == "2027-06-01"


def test_a_foreign_room_cannot_be_linked(call, session, organiser):
    other = make_room(session, make_event(session, organiser.id))
    session.commit()
    refused = call("post", "/sessions", json={**PANEL, "room_id": other.id})
    assert refused.json["errors"][0]["code"] == "unknown-id"


def test_an_id_of_another_event_is_not_found(call, session, organiser):
    other = make_session(session, make_event(session, organiser.id))
    session.commit()
    for path in (f"/sessions/{other.id}", "/sessions/x", "/sessions/" + "0" * 36):
        assert call("get", path).status_code == 404


def test_room_and_speaker_are_not_in_two_places(call, session, event):
    room = make_room(session, event)
    first = make_session(session, event, room_id=room.id)
    make_speaker(session, event, first, name="Ada Example")
    second = make_session(session, event)
    session.commit()
    taken = call("patch", f"/sessions/{second.id}", tag='"1"', json={"room_id": room.id})
    assert (taken.status_code, taken.json["code"]) == (409, "room-conflict")
    assert taken.json["conflicts_with"] == [first.id]
    body = {"name": "Ada Example", "role": "panellist"}
    busy = call("post", f"/sessions/{second.id}/speakers", json=body)
    assert (busy.status_code, busy.json["code"]) == (409, "speaker-conflict")
    assert busy.json["conflicts_with"] == [first.id]
    later = make_session(session, event, hour=2, room_id=room.id)
    make_speaker(session, event, later, name="Ada Example")
    session.commit()
    back = {"starts_at": "2027-05-05T10:30:00+02:00"}
    moved = call("patch", f"/sessions/{later.id}", tag='"1"', json=back)
    assert moved.json["code"] == "room-conflict"
    moved = call("patch", f"/sessions/{later.id}", tag='"1"', json={**back, "room_id": None})
    assert moved.json["code"] == "speaker-conflict"


def test_patch_needs_the_present_version(call, session, event):
    item = make_session(session, event)
    session.commit()
    path = f"/sessions/{item.id}"
    assert call("patch", path, json={"title": "A"}).status_code == 428
    assert call("patch", path, tag='"1"', json={"title": "A"}).headers["ETag"] == '"2"'
    assert call("patch", path, tag='"1"', json={"title": "B"}).status_code == 412
    assert call("delete", path, tag='"2"').status_code == 204
    assert call("get", path).status_code == 404


def test_steps_of_a_session(call, session, event):
    item = make_session(session, event)
    session.commit()
    path = f"/sessions/{item.id}/transitions"
    refused = call("post", path, json={"to": "confirmed"})
    assert (refused.status_code, refused.json["code"]) == (409, "transition-not-allowed")
    assert refused.json["allowed"] == ["cancelled"]
    gone = call("post", path, json={"to": "cancelled", "reason": "Ill"})
    assert (gone.json["state"], gone.json["state_reason"]) == ("cancelled", "Ill")
    assert call("post", path, json={"to": "planned"}).json["state"] == "planned"


def test_a_room_in_use_stays(call, session, event):
    made = call("post", "/rooms", json={"name": "Großer Saal", "capacity": 80})
    assert made.json["slug"] == "grosser-saal"
    again = call("post", "/rooms", json={"name": "Großer Saal"})
    assert again.json["slug"] == "grosser-saal-2"
    taken = call("post", "/rooms", json={"name": "X", "slug": "grosser-saal"})
    assert taken.json["code"] == "slug-taken"
    item = make_session(session, event, room_id=made.json["id"])
    session.commit()
    used = call("delete", f"/rooms/{made.json['id']}", tag='"1"')
    assert (used.status_code, used.json["conflicts_with"]) == (409, [item.id])
    assert call("delete", f"/rooms/{again.json['id']}", tag='"1"').status_code == 204
    assert [room["name"] for room in call("get", "/rooms").json["items"]] == ["Großer Saal"]


def test_tracks(call):
    made = call("post", "/tracks", json={"name": "Hydrogen"})
    path = f"/tracks/{made.json['id']}"
    assert call("patch", path, tag='"1"', json={"color": "teal"}).json["color"] == "teal"
    assert call("delete", path, tag='"2"').status_code == 204


def test_speakers_of_a_session_and_of_the_event(call, session, event):
    item = make_session(session, event)
    session.commit()
    body = {"name": "Dr. Ada Example", "role": "panellist", "affiliation": "Lab", "country": "AT"}
    made = call("post", f"/sessions/{item.id}/speakers", json=body)
    assert made.status_code == 201, made.json
    assert (made.json["name"], made.json["position"]) == ("Dr. Ada Example", 1)
    body = {"person_id": made.json["person_id"], "role": "moderator"}
    general = call("post", "/speakers", json=body)
    assert (general.json["item_id"], general.json["name"]) == (None, "Dr. Ada Example")
    assert len(call("get", "/speakers").json["items"]) == 2
    path = f"/sessions/{item.id}/speakers/{made.json['id']}"
    changed = call("patch", path, tag='"1"', json={"name": "Ada Example", "job_title": "Head"})
    assert (changed.json["name"], changed.json["job_title"]) == ("Ada Example", "Head")
    again = call("post", "/speakers", json=body)
    assert (again.status_code, again.json["code"]) == (409, "role-taken")
    neither = call("post", "/speakers", json={"role": "speaker"})
    assert neither.json["errors"][0]["code"] == "person-or-name"
    assert call("delete", path, tag='"2"').status_code == 204


def test_lists_filter_sort_and_expand(call, session, event):
    room = make_room(session, event, name="Blue")
    late = make_session(session, event, hour=3, room_id=room.id)
    early = make_session(session, event, hour=1, type="panel")
    make_speaker(session, event, late)
    untimed = make_session(session, event, starts_at=None, ends_at=None, day=1)
    make_visit(session, event)
    session.commit()
    listed = call("get", "/sessions").json["items"]
    assert [item["id"] for item in listed] == [early.id, late.id, untimed.id]
    assert "speakers" not in listed[0]
    one = call(
        "get", "/sessions?type=workshop&expand=speakers,room&starts_from=2027-05-05T08:00:00Z"
    )
    assert [item["id"] for item in one.json["items"]] == [late.id]
    assert one.json["items"][0]["room"]["name"] == "Blue"
    assert len(one.json["items"][0]["speakers"]) == 1
    assert len(call("get", f"/sessions/{late.id}?expand=speakers").json["speakers"]) == 1
    assert call("get", "/sessions?expand=secrets").status_code == 400
    pages = call("get", "/sessions?limit=2").json
    following = call("get", f"/sessions?limit=2&cursor={pages['next_cursor']}").json
    assert [item["id"] for item in following["items"]] == [untimed.id]


def test_the_agenda_has_sessions_and_visits_in_one_order(call, session, event):
    untimed = make_session(session, event, starts_at=None, ends_at=None, day=1)
    visit = make_visit(session, event)
    opening = make_session(session, event, hour=0)
    unknown = make_session(session, event, starts_at=None, ends_at=None)
    second = make_session(session, event, starts_at=None, ends_at=None, day=2)
    make_speaker(session, event, opening)
    make_speaker(session, event, None, role="moderator")
    session.commit()
    agenda = call("get", "/agenda").json
    order = [opening.id, visit.id, untimed.id, second.id, unknown.id]
    assert [item["id"] for item in agenda["items"]] == order
    assert len(agenda["items"][0]["speakers"]) == 1
    assert [role["role"] for role in agenda["speakers"]] == ["moderator"]
    assert (agenda["publication"], agenda["next_cursor"]) == (None, None)


def test_conflicts_by_capacity(call, session, event):
    room = make_room(session, event, capacity=20)
    item = make_session(session, event, room_id=room.id, capacity=30)
    session.commit()
    found = call("get", "/agenda/conflicts").json["items"]
    assert [(one["kind"], one["item_ids"]) for one in found] == [("capacity", [item.id])]


def test_conflicts_of_rooms_and_speakers(call, session, event):
    room = make_room(session, event)
    one = make_session(session, event, room_id=room.id)
    two = make_session(session, event, hour=2, room_id=room.id)
    role = make_speaker(session, event, one)
    make_speaker(session, event, two, person_id=role.person_id)
    # no verb lets it happen; an import of old data may
    two.starts_at = one.starts_at
    session.commit()
    found = call("get", "/agenda/conflicts").json["items"]
    assert [one["kind"] for one in found] == ["room", "speaker"]
    assert [one["subject_id"] for one in found] == [room.id, role.person_id]


def test_publications_are_numbered_and_frozen(call, session, event):
    early = call("post", "/agenda/publications", json={})
    assert (early.status_code, early.json["code"]) == (409, "event-not-published")
    item = make_session(session, event, title="Before")
    events.transition(session, ACTOR, event, "published", now=NOW)
    hidden = make_session(session, event, hour=3)
    session.commit()
    second = call("post", "/agenda/publications", json={"provisional": True})
    assert (second.status_code, second.json["number"]) == (201, 2)
    assert call("get", f"/sessions/{hidden.id}").json["state"] == "planned"
    assert call("get", f"/sessions/{hidden.id}").json["visible"] is True
    tag = call("get", f"/sessions/{item.id}").headers["ETag"]
    call("patch", f"/sessions/{item.id}", tag=tag, json={"title": "After"})
    frozen = call("get", "/agenda/publications/2").json["snapshot"]
    assert second.headers["Location"].endswith("/agenda/publications/2")
    assert [one["title"] for one in frozen["items"]] == ["Before", hidden.title]
    numbers = [one["number"] for one in call("get", "/agenda/publications").json["items"]]
    assert numbers == [2, 1]
    assert call("get", "/agenda").json["publication"] == 2


def test_the_public_agenda_is_there_from_publication_on(call, client, session, organiser):
    series = make_series(session, organiser.id)
    event = make_event(session, organiser.id, series_id=series.id, state="announced")
    item = make_session(session, event)
    make_speaker(session, event, item, name="Ada Example", publish=True, affiliation="Lab")
    make_speaker(session, event, item, name="Ben Example")
    session.commit()
    base = f"/api/v1/public/events/{series.slug}/{event.slug}"
    assert client.get(base + "/agenda").status_code == 404
    assert client.get(base + "/speakers").status_code == 404
    events.transition(session, ACTOR, event, "published", now=NOW)
    make_session(session, event, hour=3)
    session.commit()
    shown = client.get(base + "/agenda")
    assert shown.headers["Cache-Control"] == "public, max-age=60"
    assert [one["id"] for one in shown.json["items"]] == [item.id]
    assert [one["name"] for one in shown.json["items"][0]["speakers"]] == ["Ada Example"]
    assert "Ben Example" not in shown.text
    assert [one["name"] for one in client.get(base + "/speakers").json["items"]] == ["Ada Example"]


def test_of_recorded_events_names_are_public_and_no_more(client, session, organiser):
    event = make_event(session, organiser.id)
    item = make_session(session, event)
    make_speaker(session, event, item, name="Ada Example", affiliation="Lab")
    events.transition(session, ACTOR, event, "completed", recorded=True, now=NOW)
    session.commit()
    shown = client.get(f"/api/v1/public/events/-/{event.slug}/speakers").json["items"]
    assert shown == []
    actions.publish(session, ACTOR, event, now=NOW)
    session.commit()
    shown = client.get(f"/api/v1/public/events/-/{event.slug}/speakers").json["items"]
    assert [(one["name"], one["affiliation"]) for one in shown] == [("Ada Example", None)]


def test_an_archived_event_is_read_only(call, session, event):
    item = make_session(session, event)
    for to in ("cancelled", "archived"):
        events.transition(session, ACTOR, event, to, reason="Done", now=NOW)
    session.commit()
    for method, path, tag in (
        ("post", "/sessions", None),
        ("patch", f"/sessions/{item.id}", '"1"'),
        ("post", "/rooms", None),
    ):
        body = {"name": "X"} if path == "/rooms" else PANEL
        answer = call(method, path, tag=tag, json=body)
        assert (answer.status_code, answer.json["code"]) == (409, "archived")


def test_rights(client, token_for, event, session):
    make_session(session, event)
    session.commit()
    base = f"/api/v1/events/{event.id}"
    reader = token_for("read-only")
    assert client.get(base + "/agenda", headers=reader).status_code == 200
    assert client.post(base + "/sessions", headers=reader, json={}).status_code == 403
    assert client.get(base + "/agenda").status_code == 401
    editor = token_for("programme-editor")
    assert client.post(base + "/sessions", headers=editor, json=PANEL).status_code == 201


def test_lists_ask_as_often_for_many_items_as_for_one(call, session, organiser, event):
    def asked(path):
        statements = []

        def listen(_connection, _cursor, statement, *_rest):
            statements.append(statement)

        connection = session.connection()
        sql_event.listen(connection, "before_cursor_execute", listen)
        assert call("get", path).status_code == 200
        sql_event.remove(connection, "before_cursor_execute", listen)
        return len(statements)

    paths = ["/sessions?expand=speakers,room,track", "/agenda", "/site-visits"]
    counts = {}
    for count in (1, 12):
        while len(call("get", "/sessions?limit=200").json["items"]) < count:
            step = timedelta(minutes=60)
            room = make_room(session, event)
            item = make_session(session, event, starts_at=STARTS, ends_at=STARTS + step,
                                room_id=room.id)  # fmt: skip
            make_speaker(session, event, item)
            make_visit(session, event)
            session.commit()
        counts[count] = [asked(path) for path in paths]
    assert counts[1] == counts[12]
