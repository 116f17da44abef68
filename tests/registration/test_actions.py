"""Registering, promoting, cancelling: rules of api.md §7 and §9, editions.md §2 and §3."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from eventsvc.bookings.queries import broken_invariants
from eventsvc.core.errors import Conflict, Invalid, TransitionNotAllowed
from eventsvc.core.rights import PUBLIC, Actor
from eventsvc.events.policy import EventCapacityChanged
from eventsvc.facts.actions import tell
from eventsvc.registration import actions, queries
from eventsvc.registration.models import Consent, Participant, Registration
from tests.factories.events import ACTOR, NOW, STARTS, make_event
from tests.factories.registration import (
    holder_of,
    make_open_event,
    make_pool,
    make_registration,
    person,
    states,
    told,
)

DESK = Actor(kind="token", name="desk", role="check-in-staff")
OFFERS = STARTS - timedelta(days=3)


def go(session, registration, to, *, actor=ACTOR, now=NOW, **values):
    told = {"to": to, **values}
    return actions.transition(session, actor, registration.event_id, registration.id, told, now=now)


def cancel(session, registration, *, actor=ACTOR, now=NOW):
    return actions.cancel(session, actor, registration.event_id, registration.id, now=now)


def refusal(code, call, *args, **options):
    with pytest.raises(Conflict) as refused:
        call(*args, **options)
    assert refused.value.code == code
    return refused.value


def test_9_1_the_last_place_is_confirmed_the_next_waits(session, organiser):
    event = make_open_event(session, organiser.id, capacity=2)
    made = [make_registration(session, event) for _ in range(4)]
    assert [one.state for one in made] == ["confirmed", "confirmed", "waitlisted", "waitlisted"]
    assert [queries.waitlist_position(session, one) for one in made] == [None, None, 1, 2]
    assert queries.seats_taken(session, event.id) == 2
    assert broken_invariants(session, now=NOW) == []


def test_9_1_pending_holds_no_place(session, organiser):
    event = make_open_event(session, organiser.id, capacity=1, email_proof=True)
    for _ in range(20):
        actions.receive(session, event.id, person(), now=NOW)
    assert make_registration(session, event).state == "confirmed"


def test_9_2_the_place_of_a_cancelled_goes_to_the_first_in_order_once(session, organiser):
    event = make_open_event(session, organiser.id, capacity=1)
    first, second, third = (make_registration(session, event) for _ in range(3))
    cancel(session, first)
    assert states(session, event) == ["cancelled", "confirmed", "waitlisted"]
    assert [
        (row.subject_id, row.payload["number"]) for row in told(session, "registration.promoted")
    ] == [(second.id, 1)]
    assert queries.waitlist_position(session, third) == 1


def test_9_2_a_cancelled_waiter_promotes_nobody(session, organiser):
    event = make_open_event(session, organiser.id, capacity=1)
    _, second, _ = (make_registration(session, event) for _ in range(3))
    cancel(session, second)
    assert states(session, event) == ["confirmed", "cancelled", "waitlisted"]


def test_9_2_raised_capacity_promotes_in_the_same_transaction(session, organiser):
    event = make_open_event(session, organiser.id, capacity=1)
    for _ in range(4):
        make_registration(session, event)
    event.capacity = 3
    tell(session, _changed(event))
    assert states(session, event) == ["confirmed"] * 3 + ["waitlisted"]


def _changed(event, allow=False):
    return EventCapacityChanged(
        at=NOW,
        subject_id=event.id,
        organiser_id=event.organiser_id,
        event_id=event.id,
        allow_over_capacity=allow,
    )


def test_9_3_a_newcomer_never_overtakes_even_where_a_place_is_free(session, organiser):
    event = make_open_event(session, organiser.id, capacity=1)
    first = make_registration(session, event)
    make_registration(session, event)
    ended = STARTS - timedelta(hours=12)  # no promotion any more
    cancel(session, first, now=ended)
    assert make_registration(session, event, now=ended).state == "waitlisted"


def test_9_4_a_capacity_below_the_confirmed_is_refused_unless_allowed(session, organiser):
    event = make_open_event(session, organiser.id, capacity=3)
    made = [make_registration(session, event) for _ in range(4)]
    event.capacity = 1
    session.flush()
    refusal("capacity-below-confirmed", tell, session, _changed(event))
    tell(session, _changed(event, allow=True))
    assert states(session, event) == ["confirmed"] * 3 + ["waitlisted"]
    cancel(session, made[0])
    cancel(session, made[1])
    assert states(session, event)[2:] == ["confirmed", "waitlisted"]  # no promotion until below
    cancel(session, made[2])
    assert states(session, event)[3] == "confirmed"
    assert broken_invariants(session, now=NOW) == []


def test_9_5_a_full_list_or_none_is_sold_out(session, organiser):
    event = make_open_event(session, organiser.id, capacity=0, waiting_list_limit=1)
    make_registration(session, event)
    refusal("sold-out", make_registration, session, event)
    event.waiting_list = False
    event.waiting_list_limit = None
    refusal("sold-out", make_registration, session, event)


def test_9_5_one_active_registration_per_address_however_it_is_written(session, organiser):
    event = make_open_event(session, organiser.id)
    first = make_registration(session, event, email="Kim@example.org")
    again = refusal(
        "already-registered", make_registration, session, event, email="kim@EXAMPLE.org"
    )
    assert again.members["conflicts_with"] == [first.id]
    cancel(session, first)
    second = make_registration(session, event, email="kim@example.org")
    assert second.id != first.id
    assert second.participant_id == first.participant_id  # one human stays one
    assert second.sequence > first.sequence  # a new registration joins the end


def test_3_12_an_assistant_registers_several_people_with_one_address(session, organiser):
    event = make_open_event(session, organiser.id)
    made = [
        make_registration(session, event, email=None, contact_email="office@example.org")
        for _ in range(3)
    ]
    assert {one.email_key for one in made} == {None}
    assert len({one.participant_id for one in made}) == 3
    assert len({one.participant.contact_id for one in made}) == 1
    with pytest.raises(Invalid):
        make_registration(session, event, email=None)


def test_2_7_each_mode_has_its_own_places_and_list(session, organiser):
    event = make_open_event(
        session, organiser.id, mode="hybrid", capacity_on_site=1, capacity_online=1
    )
    for mode in ("on_site", "online", "on_site", "online"):
        make_registration(session, event, mode=mode)
    assert states(session, event) == ["confirmed", "confirmed", "waitlisted", "waitlisted"]
    waiting = list(session.scalars(queries.waiting(event.id)))
    assert set(queries.positions(session, event.id, waiting).values()) == {(1, 1)}


def test_2_7_changing_mode_frees_the_seat_and_promotes(session, organiser):
    event = make_open_event(
        session, organiser.id, mode="hybrid", capacity_on_site=1, capacity_online=1
    )
    first, second = (make_registration(session, event, mode="on_site") for _ in range(2))
    change = {"mode": "online"}
    actions.change(session, ACTOR, event.id, first.id, change, now=NOW)
    assert (first.mode, first.state, second.state) == ("online", "confirmed", "confirmed")
    refused = refusal(
        "sold-out", actions.change, session, ACTOR, event.id, second.id, change, now=NOW
    )
    assert "kept" in str(refused)


def test_2_7_a_mode_that_is_not_offered_is_refused(session, organiser):
    event = make_open_event(session, organiser.id, mode="on_site")
    with pytest.raises(Invalid):
        make_registration(session, event, mode="online")


def test_3_9_pools_keep_seats_until_released(session, organiser):
    event = make_open_event(session, organiser.id, capacity=3)
    pool = make_pool(session, event, 2, release_at=NOW + timedelta(days=1))
    open_ones = [make_registration(session, event) for _ in range(2)]
    member = make_registration(session, event, pool_id=pool.id)
    assert [one.state for one in [*open_ones, member]] == ["confirmed", "waitlisted", "confirmed"]
    assert broken_invariants(session, now=NOW) == []
    later = NOW + timedelta(days=2)
    actions.expire_offers(session, event.id, now=later)
    assert open_ones[1].state == "confirmed"
    assert broken_invariants(session, now=later) == []


def test_3_11_near_the_start_a_freed_place_is_offered_then_goes_to_the_next(session, organiser):
    event = make_open_event(session, organiser.id, capacity=1)
    first, second, third = (make_registration(session, event) for _ in range(3))
    cancel(session, first, now=OFFERS)
    assert (second.state, second.offer_ends_at) == ("offered", OFFERS + timedelta(hours=24))
    assert queries.seats_taken(session, event.id) == 1  # an offer holds a place
    lapsed = OFFERS + timedelta(hours=24)
    actions.expire_offers(session, event.id, now=lapsed)
    assert (second.state, third.state) == ("waitlisted", "offered")
    assert queries.waitlist_position(session, second) == 1
    go(session, third, "confirmed", actor=holder_of(third), now=lapsed)
    assert third.state == "confirmed"
    assert broken_invariants(session, now=lapsed) == []


def test_3_11_an_offer_can_be_declined_and_not_accepted_late(session, organiser):
    event = make_open_event(session, organiser.id, capacity=1)
    first, second, third = (make_registration(session, event) for _ in range(3))
    cancel(session, first, now=OFFERS)
    late = OFFERS + timedelta(hours=25)
    refusal("offer-ended", go, session, second, "confirmed", actor=holder_of(second), now=late)
    go(session, second, "waitlisted", actor=holder_of(second), now=OFFERS)
    assert (second.state, third.state) == ("waitlisted", "offered")


def test_3_11_nobody_is_promoted_in_the_last_day(session, organiser):
    event = make_open_event(session, organiser.id, capacity=1)
    first, second = (make_registration(session, event) for _ in range(2))
    ended = STARTS - timedelta(hours=23)
    cancel(session, first, now=ended)
    assert second.state == "waitlisted"
    actions.promote(session, ACTOR, event.id, now=ended)
    assert second.state == "confirmed"


def test_7_promotion_by_hand_is_in_order_unless_overridden_and_only_onto_a_free_place(
    session, organiser
):
    event = make_open_event(session, organiser.id, capacity=1)
    first, second, third = (make_registration(session, event) for _ in range(3))
    refusal("no-place-free", actions.promote, session, ACTOR, event.id, now=NOW)
    refusal("no-place-free", go, session, third, "confirmed", override=True)
    ended = STARTS - timedelta(hours=23)
    cancel(session, first, now=ended)
    refused = refusal("not-first-in-order", go, session, third, "confirmed", now=ended)
    assert refused.members["conflicts_with"] == [second.id]
    go(session, third, "confirmed", override=True, now=ended)
    assert (second.state, third.state) == ("waitlisted", "confirmed")
    go(session, second, "confirmed", allow_over_capacity=True, now=ended)
    assert event.over_capacity
    assert broken_invariants(session, now=ended) == []
    refusal("nobody-waits", actions.promote, session, ACTOR, event.id, now=ended)


def test_7_registration_is_closed_outside_published_and_running(session, organiser):
    event = make_event(session, organiser.id, state="draft")
    refusal("registration-closed", make_registration, session, event)
    refusal("registration-closed", actions.receive, session, event.id, person(), now=NOW)


def test_7_an_archived_event_is_read_only(session, organiser):
    event = make_event(session, organiser.id, state="archived")
    refusal("archived", make_registration, session, event)


def test_7_public_registration_waits_for_its_proof_then_gets_its_place(session, organiser):
    event = make_open_event(session, organiser.id, capacity=1, email_proof=True)
    pending = actions.receive(session, event.id, person(), now=NOW)
    assert pending.state == "pending"
    assert told(session, "registration.received")[0].payload["awaits"] == "proof"
    other = make_registration(session, event)
    actions.prove(session, holder_of(pending), now=NOW)
    assert (other.state, pending.state) == ("confirmed", "waitlisted")
    assert pending.sequence > other.sequence  # the order is that of the decision
    assert actions.prove(session, holder_of(pending), now=NOW).state == "waitlisted"


def test_7_approval_comes_after_the_proof(session, organiser):
    event = make_open_event(session, organiser.id, email_proof=True, approval=True)
    pending = actions.receive(session, event.id, person(), now=NOW)
    actions.prove(session, holder_of(pending), now=NOW)
    assert pending.state == "pending"
    awaits = [row.payload["awaits"] for row in told(session, "registration.received")]
    assert awaits == ["proof", "approval"]
    with pytest.raises(TransitionNotAllowed):
        go(session, pending, "confirmed", actor=holder_of(pending))
    assert go(session, pending, "confirmed").state == "confirmed"


def test_3_13_the_desk_of_the_organiser_confirms_whose_mail_never_arrived(session, organiser):
    event = make_open_event(session, organiser.id, email_proof=True)
    pending = actions.receive(session, event.id, person(), now=NOW)
    assert go(session, pending, "confirmed").state == "confirmed"


def test_3_13_a_proof_stays_open_for_five_working_days(session, organiser):
    event = make_open_event(session, organiser.id, email_proof=True)
    pending = actions.receive(session, event.id, person(), now=NOW)
    assert actions.expire_proofs(session, event.id, now=NOW + timedelta(days=6)) == 0
    assert actions.expire_proofs(session, event.id, now=NOW + timedelta(days=7)) == 1
    assert (pending.state, pending.cancel_reason) == ("cancelled", "proof-expired")


def test_9_7_a_known_address_changes_nothing_and_only_its_mailbox_is_told(session, organiser):
    event = make_open_event(session, organiser.id, email_proof=True)
    known = make_registration(session, event, email="kim@example.org")
    version = known.version
    again = person(email="KIM@example.org", name="Somebody Else")
    assert actions.receive(session, event.id, again, now=NOW) is known
    session.flush()
    assert (known.version, known.participant.name != "Somebody Else") == (version, True)
    assert len(told(session, "registration.repeated", known.id)) == 1


def test_9_7_without_proof_the_public_is_decided_at_once_and_refused_by_mail(session, organiser):
    event = make_open_event(session, organiser.id, capacity=1, waiting_list=False)
    assert actions.receive(session, event.id, person(), now=NOW).state == "confirmed"
    refused = actions.receive(session, event.id, person(), now=NOW)
    assert (refused.state, refused.cancel_reason) == ("cancelled", "sold-out")
    assert len(told(session, "registration.refused", refused.id)) == 1


@pytest.mark.threat(15)
def test_row_15_who_fills_the_honeypot_leaves_no_trace(session, organiser):
    event = make_open_event(session, organiser.id)
    filled = person(website="https://example.org")
    assert actions.receive(session, event.id, filled, now=NOW) is None
    assert states(session, event) == []
    assert session.scalars(select(Participant)).all() == []


def test_an_attendee_cancels_until_cancel_until_and_an_organiser_always(session, organiser):
    event = make_open_event(session, organiser.id, cancel_until=STARTS - timedelta(days=20))
    made = make_registration(session, event)
    late = STARTS - timedelta(days=20)
    refusal("cancellation-closed", cancel, session, made, actor=holder_of(made), now=late)
    assert cancel(session, made, now=late).state == "cancelled"
    with pytest.raises(TransitionNotAllowed):
        cancel(session, made)


def test_check_in_staff_undo_for_15_minutes_and_organisers_always(session, organiser):
    event = make_open_event(session, organiser.id)
    made = make_registration(session, event)
    actions.mark_attended(session, DESK, event, made, now=NOW)
    late = NOW + timedelta(minutes=16)
    refusal("undo-too-late", actions.undo_attended, session, DESK, event, made, now=late)
    assert go(session, made, "confirmed", now=late).state == "confirmed"


def test_no_show_exists_only_after_the_event(session, organiser):
    event = make_open_event(session, organiser.id)
    made = make_registration(session, event)
    refusal("attendance-open", go, session, made, "no_show")


def test_consents_are_appended_with_the_version_of_their_text(session, organiser):
    event = make_open_event(session, organiser.id)
    made = make_registration(session, event, consents={"photo": True})
    change = {"consents": {"photo": False}}
    later = NOW + timedelta(hours=1)
    actions.change(session, holder_of(made), event.id, made.id, change, now=later)
    rows = session.scalars(select(Consent).order_by(Consent.at)).all()
    assert [(row.given, row.text_version, row.source) for row in rows] == [
        (True, "1", "staff"),
        (False, "1", "attendee"),
    ]
    assert queries.photos_allowed(session, [made.participant_id]) == set()


def test_a_change_of_the_person_raises_version_and_calendar_revision(session, organiser):
    event = make_open_event(session, organiser.id)
    made = make_registration(session, event)
    before = (made.version, made.participant.revision)
    actions.change(session, ACTOR, event.id, made.id, {"name": "Robin Changed"}, now=NOW)
    session.refresh(made.participant)
    assert (made.version, made.participant.revision) == (before[0] + 1, before[1] + 1)


def test_an_address_cannot_be_changed_to_one_that_is_registered(session, organiser):
    event = make_open_event(session, organiser.id)
    first, second = (make_registration(session, event) for _ in range(2))
    change = {"email": first.email}
    refusal(
        "already-registered", actions.change, session, ACTOR, event.id, second.id, change, now=NOW
    )


def test_a_renewed_link_is_mailed_by_a_fact(session, organiser):
    event = make_open_event(session, organiser.id)
    made = make_registration(session, event)
    told_by = {"secret": "s" * 40, "now": NOW}
    first = actions.renew_link(session, ACTOR, event.id, made.id, deliver="return", **told_by)
    second = actions.renew_link(session, ACTOR, event.id, made.id, deliver="mail", **told_by)
    assert first != second
    assert len(told(session, "registration.link-renewed", made.id)) == 1


def test_the_public_is_recorded_as_such(session, organiser):
    event = make_open_event(session, organiser.id)
    made = actions.receive(session, event.id, person(), now=NOW)
    assert made.source == PUBLIC.kind
    assert isinstance(session.get(Registration, made.id), Registration)
