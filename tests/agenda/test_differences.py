"""What changed between two states of a programme (pure), and through the door."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from eventsvc.agenda import actions
from eventsvc.agenda.policy import differences
from eventsvc.agenda.policy.differences import written_when
from eventsvc.agenda.queries import draft
from eventsvc.events import actions as events
from tests.agenda.test_api import call, event  # noqa: F401  fixtures
from tests.factories.accounts import counted
from tests.factories.agenda import HOUR, make_room, make_session, make_speaker
from tests.factories.events import ACTOR, NOW, STARTS

ITEM = {
    "id": "a", "kind": "session", "type": "panel", "title": "Panel", "state": "confirmed",
    "starts_at": "2027-05-05T10:00:00+02:00", "ends_at": "2027-05-05T11:00:00+02:00",
    "day": 1, "slot_text": None, "room": "Saal Š", "speakers": [],
}  # fmt: skip
ADA = {"role": "speaker", "name": "Ada Example", "affiliation": None}
ROBIN = {"role": "speaker", "name": "Robin Example", "affiliation": None}


def said(old, new):
    (found,) = differences([ITEM | old], [ITEM | new])
    return list(zip(found.changes, found.sentences, strict=True))


def test_each_change_has_its_sentence():
    assert said({}, {"starts_at": "2027-05-05T10:30:00+02:00"}) == [
        ("moved", "Moved from 2027-05-05 10:00–11:00 to 2027-05-05 10:30–11:00.")
    ]
    assert said({}, {"room": None}) == [("room_changed", "Room Saal Š → none.")]
    assert said({}, {"title": "Round"}) == [("renamed", "Renamed from “Panel” to “Round”.")]
    assert said({}, {"state": "cancelled"}) == [("cancelled", "Cancelled.")]
    assert said({"state": "cancelled"}, {}) == [("reinstated", "No longer cancelled.")]
    assert said({"speakers": [ADA]}, {"speakers": [ROBIN]}) == [
        ("speakers_changed", "Speakers changed (new: Robin Example; no longer: Ada Example).")
    ]
    assert said({"speakers": [ADA]}, {"speakers": [ADA | {"role": "moderator"}]}) == [
        ("speakers_changed", "Speakers changed (role, affiliation or order).")
    ]
    assert said({}, {"type": "plenary"}) == [("text_changed", "Text or details changed.")]
    assert said({"starts_at": None, "ends_at": None, "slot_text": "afternoon"}, {}) == [
        ("moved", "Moved from day 1, afternoon to 2027-05-05 10:00–11:00.")
    ]


def test_what_is_the_same_is_not_told():
    assert differences([ITEM], [ITEM | {"state": "planned"}]) == []
    utc = {"starts_at": "2027-05-05T08:00:00+00:00", "ends_at": "2027-05-05T09:00:00+00:00"}
    assert differences([ITEM], [ITEM | utc]) == []


def test_added_and_removed_come_in_the_order_of_the_new_programme():
    old = [ITEM | {"id": name} for name in "abc"]
    new = [ITEM | {"id": name} for name in "dbe"]
    found = [(one.item_id, one.changes, one.before is None) for one in differences(old, new)]
    assert found == [("d", ("added",), True), ("e", ("added",), True),
                     ("a", ("removed",), False), ("c", ("removed",), False)]  # fmt: skip


def test_a_span_over_midnight_and_nothing_known():
    late = ITEM | {"ends_at": "2027-05-06T01:00:00+02:00"}
    assert written_when(late) == "2027-05-05 10:00–2027-05-06 01:00"
    assert written_when({}) == "not timed yet"


ITEMS = st.lists(
    st.builds(
        lambda name, title, state: ITEM | {"id": name, "title": title, "state": state},
        st.sampled_from("abcdef"), st.sampled_from(["X", "Y"]),
        st.sampled_from(["planned", "cancelled"]),
    ),
    max_size=6, unique_by=lambda item: item["id"],
)  # fmt: skip


@given(ITEMS, ITEMS)
def test_there_and_back_tells_of_the_same_items(old, new):
    assert differences(old, old) == []
    there, back = differences(old, new), differences(new, old)
    assert {one.item_id for one in there} == {one.item_id for one in back}


def test_the_door_compares_publications_and_the_draft(call, session, event):  # noqa: F811
    room = make_room(session, event, name="Saal")
    moved = make_session(session, event, title="Keynote", room_id=room.id)
    make_speaker(session, event, moved, name="Ada Example")
    gone = make_session(session, event, hour=3, title="Panel")
    session.commit()
    first = call("get", "/agenda/publications/diff").json
    assert (first["from"], first["to"], first["counts"]) == (None, None, {"added": 2})
    events.transition(session, ACTOR, event, "published", now=NOW)
    actions.transition_item(session, ACTOR, event, gone, "cancelled", now=NOW)
    make_session(session, event, hour=5, title="New")
    session.commit()
    path = f"/sessions/{moved.id}"
    later = {"starts_at": "2027-05-05T11:00:00+02:00", "ends_at": "2027-05-05T12:00:00+02:00"}
    tag = call("get", path).headers["ETag"]
    changed = call("patch", path, tag=tag, json=later | {"room_id": None})
    assert changed.status_code == 200, changed.json
    draft = call("get", "/agenda/publications/diff").json
    assert (draft["from"], draft["to"]) == (1, None)
    actions.publish(session, ACTOR, event, now=NOW + timedelta(hours=1))
    session.commit()
    between = call("get", "/agenda/publications/diff?from=1&to=2").json
    told = [(one["item_id"], one["sentences"]) for one in between["items"]]
    assert told == [(one["item_id"], one["sentences"]) for one in draft["items"]]
    told = {one["title"]: one for one in between["items"]}
    assert told["Keynote"]["changes"] == ["moved", "room_changed"]
    assert told["Keynote"]["before"]["room"] == "Saal"
    assert told["Keynote"]["after"]["starts_at"] == "2027-05-05T11:00:00+02:00"
    assert told["Panel"]["changes"] == ["cancelled"]
    assert told["New"]["before"] is None
    back = call("get", "/agenda/publications/diff?from=2&to=1").json
    assert back["counts"] == {"moved": 1, "room_changed": 1, "reinstated": 1, "removed": 1}
    assert call("get", "/agenda/publications/diff?from=2").json["items"] == []


def test_publications_that_are_not_there(call):  # noqa: F811
    for path in ("/agenda/publications/diff?from=1", "/agenda/publications/1",
                 "/agenda/publications/01", "/agenda/publications/x",
                 "/agenda/publications/99999999999999999999"):  # fmt: skip
        assert call("get", path).status_code == 404, path
    for query in ("from=0", "from=x", "to=-1", "since=1"):
        assert call("get", f"/agenda/publications/diff?{query}").status_code == 400, query


def test_a_comparison_asks_as_often_for_many_items_as_for_one(
    call, session, event  # noqa: F811
):  # fmt: skip
    counts = []
    for count in (1, 30):
        for number in range(count):
            item = make_session(session, event, starts_at=STARTS + number * timedelta(minutes=1),
                                ends_at=STARTS + HOUR * 2)  # fmt: skip
            make_speaker(session, event, item)
        session.commit()
        with counted() as sent:
            assert call("get", "/agenda/publications/diff").status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_who_declined_is_no_speaker_of_a_snapshot(session, event):  # noqa: F811
    item = make_session(session, event)
    stays, gone = (make_speaker(session, event, item, name=name) for name in ("Ada", "Robin"))
    gone.state = "declined"
    session.flush()
    session.expire_all()
    (frozen,) = draft(session, event)
    assert [one["name"] for one in frozen["speakers"]] == [stays.name_printed] == ["Ada"]
