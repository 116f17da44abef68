"""Which stored items a feed shows."""

from __future__ import annotations

from dataclasses import replace

from eventsvc.core.ids import new_id
from eventsvc.ical.queries import any_shown, entries_of, public_entries, scope_of, was_shown
from tests.ical.examples import BARRIER, KEYNOTE
from tests.ical.test_actions import LATER, Shelf


def test_entries_are_asked_for_by_owner_in_one_go(session):
    one, other = Shelf(session), Shelf(session)
    one.put(KEYNOTE)
    other.put(replace(BARRIER, uid=new_id(), status="CONFIRMED"))
    found = entries_of(session, "item", [one.owner_id, other.owner_id, new_id()])
    assert found == {one.owner_id: one.entry, other.owner_id: other.entry}
    assert entries_of(session, "banner", [one.owner_id]) == {}
    assert entries_of(session, "item", []) == {}


def test_what_was_taken_out_was_shown_all_the_same(session):
    shelf = Shelf(session)
    assert not any_shown(session, "item", shelf.event_id)
    shelf.put(KEYNOTE)
    shelf.put(None, LATER)
    assert was_shown(session, "item", shelf.owner_id)
    assert any_shown(session, "item", shelf.event_id)
    assert session.scalars(public_entries(shelf.event_id)).all() == []


def test_a_scope_nothing_was_shown_of_has_no_revision(session):
    assert scope_of(session, new_id()) is None
