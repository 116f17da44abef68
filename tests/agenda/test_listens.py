"""What calendars show follows every change, in the transaction that makes it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event as sql_event
from sqlalchemy import select

from eventsvc.agenda import actions
from eventsvc.agenda.listens import render_changed
from eventsvc.core.db import shown_changes
from eventsvc.core.errors import Conflict
from eventsvc.events import actions as events
from eventsvc.ical.models import CalendarEntry
from eventsvc.ical.queries import scope_of
from eventsvc.ical.text import unfolded
from tests.factories.agenda import make_room, make_session, make_speaker
from tests.factories.events import ACTOR, NOW, make_event, make_series, make_venue

DAY = timedelta(days=1)


def finish(session):
    """What the door does before it commits."""
    session.flush()
    render_changed(session)
    session.flush()
    shown_changes(session).clear()


def entry_of(session, owner):
    statement = select(CalendarEntry).where(CalendarEntry.owner_id == owner.id)
    return session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


@pytest.fixture
def published(session, organiser):
    event = make_event(session, organiser.id, title="Example Conference")
    item = make_session(session, event, title="Opening")
    events.transition(session, ACTOR, event, "published", now=NOW)
    finish(session)
    return event, item


def test_drafts_never_appear(session, organiser):
    event = make_event(session, organiser.id, state="announced")
    item = make_session(session, event)
    finish(session)
    assert entry_of(session, item) is None
    assert entry_of(session, event).status == "TENTATIVE"


def test_the_step_to_published_is_the_first_publication(session, published):
    event, item = published
    assert (item.visible, item.state) == (True, "confirmed")
    entry = entry_of(session, item)
    assert (entry.status, entry.sequence) == ("CONFIRMED", 0)
    banner = entry_of(session, event)
    assert f"RELATED-TO;RELTYPE=PARENT:{banner.uid}" in unfolded(entry.text)
    assert "DTSTART;VALUE=DATE:20270505\r\nDTEND;VALUE=DATE:20270507" in banner.text


def test_rule_15_one_save_one_bump_and_neighbours_keep_their_bytes(session, published):
    event, item = published
    other = make_session(session, event, hour=3)
    actions.publish(session, ACTOR, event, now=NOW)
    finish(session)
    before, revision = entry_of(session, other).text, scope_of(session, event.id).revision
    actions.change_item(
        session, ACTOR, event, item, {"title": "Welcome", "abstract": "Good morning"}, now=NOW
    )
    finish(session)
    entry = entry_of(session, item)
    assert entry.sequence == 1
    assert "SUMMARY:Welcome" in entry.text
    assert entry_of(session, other).text == before
    assert scope_of(session, event.id).revision == revision + 1


def test_what_no_calendar_shows_changes_nothing(session, published):
    event, item = published
    revision = scope_of(session, event.id).revision
    actions.change_item(session, ACTOR, event, item, {"waiting_list_limit": 5}, now=NOW)
    events.change_event(session, ACTOR, event, {"capacity": 90}, now=NOW)
    finish(session)
    assert entry_of(session, item).sequence == 0
    assert scope_of(session, event.id).revision == revision


def test_a_renamed_room_renders_the_items_in_it(session, organiser):
    event = make_event(session, organiser.id, city="Vienna", country="AT")
    make_venue(session, event, name="Hall", street="Ring 1", postcode="1010", city="Vienna")
    room = make_room(session, event, name="Blue")
    inside, outside = make_session(session, event, room_id=room.id), make_session(session, event)
    events.transition(session, ACTOR, event, "published", now=NOW)
    finish(session)
    text = unfolded(entry_of(session, inside).text)
    assert "LOCATION:Blue\\, Hall\\, Ring 1\\, 1010 Vienna\\, Austria\r\n" in text
    actions.change_room(session, ACTOR, event, room, {"name": "Green"}, now=NOW)
    finish(session)
    assert "LOCATION:Green\\, Hall" in unfolded(entry_of(session, inside).text)
    assert entry_of(session, outside).sequence == 0


def test_a_speaker_is_named_only_with_consent(session, published):
    event, item = published
    make_speaker(session, event, item, name="Ada Example", affiliation="Lab", publish=True)
    make_speaker(session, event, item, name="Ben Example")
    finish(session)
    text = unfolded(entry_of(session, item).text)
    assert "Ada Example\\, Lab" in text
    assert "Ben Example" not in text


def test_rule_17_a_cancelled_item_stays_as_it_was(session, published):
    event, item = published
    actions.transition_item(session, ACTOR, event, item, "cancelled", now=NOW)
    finish(session)
    entry = entry_of(session, item)
    assert (entry.status, entry.sequence) == ("CANCELLED", 1)
    assert "SUMMARY:[Cancelled] Opening" in entry.text
    actions.change_item(session, ACTOR, event, item, {"title": "Other"}, now=NOW)
    finish(session)
    assert entry_of(session, item).sequence == 1
    with pytest.raises(Conflict, match="cancel it"):
        actions.remove_item(session, ACTOR, event, item, now=NOW)


def test_an_item_in_calendars_keeps_times(session, published):
    event, item = published
    with pytest.raises(Conflict) as refused:
        actions.change_item(
            session, ACTOR, event, item, {"starts_at": None, "ends_at": None}, now=NOW
        )
    assert refused.value.code == "published-item"


@pytest.mark.parametrize(
    ("to", "status", "prefix"),
    [("cancelled", "CANCELLED", "[Cancelled] "), ("postponed", "TENTATIVE", "[Postponed] ")],
)
def test_the_event_takes_its_items_along(session, published, to, status, prefix):
    event, item = published
    events.transition(session, ACTOR, event, to, reason="Snow", now=NOW)
    finish(session)
    for owner, title in ((event, "Example Conference"), (item, "Opening")):
        entry = entry_of(session, owner)
        assert (entry.status, entry.sequence) == (status, 1)
        assert f"SUMMARY:{prefix}{title}" in unfolded(entry.text)


def test_items_move_with_their_event_by_whole_days(session, published):
    event, item = published
    start = item.starts_at
    moved = {"starts_at": event.starts_at + 7 * DAY, "ends_at": event.ends_at + 7 * DAY}
    events.change_event(session, ACTOR, event, moved, now=NOW)
    finish(session)
    assert item.starts_at == start + 7 * DAY
    assert (item.starts_rev, item.day) == (1, 1)
    assert entry_of(session, item).sequence == 1


def test_a_longer_event_leaves_its_items_where_they_are(session, published):
    event, item = published
    start = item.starts_at
    events.change_event(session, ACTOR, event, {"starts_at": event.starts_at - DAY}, now=NOW)
    assert (item.starts_at, item.day) == (start, 2)


def test_an_event_cannot_leave_its_items_behind(session, published):
    event, _ = published
    late = {"starts_at": event.starts_at + timedelta(hours=5)}
    with pytest.raises(Conflict) as refused:
        events.change_event(session, ACTOR, event, late, now=NOW)
    assert refused.value.code == "items-outside-event"


@pytest.mark.parametrize(("keep", "hours"), [("keep_wall_time", 1), ("keep_instant", 0)])
def test_items_follow_into_another_zone(session, published, keep, hours):
    event, item = published
    wall, start = item.starts_wall, item.starts_at
    change = {"timezone": "Europe/London", "on_timezone_change": keep}
    events.change_event(session, ACTOR, event, change, now=NOW)
    assert item.starts_at == start + timedelta(hours=hours)
    assert item.starts_wall == wall - timedelta(hours=0 if hours else 1)


def test_a_series_slug_changes_the_pages_of_its_items(session, organiser):
    series = make_series(session, organiser.id, slug="old-name")
    event = make_event(session, organiser.id, series_id=series.id)
    item = make_session(session, event)
    events.transition(session, ACTOR, event, "published", now=NOW)
    finish(session)
    assert "http://localhost/events/old-name/" in unfolded(entry_of(session, item).text)
    events.change_series(session, ACTOR, series, {"slug": "new-name"}, now=NOW)
    finish(session)
    assert "http://localhost/events/new-name/" in unfolded(entry_of(session, item).text)
    assert scope_of(session, series.id).revision > 1


def test_untimed_items_of_recorded_editions_stay_out_of_calendars(session, organiser):
    event = make_event(session, organiser.id)
    item = make_session(session, event, starts_at=None, ends_at=None, day=1)
    events.transition(session, ACTOR, event, "completed", recorded=True, now=NOW)
    actions.publish(session, ACTOR, event, now=NOW)
    finish(session)
    assert (item.visible, item.state) == (True, "confirmed")
    assert entry_of(session, item) is None
    assert entry_of(session, event).status == "CONFIRMED"


def asked_while_rendering(session, event, item):
    """How many statements the finisher runs after one text edit."""
    statements = []

    def listen(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    actions.change_item(session, ACTOR, event, item, {"title": "New"}, now=NOW)
    session.flush()
    sql_event.listen(session.connection(), "before_cursor_execute", listen)
    finish(session)
    sql_event.remove(session.connection(), "before_cursor_execute", listen)
    return len(statements)


def test_a_text_edit_costs_the_same_in_a_large_event(session, organiser):
    counts = []
    for items in (1, 40):
        event = make_event(session, organiser.id)
        made = [make_session(session, event, hour=n / 10) for n in range(items)]
        events.transition(session, ACTOR, event, "published", now=NOW)
        finish(session)
        counts.append(asked_while_rendering(session, event, made[0]))
    assert counts[0] == counts[1] <= 14


def test_a_deleted_event_is_cancelled_in_the_feed_of_its_series(session, organiser):
    series = make_series(session, organiser.id)
    event = make_event(session, organiser.id, series_id=series.id, state="announced")
    finish(session)
    revision = scope_of(session, series.id).revision
    events.remove_event(session, ACTOR, event, now=NOW)
    finish(session)
    assert entry_of(session, event).status == "CANCELLED"
    assert scope_of(session, series.id).revision == revision + 1


def test_a_postponed_event_without_a_date_keeps_its_old_days(session, published):
    event, _ = published
    days = entry_of(session, event).starts_at
    events.transition(session, ACTOR, event, "postponed", reason="Snow", now=NOW)
    finish(session)
    events.change_event(session, ACTOR, event, {"date_precision": "year", "year": 2027}, now=NOW)
    finish(session)
    entry = entry_of(session, event)
    assert (entry.status, entry.starts_at, entry.sequence) == ("TENTATIVE", days, 1)
