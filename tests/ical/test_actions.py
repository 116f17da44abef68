"""Stored calendar items: UID, SEQUENCE, removal, revisions (calendar.md rules 12-17)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from eventsvc.core.ids import new_id
from eventsvc.ical.actions import remove_ended, store, store_all
from eventsvc.ical.models import CalendarEntry
from eventsvc.ical.queries import any_shown, public_entries, scope_of, series_entries, was_shown
from tests.ical.examples import BARRIER, KEYNOTE

NOW = datetime(2027, 1, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
OTHER_UID = "00000000-0000-4000-8000-00000000000f"


class Shelf:
    """One owner in one event of one series."""

    def __init__(self, session, kind="item"):
        self.session, self.kind = session, kind
        self.owner_id, self.event_id, self.series_id = new_id(), new_id(), new_id()

    def put(self, item, now=NOW):
        store(
            self.session,
            owner_kind=self.kind,
            owner_id=self.owner_id,
            scope_id=self.event_id,
            series_id=self.series_id,
            item=item,
            now=now,
        )
        self.session.flush()

    @property
    def entry(self):
        statement = select(CalendarEntry).where(CalendarEntry.owner_id == self.owner_id)
        return self.session.scalars(statement).one_or_none()

    def revisions(self):
        found = [scope_of(self.session, each) for each in (self.event_id, self.series_id)]
        return [scope.revision if scope else 0 for scope in found]


@pytest.fixture
def shelf(session):
    # one event may have entries of another test's: ids are random
    return Shelf(session)


def test_rule_12_the_first_uid_stays_for_life(shelf):
    shelf.put(KEYNOTE)
    shelf.put(replace(KEYNOTE, uid=OTHER_UID, summary="Renamed"), LATER)
    assert shelf.entry.uid == KEYNOTE.uid
    assert f"UID:{KEYNOTE.uid}\r\n" in shelf.entry.text


def test_rules_13_to_15_one_visible_change_is_one_revision(shelf):
    shelf.put(KEYNOTE)
    assert (shelf.entry.sequence, shelf.entry.created_at, shelf.entry.changed_at) == (0, NOW, NOW)
    assert shelf.revisions() == [1, 1]
    shelf.put(replace(KEYNOTE, uid=OTHER_UID), LATER)
    assert (shelf.entry.sequence, shelf.revisions()) == (0, [1, 1])
    shelf.put(replace(KEYNOTE, location="Room 2"), LATER)
    entry = shelf.entry
    assert (entry.sequence, entry.created_at, entry.changed_at) == (1, NOW, LATER)
    assert "DTSTAMP:20270101T130000Z" in entry.text
    assert shelf.revisions() == [2, 2]


def test_rule_15_undoing_bumps_again(shelf):
    for summary in ("A", "B", "A"):
        shelf.put(replace(KEYNOTE, summary=summary))
    assert shelf.entry.sequence == 2


def test_rule_17_cancelled_stays_as_it_was(shelf):
    shelf.put(KEYNOTE)
    shelf.put(replace(KEYNOTE, status="CANCELLED"), LATER)
    text = shelf.entry.text
    shelf.put(replace(KEYNOTE, status="CANCELLED", location="Elsewhere"), LATER)
    assert (shelf.entry.text, shelf.entry.sequence) == (text, 1)
    shelf.put(KEYNOTE, LATER)
    assert (shelf.entry.status, shelf.entry.sequence) == ("CONFIRMED", 2)


def test_what_was_cancelled_before_anybody_saw_it_never_appears(shelf):
    shelf.put(replace(KEYNOTE, status="CANCELLED"))
    shelf.put(None)
    assert shelf.entry is None
    assert shelf.revisions() == [0, 0]
    assert not was_shown(shelf.session, "item", shelf.owner_id)


def test_what_was_taken_out_comes_back_under_its_uid(shelf):
    shelf.put(KEYNOTE)
    shelf.put(None, LATER)
    shelf.put(None, LATER)
    assert shelf.entry.removed_at == LATER
    assert shelf.revisions() == [2, 2]
    assert list(shelf.session.scalars(public_entries(shelf.event_id))) == []
    shelf.put(replace(KEYNOTE, uid=OTHER_UID), LATER)
    assert (shelf.entry.removed_at, shelf.entry.sequence) == (None, 1)
    assert shelf.entry.uid == KEYNOTE.uid


def test_an_event_of_another_series_raises_both(shelf):
    shelf.put(KEYNOTE)
    old = shelf.series_id
    shelf.series_id = new_id()
    shelf.put(KEYNOTE, LATER)
    assert scope_of(shelf.session, old).revision == 2
    assert shelf.revisions() == [2, 1]
    assert shelf.entry.sequence == 0
    assert list(shelf.session.scalars(series_entries(shelf.series_id))) == [shelf.entry]


def test_departures_of_buses_are_not_public(session):
    shelf = Shelf(session, "bus")
    shelf.put(KEYNOTE)
    assert list(session.scalars(public_entries(shelf.event_id))) == []
    assert shelf.revisions() == [1, 0]


def test_many_items_of_one_save_raise_the_revision_once(session):
    event_id, owners = new_id(), [new_id(), new_id()]
    items = {owner: replace(KEYNOTE, uid=new_id()) for owner in owners}
    told = {"owner_kind": "item", "scope_id": event_id, "series_id": None, "now": NOW}
    assert store_all(session, items=items, **told) == 2
    assert scope_of(session, event_id).revision == 1
    assert store_all(session, items=items, **told) == 0
    assert any_shown(session, "item", event_id)


@pytest.mark.parametrize(("days", "gone"), [(30, 0), (31, 1)])
def test_rule_17_cancelled_items_leave_30_days_after_their_end(shelf, days, gone):
    confirmed = replace(BARRIER, status="CONFIRMED")
    shelf.put(confirmed)
    shelf.put(BARRIER)
    # it ends on 28 March 2027
    at = datetime(2027, 3, 28, 12, tzinfo=UTC) + timedelta(days=days)
    assert remove_ended(shelf.session, now=at) == gone
    assert (shelf.entry.removed_at is not None) == bool(gone)
    assert shelf.revisions() == [2 + gone, 2 + gone]
    assert remove_ended(shelf.session, now=at) == 0
    shelf.put(replace(BARRIER, location="Elsewhere"), at)
    assert (shelf.entry.removed_at is not None) == bool(gone)


def test_confirmed_items_never_leave_by_the_clock(shelf):
    shelf.put(KEYNOTE)
    assert remove_ended(shelf.session, now=NOW + timedelta(days=4000)) == 0


STEPS = st.lists(
    st.one_of(
        st.none(),
        st.tuples(st.sampled_from("AB"), st.sampled_from(["CONFIRMED", "TENTATIVE", "CANCELLED"])),
    ),
    max_size=8,
)


@given(STEPS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sequence_and_stamp_never_fall_and_the_uid_never_changes(session, steps):
    shelf = Shelf(session)
    first, last, at = new_id(), (-1, NOW), NOW
    for step in steps:
        at += timedelta(minutes=1)
        shown = step and replace(KEYNOTE, uid=new_id(), summary=step[0], status=step[1])
        if shelf.entry is None and shown:
            shown = replace(shown, uid=first)
        shelf.put(shown, at)
        if shelf.entry is not None:
            now = (shelf.entry.sequence, shelf.entry.changed_at)
            assert shelf.entry.uid == first
            assert now >= last
            last = now
