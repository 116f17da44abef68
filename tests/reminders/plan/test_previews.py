"""What people would hear, by person and day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from eventsvc.reminders.plan import DAY_S, PRACTICAL, Rules, foresee, occasions, wanted
from eventsvc.reminders.plan.due import key_of
from tests.reminders.plan.test_occasions import BERLIN, HOUR, STARTS, edition, guest, seat

EARLY = STARTS - timedelta(days=30)


def test_typical_guests_hear_before_anybody_came() -> None:
    found = foresee(edition(guests=()), {}, now=EARLY)
    assert found.people == []
    told = [[one["purpose"] for one in found.by_person[who]] for who in ("on_site", "online")]
    assert told[0] == ["practical_information", "day_ahead", "day_ahead"]
    assert told[1] == ["practical_information", "day_ahead", "starting_soon", "day_ahead"]
    assert (found.in_all("on_site"), found.in_all("online")) == (3, 4)


def test_days_are_those_of_the_event() -> None:
    days = foresee(edition(), {}, now=EARLY).days("a", BERLIN)
    assert [day["on"] for day in days] == [
        date(2027, 4, 28), date(2027, 5, 4), date(2027, 5, 5),
    ]  # fmt: skip


def test_each_mail_of_each_person_is_what_the_planner_would_queue() -> None:
    one = edition(
        guests=(guest(), guest("b", online=True)),
        seats=(seat("b", online=True),),
        rules=Rules({PRACTICAL: {60 * DAY_S, 7 * DAY_S}}),
    )
    found = foresee(one, {}, now=EARLY)
    for person in found.people:
        for message in found.by_person[person]:
            now = message["due_at"] - HOUR
            planned = wanted_at(one, now)
            assert (person, message["purpose"], message["due_at"]) in planned
    assert found.numbers() == [{"messages": 2, "people": 2}]


def wanted_at(one, now):  # type: ignore[no-untyped-def]
    horizon = timedelta(hours=24)
    due = wanted(occasions_of(one, now, horizon), now=now, horizon=horizon)
    return {(m.occasion.recipient_id, m.occasion.purpose, m.due_at) for m in due}


def occasions_of(one, now, horizon):  # type: ignore[no-untyped-def]
    return occasions(one, now=now, horizon=horizon)


def test_what_became_of_it_is_shown_and_what_was_dropped_is_not_counted() -> None:
    one = edition()
    due = wanted(
        occasions_of(one, EARLY, timedelta(days=40)), now=EARLY, horizon=timedelta(days=40)
    )
    first, second = (key_of(message.occasion) for message in due[:2])
    found = foresee(replace(one), {first: "sent", second: "cancelled"}, now=EARLY)
    assert sorted(message["state"] for message in found.by_person["a"]) == [
        "cancelled", "planned", "sent",
    ]  # fmt: skip
    assert found.in_all("a") == 2
