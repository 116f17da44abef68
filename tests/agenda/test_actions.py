"""The verbs of the agenda: what they tell, refuse and write."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from eventsvc.accounts import actions as accounts
from eventsvc.agenda import actions
from eventsvc.audit.models import AuditEntry
from eventsvc.core import clock
from eventsvc.core.errors import Conflict, Invalid
from eventsvc.core.rights import system
from eventsvc.core.transactions import transaction
from eventsvc.events import actions as events
from eventsvc.facts.models import FactRow
from eventsvc.ical.queries import entries_of
from eventsvc.ical.text import unfolded
from tests.agenda.test_listens import finish
from tests.conftest import add_organiser
from tests.factories.agenda import make_room, make_session, make_speaker, make_track
from tests.factories.events import ACTOR, NOW, STARTS, make_event, make_venue

SNAPSHOT = Path(__file__).parents[1] / "snapshots" / "agenda" / "item.ics"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def event(session, organiser):
    return make_event(session, organiser.id)


def facts(session, kind):
    statement = select(FactRow).where(FactRow.kind == kind).order_by(FactRow.seq)
    return [row.payload for row in session.scalars(statement)]


@pytest.mark.parametrize(("minutes", "reminders"), [(4, False), (5, True), (-60, True)])
def test_a_start_that_moves_far_enough_takes_its_reminders_along(
    session, event, minutes, reminders
):
    item = make_session(session, event)
    moved = {"starts_at": item.starts_at + minutes * MINUTE}
    actions.change_item(session, ACTOR, event, item, moved, now=NOW)
    told = facts(session, "session.moved")
    assert [one["reminders_move"] for one in told] == [reminders]
    assert item.starts_rev == int(reminders)


def test_only_a_later_end_is_a_move_that_leaves_reminders_alone(session, event):
    item = make_session(session, event)
    longer = {"ends_at": item.ends_at + HOUR}
    actions.change_item(session, ACTOR, event, item, longer, now=NOW)
    assert [one["reminders_move"] for one in facts(session, "session.moved")] == [False]
    actions.change_item(session, ACTOR, event, item, {"title": "Other"}, now=NOW)
    assert len(facts(session, "session.moved")) == 1


def test_places_are_the_rooms_where_an_item_has_none_of_its_own(session, event):
    room = make_room(session, event, capacity=30)
    item = make_session(session, event, room_id=room.id)
    own = make_session(session, event, hour=2, room_id=room.id, capacity=10)
    assert (item.places, own.places) == (30, 10)
    fewer = {"capacity": 20, "allow_over_capacity": True}
    actions.change_room(session, ACTOR, event, room, fewer, now=NOW)
    assert (item.places, own.places) == (20, 10)
    told = facts(session, "session.capacity-changed")
    assert [one["allow_over_capacity"] for one in told] == [True]
    actions.change_item(session, ACTOR, event, item, {"room_id": None}, now=NOW)
    assert item.places is None
    assert len(facts(session, "session.capacity-changed")) == 2


def test_cancellations_are_counted_and_told(session, event):
    item = make_session(session, event)
    for to in ("cancelled", "planned", "cancelled"):
        actions.transition_item(session, ACTOR, event, item, to, reason="Ill", now=NOW)
    told = facts(session, "session.cancelled")
    assert [(one["number"], one["reason"]) for one in told] == [(1, "Ill"), (2, "Ill")]
    acts = session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == item.id))
    assert list(acts).count("session.cancelled") == 2


def test_back_from_cancelled_only_into_a_free_room(session, event):
    room = make_room(session, event)
    item = make_session(session, event, room_id=room.id)
    actions.transition_item(session, ACTOR, event, item, "cancelled", now=NOW)
    other = make_session(session, event, room_id=room.id)
    with pytest.raises(Conflict) as refused:
        actions.transition_item(session, ACTOR, event, item, "planned", now=NOW)
    assert refused.value.members["conflicts_with"] == [other.id]


@pytest.mark.parametrize(
    ("hour", "code"), [(0, "ambiguous-time"), (-1, None)], ids=["second 02:30", "first 02:30"]
)
def test_a_time_that_clocks_show_twice_is_the_first_of_the_two(session, organiser, hour, code):
    starts = datetime(2027, 10, 31, 1, 30, tzinfo=UTC) + hour * HOUR
    span = {"starts_at": starts - 5 * HOUR, "ends_at": starts + 20 * HOUR}
    event = make_event(session, organiser.id, **span)
    made = {"title": "Night shift", "type": "other", "starts_at": starts, "ends_at": starts + HOUR}
    if code is None:
        made["ends_at"] = starts + 2 * HOUR
        actions.add_session(session, ACTOR, event, made, now=NOW)
        return
    with pytest.raises(Invalid) as refused:
        actions.add_session(session, ACTOR, event, made, now=NOW)
    assert refused.value.errors[0].code == code


def test_an_event_without_zone_has_no_timed_items(session, organiser):
    event = make_event(session, organiser.id, date_precision="year", year=2027, timezone=None)
    times = {"starts_at": STARTS, "ends_at": STARTS + HOUR}
    with pytest.raises(Invalid) as refused:
        actions.add_session(
            session, ACTOR, event, {"title": "A", "type": "panel", **times}, now=NOW
        )
    assert refused.value.errors[0].code == "zone-missing"
    untimed = make_session(session, event, starts_at=None, ends_at=None, day=2)
    assert (untimed.day, untimed.position) == (2, 1)
    assert make_session(session, event, starts_at=None, ends_at=None, day=2).position == 2


def test_a_publication_leaves_alone_what_was_cancelled_while_hidden(session, event):
    item = make_session(session, event)
    actions.transition_item(session, ACTOR, event, item, "cancelled", now=NOW)
    events.transition(session, ACTOR, event, "published", now=NOW)
    assert item.visible is False


def test_an_event_published_again_is_not_a_new_publication(session, event):
    hidden = make_session(session, event)
    events.transition(session, ACTOR, event, "published", now=NOW)
    late = make_session(session, event, hour=3)
    events.transition(session, ACTOR, event, "postponed", reason="Snow", now=NOW)
    events.transition(session, ACTOR, event, "published", now=NOW)
    assert (hidden.visible, late.visible) == (True, False)
    assert [one["number"] for one in facts(session, "agenda.published")] == [1]


def test_one_person_by_any_spelling(session, event):
    first = make_speaker(session, event, None, name="Dr. Zoë Example", role="moderator")
    item = make_session(session, event)
    second = make_speaker(session, event, item, name="Zoe Example")
    assert first.person_id == second.person_id
    assert (first.name_printed, second.name_printed) == ("Dr. Zoë Example", "Zoe Example")


def test_the_text_of_an_item(session, organiser):
    event = make_event(session, organiser.id, slug="snapshot", title="Example Conference")
    make_venue(
        session, event, name="Hall", street="Ring 1", postcode="1010", city="Vienna",
        latitude=48.2, longitude=16.37,
    )  # fmt: skip
    room, track = make_room(session, event, name="Blue"), make_track(session, event, name="Energy")
    item = make_session(
        session, event, title="Hydrogen, steel; and rail", type="world_cafe",
        abstract="Three tables.\n\nBring questions.", room_id=room.id, track_id=track.id,
    )  # fmt: skip
    make_speaker(session, event, item, name="Ada Example", affiliation="Example Lab", publish=True)
    events.transition(session, ACTOR, event, "published", now=NOW)
    with clock.standing_at(NOW):
        finish(session)
    entry = entries_of(session, "item", [item.id])[item.id]
    banner = entries_of(session, "banner", [event.id])[event.id]
    text = unfolded(entry.text).replace("\r\n", "\n")
    for secret, word in ((entry.uid, "UID-1"), (banner.uid, "UID-2"), (item.id, "ITEM")):
        text = text.replace(secret, word)
    assert text == SNAPSHOT.read_text(encoding="utf-8")


def test_of_parallel_wishes_for_one_room_one_is_granted(committed):
    with transaction() as session:
        organiser = add_organiser(session)
        event = make_event(session, organiser.id)
        room = make_room(session, event)
        _, token = accounts.create_token(
            session, system("test"), name="race", role="programme-editor",
            organiser_id=organiser.id, now=clock.now(session),
        )  # fmt: skip
    body = {
        "title": "Race",
        "type": "panel",
        "room_id": room.id,
        "starts_at": "2027-05-05T10:00:00+02:00",
        "ends_at": "2027-05-05T11:00:00+02:00",
    }

    def wish(_number):
        path, headers = f"/api/v1/events/{event.id}/sessions", {"Authorization": f"Bearer {token}"}
        return committed.test_client().post(path, json=body, headers=headers).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(wish, range(8)))
    assert answers == [201] + [409] * 7
