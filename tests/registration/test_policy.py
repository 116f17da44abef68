# ruff: noqa: PLR0917  fixtures and cases are named in the signature
"""Decisions on plain values: seats, queues, states, times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsvc.core.errors import TransitionNotAllowed
from eventsvc.registration import policy
from eventsvc.registration.policy import Places

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
ON_SITE, ONLINE, POOL = ("on_site", None), ("online", None), ("on_site", "clusters")


@pytest.mark.parametrize(
    ("free", "ahead", "waiting", "on", "limit", "seat"),
    [
        (1, 0, 0, True, None, "confirmed"),
        (None, 0, 0, True, None, "confirmed"),
        (0, 0, 0, True, None, "waitlisted"),
        (1, 1, 1, True, None, "waitlisted"),  # a newcomer never overtakes
        (None, 1, 1, True, None, "waitlisted"),
        (0, 0, 0, False, None, "sold-out"),
        (0, 3, 3, True, 3, "sold-out"),
        (0, 2, 2, True, 3, "waitlisted"),
    ],
)
def test_a_newcomer_gets_a_place_a_rank_or_sold_out(free, ahead, waiting, on, limit, seat):
    decided = policy.decide_seat(
        free=free, ahead=ahead, waiting=waiting, waiting_list=on, limit=limit
    )
    assert decided == seat


def test_capacity_null_is_unlimited_and_zero_sends_all_to_the_list():
    assert policy.free_places(Places(), ON_SITE) is None
    assert policy.free_places(Places(capacity=0), ON_SITE) == 0


def test_each_mode_has_its_own_capacity_and_the_event_bounds_both():
    places = Places(100, {"on_site": 2, "online": 5}, taken={ON_SITE: 2, ONLINE: 1})
    assert policy.free_places(places, ON_SITE) == 0
    assert policy.free_places(places, ONLINE) == 4
    assert policy.free_places(Places(4, {"online": 5}, taken={ON_SITE: 2}), ONLINE) == 2


def test_a_pool_keeps_its_seats_from_the_open_queue_and_lets_its_members_in():
    places = Places(10, {}, {"clusters": 4}, {ON_SITE: 6, POOL: 1})
    assert policy.free_places(places, ON_SITE) == 0
    assert policy.free_places(places, POOL) == 3
    assert policy.free_places(Places(10, {}, {}, {ON_SITE: 7}), ON_SITE) == 3  # released


def test_an_online_member_of_a_pool_stands_in_the_open_queue():
    assert policy.queue_of("online", "clusters", {"clusters": 4}) == ONLINE
    assert policy.queue_of("on_site", "clusters", {"clusters": 4}) == POOL
    assert policy.queue_of("on_site", "clusters", {}) == ON_SITE


def test_who_waits_in_another_mode_for_the_same_place_is_not_overtaken():
    both = Places(5, {}, {}, {ON_SITE: 4}, {ON_SITE: 1})
    assert policy.ahead_of(both, ONLINE) == 1
    full_mode = Places(5, {"on_site": 4}, {}, {ON_SITE: 4}, {ON_SITE: 1})
    assert policy.ahead_of(full_mode, ONLINE) == 0


counts = st.integers(0, 12)
limits = st.none() | counts


@given(limits, limits, limits, counts, counts, counts, counts)
def test_filling_every_free_place_never_exceeds_a_limit(total, on_site, online, kept, a, b, c):
    """Whatever the order of arrival, taking only what is free breaks no limit."""
    pools = {"clusters": min(kept, *(x for x in (total, on_site) if x is not None), kept)}
    taken: dict[tuple[str, str | None], int] = {}
    places = Places(total, {"on_site": on_site, "online": online}, pools, taken)
    for queue in [ON_SITE] * a + [ONLINE] * b + [POOL] * c:
        if policy.free_places(places, queue) != 0:
            taken[queue] = taken.get(queue, 0) + 1
        assert policy.breaches(places) == []
    kept_free = pools["clusters"] - taken.get(POOL, 0)
    assert kept_free <= 0 or policy.free_places(places, POOL) == kept_free


def test_breaches_name_what_is_exceeded():
    places = Places(2, {"online": 0}, {"clusters": 1}, {ONLINE: 1, POOL: 2})
    assert policy.breaches(places) == ["event", "online", "pool:clusters"]


def test_arrows_are_those_of_the_contract_and_nothing_else():
    arrows = {
        "pending": {"confirmed", "waitlisted", "cancelled"},
        "waitlisted": {"confirmed", "offered", "cancelled"},
        "offered": {"confirmed", "waitlisted"},
        "confirmed": {"cancelled", "attended", "no_show"},
        "attended": {"confirmed"},
        "no_show": {"attended"},
        "cancelled": set(),
    }
    for at, to in product(policy.STATES, policy.STATES):
        assert ((at, to) in policy.ARROWS) == (to in arrows[at]), (at, to)


@pytest.mark.parametrize(
    ("state", "by", "allowed"),
    [
        ("pending", "attendee", ["cancelled"]),
        ("waitlisted", "attendee", ["cancelled"]),
        ("offered", "attendee", ["confirmed", "waitlisted"]),
        ("confirmed", "attendee", ["cancelled"]),
        ("confirmed", "desk", ["attended"]),
        ("attended", "desk", ["confirmed"]),
        ("no_show", "desk", []),
        ("confirmed", "organiser", ["attended", "cancelled", "no_show"]),
    ],
)
def test_what_each_part_may_do(state, by, allowed):
    assert policy.next_states(state, by) == allowed


def test_a_refused_step_lists_what_is_possible():
    with pytest.raises(TransitionNotAllowed) as refusal:
        policy.check_arrow("cancelled", "confirmed", "organiser")
    assert refusal.value.members == {"from": "cancelled", "to": "confirmed", "allowed": []}


@pytest.mark.parametrize(
    ("state", "staff", "during", "is_open"),
    [
        ("draft", True, True, False),
        ("published", True, False, True),
        ("running", True, False, True),
        ("completed", True, True, False),
        ("postponed", True, True, False),
        ("published", False, False, True),
        ("running", False, False, False),
        ("running", False, True, True),
        ("announced", False, True, False),
    ],
)
def test_registration_is_open_in_published_and_running_as_the_contract_says(
    state, staff, during, is_open
):
    found = policy.registration_open(
        state, opens_at=None, closes_at=None, during_event=during, staff=staff, now=NOW
    )
    assert found is is_open


def test_the_dates_of_registration_bind_the_public_only():
    hour = timedelta(hours=1)
    for opens, closes, expected in [
        (NOW, NOW + hour, True), (NOW + hour, None, False), (None, NOW, False),
    ]:  # fmt: skip
        told = {"opens_at": opens, "closes_at": closes, "during_event": False, "now": NOW}
        assert policy.registration_open("published", staff=False, **told) is expected
        assert policy.registration_open("published", staff=True, **told)


@pytest.mark.parametrize(
    ("before", "phase"),
    [
        (timedelta(days=8), "automatic"),
        (timedelta(days=7), "offers"),
        (timedelta(days=2), "offers"),
        (timedelta(days=1), "ended"),
        (timedelta(0), "ended"),
    ],
)
def test_promotion_is_automatic_until_7_days_then_offers_until_1_day_before(before, phase):
    told = {"auto_promote_until": None, "promotion_ends": None, "now": NOW}
    assert policy.promotion_phase("published", starts_at=NOW + before, **told) == phase
    assert policy.promotion_phase("cancelled", starts_at=NOW + before, **told) == "ended"


def test_an_event_without_a_date_promotes_automatically():
    told = {"auto_promote_until": None, "promotion_ends": None, "now": NOW}
    assert policy.promotion_phase("postponed", starts_at=None, **told) == "automatic"


def test_an_offer_ends_after_its_hours_and_never_after_promotion():
    ends = policy.offer_end(NOW, hours=24, starts_at=NOW + timedelta(days=5), promotion_ends=None)
    assert ends == NOW + timedelta(hours=24)
    ends = policy.offer_end(NOW, hours=24, starts_at=NOW + timedelta(hours=30), promotion_ends=None)
    assert ends == NOW + timedelta(hours=6)


def test_five_working_days_skip_the_weekend():
    friday = datetime(2027, 3, 5, 9, tzinfo=UTC)
    assert policy.working_days_later(friday, 5) == datetime(2027, 3, 12, 9, tzinfo=UTC)
    sunday = datetime(2027, 3, 7, 9, tzinfo=UTC)
    assert policy.working_days_later(sunday, 5) == datetime(2027, 3, 12, 9, tzinfo=UTC)


def test_modes_offered_follow_the_event():
    assert policy.modes_offered("hybrid") == ("on_site", "online")
    assert policy.modes_offered("online") == ("online",)
    assert policy.modes_offered(None) == ("on_site",)
