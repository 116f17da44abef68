"""Registrations, bookings, capacities and moves in any order: every rule holds after each step."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from eventsvc.agenda.models import AgendaItem
from eventsvc.agenda.policy import ItemCancelled, ItemCapacityChanged, ItemMoved
from eventsvc.bookings import actions as bookings
from eventsvc.bookings.models import Booking
from eventsvc.bookings.queries import broken_invariants
from eventsvc.core.errors import Conflict, Invalid
from eventsvc.events.policy import EventCapacityChanged
from eventsvc.facts.actions import tell
from eventsvc.facts.models import FactRow
from eventsvc.registration import actions as registration
from eventsvc.registration.models import Registration
from tests.factories.bookings import make_booking, make_visit, make_workshop
from tests.factories.events import ACTOR, NOW, STARTS
from tests.factories.registration import make_open_event, make_pool, make_registration

SHORT = settings(
    max_examples=12,
    stateful_step_count=30,
    deadline=None,
    phases=[Phase.generate],  # shrinking against a database takes minutes
    suppress_health_check=list(HealthCheck),
)
pick = st.integers(0, 30)
places = st.integers(2, 5)
seldom = st.sampled_from([False, False, False, True])
modes = st.sampled_from(["on_site", "online"])
# automatic promotion, timed offers, the last day
times = st.sampled_from([NOW, NOW, NOW, STARTS - timedelta(days=3), STARTS - timedelta(hours=9)])


class Seats(RuleBasedStateMachine):
    """An edition with a pool, two parallel workshops, one later, and a visit with two buses."""

    session = None
    organiser_id = ""

    def __init__(self):
        super().__init__()
        self.now = NOW
        self.outer = self.session.begin_nested()
        self.event = make_open_event(
            self.session, self.organiser_id, mode="hybrid", capacity=4, capacity_on_site=3
        )
        self.pool = make_pool(self.session, self.event, 1)
        self.items = [
            make_workshop(self.session, self.event, hour=1, capacity=1),
            make_workshop(self.session, self.event, hour=1.5, capacity=2),
            make_workshop(self.session, self.event, hour=4),
            make_visit(self.session, self.event, 1, 1, hour=4.5),
        ]
        for number in range(8):  # full from the start: three on site, one online, the others wait
            self.register("online" if number == 2 else "on_site", in_pool=number > 5)
        for guest in (0, 1, 6):  # the second and third wait for what overlaps what they have
            for item in range(4):
                self.book(guest, item)

    def teardown(self):
        self.outer.rollback()
        self.session.expunge_all()

    def attempt(self, call, *args, **options):
        """A refusal changes nothing, as at the door."""
        with suppress(Conflict, Invalid), self.session.begin_nested():
            call(*args, **options)
        self.session.expire_all()

    def one(self, model, number):
        order = (
            (Registration.sequence,)
            if model is Registration
            else (AgendaItem.position, Booking.sequence)
        )
        wanted = select(model).where(model.event_id == self.event.id)
        if model is Booking:
            wanted = wanted.join(AgendaItem, AgendaItem.id == Booking.item_id)
        rows = self.session.scalars(wanted.order_by(*order)).all()
        return rows[number % len(rows)] if rows else None

    @rule(mode=modes, in_pool=st.booleans())
    def register(self, mode, in_pool):
        pool_id = self.pool.id if in_pool else None
        told = {"mode": mode, "pool_id": pool_id, "now": self.now}
        self.attempt(make_registration, self.session, self.event, **told)

    @rule(number=pick, to=st.sampled_from(["cancelled", "confirmed", "waitlisted", "attended"]))
    def move_registration(self, number, to):
        found = self.one(Registration, number)
        if found is not None:
            where = (self.session, ACTOR, self.event.id, found.id, {"to": to, "override": True})
            self.attempt(registration.transition, *where, now=self.now)

    @rule(number=pick)
    def cancel_registration(self, number):
        found = self.one(Registration, number)
        if found is not None:
            where = (self.session, ACTOR, self.event.id, found.id)
            self.attempt(registration.cancel, *where, now=self.now)

    @rule(number=pick)
    def cancel_booking(self, number):
        found = self.one(Booking, number)
        if found is not None:
            where = (self.session, ACTOR, self.event.id, found.id)
            self.attempt(bookings.cancel_booking, *where, now=self.now)

    @rule(number=pick, mode=modes)
    def change_mode(self, number, mode):
        found = self.one(Registration, number)
        if found is not None:
            where = (self.session, ACTOR, self.event.id, found.id, {"mode": mode})
            self.attempt(registration.change, *where, now=self.now)

    @rule(capacity=places, on_site=places, allow=seldom)
    def resize_event(self, capacity, on_site, allow):
        def resize():
            self.event.capacity, self.event.capacity_on_site = capacity, on_site
            self.session.flush()
            told = {"at": self.now, "subject_id": self.event.id, "event_id": self.event.id}
            tell(self.session, EventCapacityChanged(**told, allow_over_capacity=allow))

        self.attempt(resize)

    @rule(number=pick, item=st.integers(0, 3))
    def book(self, number, item):
        found = self.one(Registration, number)
        if found is not None:
            self.attempt(make_booking, self.session, self.items[item], found, now=self.now)

    @rule(number=pick, to=st.sampled_from(["cancelled", "confirmed", "waitlisted", "attended"]))
    def move_booking(self, number, to):
        found = self.one(Booking, number)
        if found is not None:
            where = (self.session, ACTOR, self.event.id, found.id, {"to": to, "override": True})
            self.attempt(bookings.transition, *where, now=self.now)

    def told(self, item, **more):
        told = {"at": self.now, "subject_id": item.id, "event_id": self.event.id}
        return told | {"item_kind": item.kind} | more

    @rule(item=st.integers(0, 3), capacity=st.integers(0, 3), allow=seldom)
    def resize_item(self, item, capacity, allow):
        def resize():
            self.items[item].capacity = capacity
            self.session.flush()
            told = self.told(self.items[item], allow_over_capacity=allow)
            tell(self.session, ItemCapacityChanged(**told))

        self.attempt(resize)

    @rule(item=st.integers(0, 3), hour=st.sampled_from([1, 4, 6]))
    def move_item(self, item, hour):
        def move():
            found = self.items[item]
            old, length = found.starts_at, found.ends_at - found.starts_at
            found.starts_at = STARTS + timedelta(hours=hour)
            found.ends_at = found.starts_at + length
            self.session.flush()
            times = {"old_start": old, "old_end": old + length}
            times |= {"new_start": found.starts_at, "new_end": found.ends_at}
            told = self.told(found, starts_rev=1, reminders_move=True, **times)
            tell(self.session, ItemMoved(**told))

        self.attempt(move)

    @precondition(lambda self: self.items[2].state != "cancelled")
    @rule()
    def cancel_an_item(self):
        def cancel():
            self.items[2].state = "cancelled"
            self.session.flush()
            told = self.told(self.items[2], reason="a synthetic reason", number=1)
            tell(self.session, ItemCancelled(**told))

        self.attempt(cancel)

    @rule(now=times)
    def time_passes(self, now):
        self.now = max(self.now, now)
        registration.expire_offers(self.session, self.event.id, now=self.now)
        for item in self.items:
            bookings.expire_offers(self.session, self.event.id, item.id, now=self.now)

    @invariant()
    def every_rule_holds(self):
        self.session.flush()
        assert broken_invariants(self.session, now=self.now) == []

    @invariant()
    def each_promotion_told_once(self):
        told = select(FactRow.subject_id, FactRow.payload["number"].as_integer()).where(
            FactRow.kind.in_(
                [
                    f"{of}.{what}"
                    for of in ("registration", "booking")
                    for what in ("promoted", "offered")
                ]
            )
        )
        numbers = self.session.execute(told).all()
        assert len(set(numbers)) == len(numbers)
        promotions = sum(
            self.session.scalar(select(func.coalesce(func.sum(model.promotions), 0)))
            for model in (Registration, Booking)
        )
        assert promotions == len(numbers)


def test_every_rule_of_9_holds_after_any_steps(session, organiser):
    class Machine(Seats):
        pass

    Machine.session, Machine.organiser_id = session, organiser.id
    run_state_machine_as_test(Machine, settings=SHORT)


@pytest.mark.deep
@pytest.mark.timeout(1800)
def test_every_rule_of_9_holds_after_any_steps_at_length(session, organiser):
    class Machine(Seats):
        pass

    Machine.session, Machine.organiser_id = session, organiser.id
    run_state_machine_as_test(Machine, settings=settings(SHORT, max_examples=200))
