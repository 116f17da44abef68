"""The clock of events, waiting lists and offers."""

from __future__ import annotations

from workers.app import task_of


@task_of("events.clock")
def turn_clock() -> None:
    """Start and end events at their time."""


@task_of("events.milestones")
def tell_milestones() -> None:
    """Tell whom it concerns what is due this week."""


@task_of("registration.expire_proofs")
def expire_proofs() -> None:
    """End registrations whose e-mail proof never came."""


@task_of("registration.expire_offers")
def expire_registration_offers() -> None:
    """Offer freed places near the start, and end offers not taken."""


@task_of("bookings.expire_offers")
def expire_booking_offers() -> None:
    """The same for seats in workshops and visits."""
