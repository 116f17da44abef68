"""What people are told when something happens to their registration or their seats.

At most one mail per person and moment (editions.md §7): a booking that was asked for is answered
on the page and needs no mail; one that comes from the waiting list does.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.bookings.policy import BookingCancelled, BookingOffered, BookingPromoted
from eventsvc.core.db import nudge
from eventsvc.mail.actions import cancel_pending
from eventsvc.registration.models import Registration
from eventsvc.registration.policy import (
    LinkRenewed,
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationFact,
    RegistrationOffered,
    RegistrationPromoted,
    RegistrationReceived,
    RegistrationRefused,
    RegistrationRepeated,
    RegistrationWaitlisted,
)
from eventsvc.reminders.actions import PLAN, forget_item, forget_person, tell_people
from eventsvc.reminders.plan import GIVEN_UP, SEAT_GIVEN_BACK
from eventsvc.reminders.queries import addressee, event_told_of

NUDGE_AFTER = timedelta(hours=24)


def _tell_guest(session: Session, fact: RegistrationFact, purpose: str, **given: Any) -> None:
    event = event_told_of(session, fact.event_id)
    person = addressee(session, fact.subject_id)
    if event is not None and person is not None:
        tell_people(session, event, [person], purpose=purpose, now=fact.at, **given)


def _settled(session: Session, fact: RegistrationFact) -> None:
    """The address answered or the organiser decided: no nudge for a proof any more."""
    cancel_pending(
        session,
        subject_id=fact.subject_id,
        purpose="registration_proof_nudge",
        reason="settled",
        now=fact.at,
    )


def on_registration_received(session: Session, fact: RegistrationReceived) -> None:
    """Ask for the e-mail proof, now and once more after a day; or say that somebody decides."""
    if fact.awaits == "proof":
        _tell_guest(session, fact, "registration_proof")
        due = fact.at + NUDGE_AFTER
        _tell_guest(session, fact, "registration_proof_nudge", due_at=due)
    else:
        _settled(session, fact)
        _tell_guest(session, fact, "registration_received")


def on_registration_confirmed(session: Session, fact: RegistrationConfirmed) -> None:
    """The mail with ticket, private link and calendar."""
    _settled(session, fact)
    _tell_guest(session, fact, "registration_confirmed", revision=1)
    nudge(session, PLAN)


def on_registration_waitlisted(session: Session, fact: RegistrationWaitlisted) -> None:
    """Tell the place in the list; back from an offer that lapsed, nothing is pending any more."""
    _settled(session, fact)
    cancel_pending(
        session,
        subject_id=fact.subject_id,
        purpose="waitlist_offered",
        reason="lapsed",
        now=fact.at,
    )
    _tell_guest(session, fact, "registration_waitlisted")


def on_registration_promoted(session: Session, fact: RegistrationPromoted) -> None:
    """One mail for each promotion (api.md §9.2)."""
    _tell_guest(session, fact, "waitlist_promoted", revision=fact.number)
    nudge(session, PLAN)


def on_registration_offered(session: Session, fact: RegistrationOffered) -> None:
    """Ask for an answer before the offer ends; after that the mail is useless."""
    _tell_guest(
        session, fact, "waitlist_offered", revision=fact.number, not_after=fact.offer_ends_at
    )


def on_registration_cancelled(session: Session, fact: RegistrationCancelled) -> None:
    """Drop all that waits for the participant, then say so once.

    An address that was never proved hears no more (security rows 14, 15).
    """
    forget_person(session, fact.participant_id, reason=GIVEN_UP, now=fact.at)
    registration = session.get_one(Registration, fact.subject_id)
    unproved = fact.by == "system" and registration.proof_due_at is not None
    if not fact.silent and not unproved:
        payload = {"by": _who(fact)}
        _tell_guest(session, fact, "registration_cancelled", payload=payload)


def _who(fact: RegistrationCancelled) -> str:
    """Whose act it was, as the letter puts it: attendee, declined or organiser."""
    if fact.by == "attendee":
        return "attendee"
    return "declined" if fact.previous_state == "pending" else "organiser"


def on_registration_refused(session: Session, fact: RegistrationRefused) -> None:
    """No place and no list: the outcome goes by mail, the page said only "received"."""
    _tell_guest(session, fact, "registration_refused")


def on_registration_repeated(session: Session, fact: RegistrationRepeated) -> None:
    """Tell the mailbox alone that its address was entered again, at most once an hour."""
    hour = int(fact.at.timestamp() // 3600)
    purpose = "registration_proof" if fact.state == "pending" else "registration_repeated"
    _tell_guest(session, fact, purpose, revision=hour)


def on_link_renewed(session: Session, fact: LinkRenewed) -> None:
    """Send the new private link; each renewal has its own second."""
    _tell_guest(session, fact, "private_link", revision=int(fact.at.timestamp()))


def on_booking_promoted(session: Session, fact: BookingPromoted) -> None:
    """A seat came from the waiting list: the person did not ask just now, so it is mailed."""
    _tell_booked(session, fact, "booking_promoted", revision=fact.number)
    nudge(session, PLAN)


def on_booking_offered(session: Session, fact: BookingOffered) -> None:
    """A seat is held for an answer."""
    _tell_booked(
        session, fact, "booking_offered", revision=fact.number, not_after=fact.offer_ends_at
    )


def on_booking_cancelled(session: Session, fact: BookingCancelled) -> None:
    """Who gave a seat back is not reminded of it; whoever lost it with more hears of that."""
    if fact.cause not in {"registration", "item"}:
        whose = {"participant_id": fact.participant_id, "reason": SEAT_GIVEN_BACK}
        forget_item(session, fact.item_id, **whose, now=fact.at)


def _tell_booked(
    session: Session, fact: BookingPromoted | BookingOffered, purpose: str, **given: Any
) -> None:
    event = event_told_of(session, fact.event_id)
    person = addressee(session, fact.registration_id)
    if event is not None and person is not None:
        given["payload"] = {"item_id": fact.item_id}
        about = ("booking", fact.subject_id)
        tell_people(session, event, [person], purpose=purpose, subject=about, now=fact.at, **given)
