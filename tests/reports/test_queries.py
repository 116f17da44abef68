"""Counting: a fixed number of queries, right numbers, editions apart."""

from __future__ import annotations

import pytest

from eventsvc.events.models import Event
from eventsvc.registration.models import Participant, Registration
from eventsvc.reports import queries
from tests.factories.accounts import counted
from tests.factories.agenda import make_speaker
from tests.factories.events import NOW, make_event, make_series
from tests.factories.reports import AFTER, make_ended, make_figure, make_recorded, seats

MOST_QUERIES = 25


def many(session, event, count):
    """So many guests who came, as rows."""
    known = session.query(Registration).filter_by(event_id=event.id).first()
    contact = session.get(Participant, known.participant_id).contact_id
    for number in range(count):
        guest = Participant(
            event_id=event.id, contact_id=contact, name="Robin Example", country="DE",
            revised_at=NOW, created_at=NOW,
        )  # fmt: skip
        session.add(guest)
        session.flush()
        session.add(
            Registration(
                organiser_id=event.organiser_id, event_id=event.id, participant_id=guest.id,
                code=f"MANY{number}", state="attended", sequence=1000 + number, source="staff",
                created_at=NOW,
            )
        )  # fmt: skip
    session.flush()


def cost(session, event) -> int:
    session.commit()
    session.expire_all()
    session.refresh(event)
    with counted() as sent:
        queries.figures_now(session, event, now=AFTER)
    return len(sent)


def test_counting_costs_the_same_at_1_and_at_300_registrations(session, organiser):
    series = make_series(session, organiser.id)
    event = make_ended(session, organiser.id, guests=1, came=1, series_id=series.id)
    one = cost(session, event)
    many(session, event, 299)
    for _ in range(10):
        seats(session, event, [])
        make_speaker(session, event, None)
    assert cost(session, event) == one
    assert one <= MOST_QUERIES


def figures(session, event) -> dict[str, int | None]:
    found = queries.figures_now(session, event, now=AFTER)["figures"]
    return {one["id"]: one["value"] for one in found}


def test_registrations_guests_and_seats_are_counted(session, organiser):
    event = make_ended(session, organiser.id, guests=10, came=8)
    found = figures(session, event)
    assert found["registrations.total"] == 10
    assert found["participants.attended"] == 8
    assert found["participants.countries"] == 3
    snapshot = queries.figures_now(session, event, now=AFTER)
    workshop, visit = snapshot["seats"]
    assert [workshop[name] for name in ("capacity", "booked", "fill_rate")] == [4, 4, 100]
    assert [workshop[name] for name in ("waited", "promoted", "attended")] == [2, 1, 3]
    assert (visit["capacity"], visit["attended"]) == (10, None), "not recorded is not 0"


def test_attendance_that_nobody_took_is_not_recorded(session, organiser):
    found = figures(session, make_ended(session, organiser.id, guests=3, came=0))
    assert found["registrations.total"] == 3
    assert found["participants.attended"] is None
    assert "participants.countries" not in found


def test_without_registrations_nothing_is_counted_as_0(session, organiser):
    found = figures(session, make_recorded(session, organiser.id))
    assert not [name for name in found if name.startswith(("registrations", "participants"))]


def test_small_groups_are_not_counted_out(session, organiser):
    snapshot = queries.figures_now(session, make_ended(session, organiser.id), now=AFTER)
    countries = {one["key"]: one for one in snapshot["participation"]["countries"]}
    assert (countries["FR"]["state"], countries["FR"]["count"]) == ("shown", 4)
    assert (countries["AT"]["state"], countries["AT"]["count"]) == ("few", None)


@pytest.mark.parametrize("name", ["registration_figures", "session_figures", "attendance_figures"])
def test_parts_have_their_own_figures(session, organiser, name):
    event = make_ended(session, organiser.id)
    found = getattr(queries, name)(session, event, now=AFTER)
    assert found["figures"]
    assert found["counted_at"] == "2027-05-06T16:00:00Z"


def test_speakers_who_may_not_be_named_are_not_printed(session, organiser):
    event = make_ended(session, organiser.id)
    make_speaker(session, event, None, name="Silent Example")
    make_speaker(session, event, None, name="Open Example", publish=True)
    snapshot = queries.figures_now(session, event, now=AFTER)
    assert "Silent Example" not in str(snapshot)
    assert figures(session, event)["speakers.persons"] == 1


def trend(session, organiser):
    series = make_series(session, organiser.id)
    told = {"series_id": series.id}
    for month, edition, figure in (
        ("2023-11", None, {"value": 70}),
        ("2025-04", 20, {"value": 120}),
        ("2026-05", 22, {"metric": "meetings", "operator": "=", "value": 800}),
    ):
        event = make_recorded(session, organiser.id, month=month, edition=edition, **told)
        make_figure(session, event, **figure)
    make_event(session, organiser.id, synthetic=True, **told)
    return series


def test_trends_are_edition_by_edition_with_sums_and_gaps(session, organiser):
    found = queries.trends(session, trend(session, organiser))
    assert [one["edition"] for one in found["editions"]] == [None, 20, 22], "synthetic left out"
    assert [one["counted"] for one in found["editions"]] == [{}, {}, {}]
    sums = [(one["metric"], one["operator"], one["value"]) for one in found["sums"]]
    assert sums == [("participants", ">", 190)]
    assert [(one["first"], one["last"]) for one in found["gaps"]] == [(1, 19), (21, 21)]


def test_trends_cost_three_queries(session, organiser):
    series = trend(session, organiser)
    session.flush()
    with counted() as sent:
        queries.trends(session, series)
    assert len(sent) <= 3


def test_the_series_so_far_ends_with_the_event(session, organiser):
    series = trend(session, organiser)
    last = queries.trends(session, series)["editions"][1]["event_id"]
    event = session.get_one(Event, last)
    snapshot = queries.figures_now(session, event, now=AFTER)
    assert [one["edition"] for one in snapshot["series"]["editions"]] == [None, 20]
    assert snapshot["next"]["dates"]["month"] == "2026-05"
