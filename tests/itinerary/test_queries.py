"""Is this person free?"""

from __future__ import annotations

from eventsvc.itinerary import actions, queries
from tests.factories.agenda import HOUR, make_session
from tests.factories.events import NOW, STARTS
from tests.factories.registration import make_open_event, make_registration


def test_clashes_names_the_items_at_that_time_and_only_those(session, organiser):
    event = make_open_event(session, organiser.id)
    guest = make_registration(session, event).participant_id
    item = make_session(session, event, hour=1)
    actions.promise(session, event, guest, "session", item, now=NOW)
    at = STARTS + HOUR
    found = queries.clashes(session, guest, at, at + HOUR)
    assert [one.item_id for one in found] == [item.id]
    far = queries.clashes(session, guest, at + HOUR, at + 2 * HOUR, far={item.id})
    assert [one.item_id for one in far] == [item.id]
    assert queries.clashes(session, guest, at, at + HOUR, besides=item.id) == []
    assert queries.clashes(session, guest, at + HOUR, at + 2 * HOUR) == []
    assert queries.clashes(session, guest, None, None) == []
    other = make_registration(session, event).participant_id
    assert queries.clashes(session, other, at, at + HOUR) == []
