"""The daily removal of cancelled items (calendar.md rule 17)."""

from __future__ import annotations

from datetime import timedelta

from eventsvc.agenda import actions
from eventsvc.agenda.jobs import tidy_calendar
from eventsvc.core import clock
from eventsvc.core.transactions import transaction
from eventsvc.events import actions as events
from eventsvc.ical.queries import entries_of
from tests.conftest import add_organiser
from tests.factories.agenda import make_session
from tests.factories.events import ACTOR, NOW, make_event


def shown(item):
    with transaction(write=False) as session:
        return entries_of(session, "item", [item.id])[item.id]


def test_a_cancelled_item_leaves_after_30_days_and_never_comes_back(committed):
    with transaction() as session:
        event = make_event(session, add_organiser(session).id)
        item = make_session(session, event)
        events.transition(session, ACTOR, event, "published", now=NOW)
    with transaction() as session:
        actions.transition_item(session, ACTOR, event, item, "cancelled", now=NOW)
    assert shown(item).status == "CANCELLED"
    with clock.standing_at(item.ends_at + timedelta(days=29)):
        tidy_calendar()
    assert shown(item).removed_at is None
    with clock.standing_at(item.ends_at + timedelta(days=32)):
        tidy_calendar()
    assert shown(item).removed_at is not None
