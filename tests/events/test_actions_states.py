"""Steps from state to state, the end of editions, and the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from eventsvc.core.errors import Conflict
from eventsvc.events import actions, queries
from eventsvc.events.models import Event
from eventsvc.facts.models import FactRow
from eventsvc.ical.models import CalendarEntry
from tests.factories.events import ACTOR, ENDS, NOW, STARTS, make_event, make_series, make_venue


def facts(session: Any, event: Event) -> list[tuple[str, dict[str, Any]]]:
    rows = select(FactRow).where(FactRow.event_id == event.id).order_by(FactRow.seq)
    return [(row.kind, row.payload) for row in session.scalars(rows)]


def change(session: Any, event: Event, **values: Any) -> Event:
    return actions.change_event(session, ACTOR, event, values, now=NOW)


def test_every_write_to_an_archived_event_is_refused(session, organiser):
    event = make_event(session, organiser.id)
    venue = make_venue(session, event)
    for to in ("cancelled", "archived"):
        actions.transition(session, ACTOR, event, to, reason="why", now=NOW)
    writes = (
        lambda: change(session, event, title="X"),
        lambda: actions.add_figure(session, ACTOR, event, {}, now=NOW),
        lambda: actions.add_award(session, ACTOR, event, {"laureate_name": "N"}, now=NOW),
        lambda: actions.change_particular(session, ACTOR, event, venue, {}, now=NOW),
        lambda: actions.remove_particular(session, ACTOR, event, venue, now=NOW),
        lambda: actions.set_organisation_roles(session, ACTOR, event, [], now=NOW),
        lambda: actions.relate(session, ACTOR, event, event, "next", basis="printed", now=NOW),
        lambda: actions.remove_event(session, ACTOR, event, now=NOW),
    )
    for write in writes:
        with pytest.raises(Conflict) as refused:
            write()
        assert refused.value.code == "archived"


def test_recorded_completion_tells_so_and_has_a_public_page(session, organiser):
    event = make_event(session, organiser.id, month="2025-04")
    actions.transition(session, ACTOR, event, "completed", recorded=True, now=NOW)
    assert (event.recorded, event.announced_at, event.starts_at) == (True, NOW, None)
    assert facts(session, event) == [("event.completed", {"recorded": True})]


def test_out_of_the_archive_is_no_second_end(session, organiser):
    event = make_event(session, organiser.id, state="completed")
    for to in ("archived", "completed"):
        actions.transition(session, ACTOR, event, to, now=NOW)
    assert [kind for kind, _ in facts(session, event)].count("event.completed") == 1


def test_a_cancellation_tells_reason_and_number(session, organiser):
    event = make_event(session, organiser.id, state="cancelled")
    told = {"reason": "a synthetic reason", "number": 1}
    assert facts(session, event) == [("event.cancelled", told)]


def test_back_to_draft_only_before_it_was_in_a_calendar(session, organiser):
    event = make_event(session, organiser.id, state="published")
    actions.transition(session, ACTOR, event, "draft", now=NOW)
    assert facts(session, event)[-1][0] == "event.unpublished"
    actions.transition(session, ACTOR, event, "published", now=NOW)
    entry = CalendarEntry(
        uid="x@example.org", owner_kind="banner", owner_id=event.id, scope_id=event.id,
        content_key="k", status="CONFIRMED", text="", starts_at=STARTS, ends_at=ENDS,
        first_year=2027, last_year=2027, created_at=NOW, changed_at=NOW,
    )  # fmt: skip
    session.add(entry)
    with pytest.raises(Conflict) as refused:
        actions.transition(session, ACTOR, event, "draft", now=NOW)
    assert refused.value.code == "already-in-calendar"


def test_delete_only_before_publication_and_without_dependants(session, organiser):
    published = make_event(session, organiser.id, state="published")
    with pytest.raises(Conflict) as refused:
        actions.remove_event(session, ACTOR, published, now=NOW)
    assert refused.value.code == "event-not-removable"
    main = make_event(session, organiser.id)
    side = make_event(session, organiser.id, parent_id=main.id)
    with pytest.raises(Conflict) as refused:
        actions.remove_event(session, ACTOR, main, now=NOW)
    assert refused.value.code == "event-in-use"
    actions.remove_event(session, ACTOR, side, now=NOW)
    assert session.get(Event, side.id) is None


def test_a_series_is_deleted_only_when_empty(session, organiser):
    series = make_series(session, organiser.id)
    event = make_event(session, organiser.id, series_id=series.id)
    with pytest.raises(Conflict) as refused:
        actions.remove_series(session, ACTOR, series, now=NOW)
    assert refused.value.members["conflicts_with"] == [event.id]


def test_the_clock_starts_and_ends_and_does_it_once(session, organiser):
    event = make_event(session, organiser.id, state="published")
    assert not actions.turn_one(session, event.id, now=STARTS - timedelta(seconds=1))
    assert actions.turn_one(session, event.id, now=STARTS)
    assert event.state == "running"
    assert actions.turn_one(session, event.id, now=ENDS)
    assert not actions.turn_one(session, event.id, now=ENDS)
    assert (event.state, event.recorded) == ("completed", False)


def test_the_clock_leaves_what_the_archive_calls_announced(session, organiser):
    event = make_event(session, organiser.id, state="announced", stated_status="announced")
    assert queries.due_for_clock(session, datetime(2030, 1, 1, tzinfo=UTC), 10) == []
    assert not actions.turn_one(session, event.id, now=datetime(2030, 1, 1, tzinfo=UTC))
