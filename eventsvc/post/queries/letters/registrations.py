"""Letters about a registration, each after another look at its state (delivery.md §5 step 2)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from eventsvc.mail.models import OutboxMessage
from eventsvc.post.policy import Ended, Letter
from eventsvc.post.queries.letters.calendar import calendar_part
from eventsvc.post.queries.letters.known import Known, calendar_link, known, letter
from eventsvc.registration.queries import positions

PLACED = ("confirmed", "attended")
OVER = ("cancelled", "completed", "archived")


def _about(session: Session, message: OutboxMessage, now: datetime, *states: str) -> Known | Ended:
    """What the letter is about, if the registration is still in one of ``states``."""
    about = known(session, message, now)
    if isinstance(about, Ended):
        return about
    if about.event.state in OVER:
        return Ended("cancelled", f"event {about.event.state}")
    if about.registration.state not in states:
        return Ended("cancelled", f"registration {about.registration.state}")
    return about


def proof(session: Session, message: OutboxMessage, now: datetime) -> Letter | Ended:
    """Ask for the one click that proves the address; again after a day (editions.md §3.13)."""
    about = _about(session, message, now, "pending")
    if isinstance(about, Ended):
        return about
    deadline = about.registration.proof_due_at
    if deadline is None:
        return Ended("cancelled", "settled")
    if now >= deadline:
        return Ended("expired", "proof too late")
    nudge = message.purpose == "registration_proof_nudge"
    return letter(about, "registration_proof", nudge=nudge, deadline=deadline)


def received(session: Session, message: OutboxMessage, now: datetime) -> Letter | Ended:
    """Say that somebody decides."""
    about = _about(session, message, now, "pending")
    return about if isinstance(about, Ended) else letter(about, "registration_received")


def confirmed(session: Session, message: OutboxMessage, now: datetime) -> Letter | Ended:
    """The ticket: facts, private link, personal calendar."""
    return _placed(session, message, now, "registration_confirmed")


def promoted(session: Session, message: OutboxMessage, now: datetime) -> Letter | Ended:
    """A place came from the waiting list."""
    return _placed(session, message, now, "waitlist_promoted")


def _placed(
    session: Session, message: OutboxMessage, now: datetime, template: str
) -> Letter | Ended:
    about = _about(session, message, now, *PLACED)
    if isinstance(about, Ended):
        return about
    link = calendar_link(about)
    return letter(about, template, calendar=calendar_part(about), calendar_link=link)


def waitlisted(session: Session, message: OutboxMessage, now: datetime) -> Letter | Ended:
    """The place in the list as it is now."""
    about = _about(session, message, now, "waitlisted")
    if isinstance(about, Ended):
        return about
    found = positions(session, about.event.id, [about.registration])
    position, of = found[about.registration.id]
    return letter(about, "registration_waitlisted", position=position, waiting=of)


def offered(session: Session, message: OutboxMessage, now: datetime) -> Letter | Ended:
    """A place is held until the offer ends."""
    about = _about(session, message, now, "offered")
    if isinstance(about, Ended):
        return about
    deadline = about.registration.offer_ends_at
    if deadline is None or now >= deadline:
        return Ended("expired", "offer ended")
    return letter(about, "waitlist_offered", deadline=deadline)


def cancelled(session: Session, message: OutboxMessage, now: datetime) -> Letter | Ended:
    """A registration ended; the letter says by whom."""
    about = known(session, message, now)
    if isinstance(about, Ended):
        return about
    if about.registration.state != "cancelled":
        return Ended("cancelled", f"registration {about.registration.state}")
    by = message.payload.get("by", "organiser")
    reason = about.registration.cancel_reason
    return letter(about, "registration_cancelled", by=by, reason=reason)


def refused(session: Session, message: OutboxMessage, now: datetime) -> Letter | Ended:
    """No place and no list."""
    about = known(session, message, now)
    return about if isinstance(about, Ended) else letter(about, "registration_refused")


def repeated(session: Session, message: OutboxMessage, now: datetime) -> Letter | Ended:
    """The address was entered again; only its mailbox learns that it was known."""
    about = _about(session, message, now, "pending", "waitlisted", "offered", *PLACED)
    if isinstance(about, Ended):
        return about
    return letter(about, "registration_repeated", state=about.registration.state)


def new_link(session: Session, message: OutboxMessage, now: datetime) -> Letter | Ended:
    """The new private link that was asked for."""
    about = known(session, message, now)
    if isinstance(about, Ended):
        return about
    if about.registration.state == "cancelled":
        return Ended("cancelled", "registration cancelled")
    return letter(about, "private_link")
