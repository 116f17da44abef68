"""Seats follow what happens to registrations, items and buses."""

from __future__ import annotations

from sqlalchemy.orm import Session

from eventsvc.agenda.policy import ItemCancelled, ItemCapacityChanged, ItemMoved, ItemRemoved
from eventsvc.bookings import actions
from eventsvc.registration.policy import (
    ParticipantAnonymised,
    RegistrationCancelled,
    RegistrationModeChanged,
)
from eventsvc.visits.policy import BusSeatsChanged


def on_registration_cancelled(session: Session, fact: RegistrationCancelled) -> None:
    """Give back every seat of the guest."""
    guest = (fact.event_id or "", fact.subject_id, fact.participant_id)
    actions.leave_all(session, *guest, now=fact.at)


def on_registration_mode_changed(session: Session, fact: RegistrationModeChanged) -> None:
    """Give back the seats that somebody online cannot take."""
    actions.leave_places(session, fact.event_id or "", fact.subject_id, fact.mode, now=fact.at)


def on_item_cancelled(session: Session, fact: ItemCancelled) -> None:
    """End the bookings of the item."""
    actions.cancel_item(session, fact.event_id or "", fact.subject_id, now=fact.at)


def on_item_moved(session: Session, fact: ItemMoved) -> None:
    """Move the promises with the item."""
    times = (fact.new_start, fact.new_end)
    actions.move_item(session, fact.event_id or "", fact.subject_id, *times, now=fact.at)


def on_participant_anonymised(session: Session, fact: ParticipantAnonymised) -> None:
    """Keep of the check-ins only the hour (security.md §3)."""
    actions.blur_check_ins(session, fact.subject_id)


def on_item_removed(session: Session, fact: ItemRemoved) -> None:
    """Refuse to lose an item that was booked."""
    actions.refuse_removal(session, fact.subject_id)


def on_item_capacity_changed(session: Session, fact: ItemCapacityChanged) -> None:
    """Promote into added seats, refuse to go below those held."""
    over = fact.allow_over_capacity
    actions.settle_item(
        session, fact.event_id or "", fact.subject_id, allow_over_capacity=over, now=fact.at
    )


def on_bus_seats_changed(session: Session, fact: BusSeatsChanged) -> None:
    """Promote into added seats, refuse to go below those held."""
    actions.settle_item(
        session, fact.event_id or "", fact.visit_id, allow_over_capacity=False, now=fact.at
    )
