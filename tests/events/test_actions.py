"""The verbs of series and editions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from eventsvc.core.errors import Conflict, Forbidden, Invalid
from eventsvc.core.rights import ROLES, Actor
from eventsvc.events import actions
from eventsvc.events.models import Event, Figure
from eventsvc.facts.models import FactRow
from tests.factories.events import ACTOR, ENDS, NOW, STARTS, make_event, make_series


def facts(session: Any, event: Event) -> list[tuple[str, dict[str, Any]]]:
    rows = select(FactRow).where(FactRow.event_id == event.id).order_by(FactRow.seq)
    return [(row.kind, row.payload) for row in session.scalars(rows)]


def change(session: Any, event: Event, **values: Any) -> Event:
    return actions.change_event(session, ACTOR, event, values, now=NOW)


def owner(role: str, organiser_id: str, event_id: str | None = None) -> Actor:
    return Actor("token", role, role=role, scopes=ROLES[role], organiser_id=organiser_id,
                 event_id=event_id)  # fmt: skip


def test_a_new_event_is_an_idea_with_a_slug_from_its_title(session, organiser):
    first = make_event(session, organiser.id, title="Łódź meets Ål", slug=None)
    second = make_event(session, organiser.id, title="Łódź meets Ål", slug=None)
    assert (first.state, first.slug, second.slug) == ("idea", "lodz-meets-al", "lodz-meets-al-2")


def test_slugs_are_unique_in_a_series_and_among_events_without_one(session, organiser):
    series = make_series(session, organiser.id)
    make_event(session, organiser.id, slug="palma", series_id=series.id)
    make_event(session, organiser.id, slug="palma")
    for beside in ({"series_id": series.id}, {}):
        with pytest.raises(Conflict) as refused:
            make_event(session, organiser.id, slug="palma", **beside)
        assert refused.value.code == "slug-taken"
    with pytest.raises(Conflict):
        make_series(session, organiser.id, slug=series.slug)


@pytest.mark.parametrize("role", ["event-manager", "programme-editor", "read-only"])
def test_only_owners_create_and_delete(session, organiser, role):
    event = make_event(session, organiser.id)
    asking = owner(role, organiser.id)
    with pytest.raises(Forbidden):
        actions.add_event(session, asking, organiser.id, {"title": "X"}, now=NOW)
    with pytest.raises(Forbidden):
        actions.remove_event(session, asking, event, now=NOW)


def test_a_credential_for_one_event_creates_none(session, organiser):
    event = make_event(session, organiser.id)
    asking = owner("series-owner", organiser.id, event.id)
    with pytest.raises(Forbidden):
        actions.add_event(session, asking, organiser.id, {"title": "X"}, now=NOW)
    with pytest.raises(Forbidden):
        actions.add_series(session, asking, organiser.id, {"name": "X"}, now=NOW)


def test_a_move_raises_starts_rev_and_is_told(session, organiser):
    event = make_event(session, organiser.id, state="published")
    change(session, event, starts_at=STARTS + timedelta(hours=1))
    kind, told = facts(session, event)[-1]
    assert (kind, told["starts_rev"], told["reminders_move"]) == ("event.moved", 1, True)
    assert told["old_start"] == STARTS.isoformat()


def test_a_move_below_the_threshold_keeps_reminders(session, organiser):
    event = make_event(session, organiser.id, state="published")
    change(session, event, starts_at=STARTS + timedelta(seconds=299))
    kind, told = facts(session, event)[-1]
    assert (kind, event.starts_rev, told["reminders_move"]) == ("event.moved", 0, False)


def test_a_change_without_a_move_tells_no_move(session, organiser):
    event = make_event(session, organiser.id, state="published")
    before = facts(session, event)
    change(session, event, title="Another title", ends_at=ENDS + timedelta(hours=1))
    assert facts(session, event) == before


def test_a_new_zone_is_told(session, organiser):
    event = make_event(session, organiser.id, state="published")
    change(session, event, timezone="Europe/Helsinki", on_timezone_change="keep_wall_time")
    told = dict(facts(session, event))
    assert told["event.zone-changed"]["new_zone"] == "Europe/Helsinki"
    assert told["event.moved"]["reminders_move"] is True


def test_a_live_event_keeps_its_dates(session, organiser):
    event = make_event(session, organiser.id, state="published")
    with pytest.raises(Conflict) as refused:
        change(session, event, date_precision="none")
    assert refused.value.code == "event-incomplete"


def test_a_postponed_event_may_lose_its_dates_and_get_new_ones(session, organiser):
    event = make_event(session, organiser.id, state="postponed")
    change(session, event, date_precision="none")
    with pytest.raises(Conflict):
        actions.transition(session, ACTOR, event, "published", now=NOW)
    change(session, event, starts_at=STARTS, ends_at=ENDS)
    actions.transition(session, ACTOR, event, "published", now=NOW)
    assert dict(facts(session, event))["event.published"] == {"first": False}


def test_a_change_of_places_is_told_with_the_will_of_the_organiser(session, organiser):
    event = make_event(session, organiser.id, capacity=20)
    change(session, event, capacity=20)
    assert facts(session, event) == []
    change(session, event, capacity=10, allow_over_capacity=True)
    assert facts(session, event) == [("event.capacity-changed", {"allow_over_capacity": True})]


def test_order_in_time_follows_the_event_it_precedes(session, organiser):
    main = make_event(session, organiser.id, year=2022, before_on=date(2022, 10, 5))
    side = make_event(
        session, organiser.id, date_precision="none", before_event_id=main.id, parent_id=main.id
    )
    assert (main.sort_on, side.sort_on) == (date(2022, 10, 4), date(2022, 10, 3))
    change(session, main, before_on=date(2022, 9, 1))
    session.refresh(side)
    assert side.sort_on == date(2022, 8, 30)


def test_nothing_precedes_itself(session, organiser):
    first = make_event(session, organiser.id, date_precision="none")
    second = make_event(session, organiser.id, date_precision="none", before_event_id=first.id)
    for asked in (first.id, second.id):
        with pytest.raises(Invalid) as refused:
            change(session, first, before_event_id=asked)
        assert refused.value.errors[0].code == "circular-order"


def test_side_events_have_one_level_and_stay_near(session, organiser):
    main = make_event(session, organiser.id)
    side = make_event(session, organiser.id, parent_id=main.id, parent_relation="side_event")
    with pytest.raises(Invalid) as refused:
        make_event(session, organiser.id, parent_id=side.id)
    assert refused.value.errors[0].code == "nested-parent"
    with pytest.raises(Invalid) as refused:
        change(session, side, starts_at=STARTS - timedelta(days=4))
    assert refused.value.errors[0].code == "outside-parent"


def test_a_parent_with_far_dates_is_refused_at_creation(session, organiser):
    main = make_event(session, organiser.id)
    far = {"starts_at": STARTS + timedelta(days=9), "ends_at": ENDS + timedelta(days=9)}
    with pytest.raises(Invalid) as refused:
        make_event(session, organiser.id, parent_id=main.id, **far)
    assert refused.value.errors[0].code == "outside-parent"


def test_one_figure_of_a_metric_is_preferred(session, organiser):
    event = make_event(session, organiser.id)
    told = {"metric": "participants", "operator": ">", "value": 120, "preferred": True}
    first = actions.add_figure(session, ACTOR, event, told, now=NOW)
    actions.add_figure(session, ACTOR, event, told | {"value": 126}, now=NOW)
    session.refresh(first)
    preferred = select(Figure.value).where(Figure.event_id == event.id, Figure.preferred)
    assert list(session.scalars(preferred)) == [126]
