"""Parts are offered where something stands in them, in the organiser's order."""

from __future__ import annotations

from eventsvc.core.transactions import transaction
from eventsvc.events.models import Event
from eventsvc.feeds.queries import parts_offered
from tests.factories.accounts import counted
from tests.factories.agenda import make_room, make_track
from tests.factories.feeds import change, make_programme


def test_parts_with_an_item_are_offered_in_order(session, organiser):
    programme = make_programme(organiser.id)
    with transaction() as writing:
        event = writing.get_one(Event, programme.event_id)
        second = make_track(writing, event, name="Anchors", slug="anchors", position=2).id
        first = make_track(writing, event, name="Water", slug="water", position=1).id
        make_track(writing, event, name="Empty", slug="empty", position=0)
        room = make_room(writing, event, name="Hall", slug="hall").id
    change(programme, programme.workshop, track_id=second, room_id=room)
    change(programme, programme.small, track_id=first)
    event = session.get_one(Event, programme.event_id)
    with counted() as statements:
        offered = parts_offered(session, event, programme.series_slug)
    assert len(statements) == 1
    assert [(part["folder"], part["slug"]) for part in offered] == [
        ("tracks", "water"),
        ("tracks", "anchors"),
        ("rooms", "hall"),
        ("types", "plenary"),
        ("types", "site_visit"),
        ("types", "workshop"),
    ]
    assert offered[0]["address"].endswith(f"/{programme.slug}/tracks/water.ics")
    assert offered[0]["webcal"].startswith("webcal://")
