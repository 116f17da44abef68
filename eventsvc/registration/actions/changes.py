"""What is known of a guest, and the private link."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from eventsvc.accounts.actions import issue_link
from eventsvc.audit.actions import record
from eventsvc.core.errors import Conflict, Invalid, TransitionNotAllowed
from eventsvc.core.rights import Actor
from eventsvc.core.text import email_key, is_suspicious_email
from eventsvc.events import queries as events
from eventsvc.events.models import Event
from eventsvc.facts.actions import tell
from eventsvc.registration import policy, queries
from eventsvc.registration.actions import promotion, seats
from eventsvc.registration.actions.arrivals import offered_mode, refuse_duplicate
from eventsvc.registration.actions.participants import address_to, describe, note_consents, revise
from eventsvc.registration.actions.seats import by_of
from eventsvc.registration.models import Registration

OWN = ("note", "external_id", "answers")


def change(
    session: Session,
    actor: Actor,
    event_id: str,
    registration_id: str,
    values: Mapping[str, Any],
    *,
    now: datetime,
) -> Registration:
    """Change what is known of a guest; another ``mode`` gives the seat back and promotes.

    Raises:
        NotFound: no such registration.
        Conflict: ``already-registered``, ``sold-out`` (no place in the new mode: the old one is
            kept), ``archived``.
        Invalid: no address would be left, or a mode that is not offered.
    """
    event = seats.lock(session, event_id)
    registration = queries.registration_for(session, event, registration_id)
    participant = registration.participant
    describe(session, event, participant, values)
    _change_address(session, event, registration, values, now=now)
    for name in OWN:
        if name in values:
            setattr(registration, name, values[name])
    consents = values.get("consents") or {}
    note_consents(session, participant, consents, source=by_of(actor), now=now)
    mode = values.get("mode")
    if mode is not None and mode != registration.mode:
        _change_mode(session, event, registration, offered_mode(event, mode), now=now)
    # the version covers the guest's own data too, which stand in the participant
    flag_modified(registration, "note")
    session.flush()
    record(session, actor, "registration.changed", registration, now=now, changes=_names(values))
    revise(session, [participant.id], now)
    return registration


def _names(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"fields": sorted(values)}


def _change_address(
    session: Session,
    event: Event,
    registration: Registration,
    values: Mapping[str, Any],
    *,
    now: datetime,
) -> None:
    if "email" not in values and "contact_email" not in values:
        return
    email = values.get("email", registration.email)
    registration.contact_email = values.get("contact_email", registration.contact_email)
    address = email or registration.contact_email
    if address is None:
        raise Invalid.field("/email", "required", "Leave email, or contact_email of an assistant.")
    refuse_duplicate(session, event, email, besides=registration.id)
    registration.email = email
    registration.email_key = email_key(email) if email else None
    registration.suspicious_email = bool(email) and is_suspicious_email(str(email))
    address_to(session, event, registration.participant, address, now=now)


def _change_mode(
    session: Session, event: Event, registration: Registration, mode: str, *, now: datetime
) -> None:
    """Move between on site and online. Who holds a place must find one there; who waits joins
    the end of the other list."""
    before = registration.state
    if before not in ("pending", "cancelled"):
        seat = seats.decide(session, event, mode, registration.pool_id, now=now)
        if seat == "sold-out" or (before != "waitlisted" and seat != "confirmed"):
            raise Conflict("sold-out", "No place is free in that mode; the present one is kept.")
        registration.mode = mode
        if before == "waitlisted":
            registration.offer_ends_at = None
            promotion.settle(session, event, registration, seat, now=now)
    registration.mode = mode
    session.flush()
    told = seats.told_of(registration, now)
    tell(session, policy.RegistrationModeChanged(**told, mode=mode))
    promotion.promote_from_waitlist(session, event, now=now)


def renew_link(
    session: Session,
    actor: Actor,
    event_id: str,
    registration_id: str,
    *,
    deliver: str,
    secret: str,
    now: datetime,
) -> str:
    """Make a new private link and end the old one; audited (api.md §6).

    ``deliver``: ``mail`` tells the mail room, ``return`` is for whoever shows it. Returns the
    token in both cases.

    Raises:
        NotFound: no such registration.
    """
    event = events.event_for(session, actor, event_id)
    registration = queries.registration_for(session, event, registration_id)
    if registration.state == "cancelled":
        allowed = policy.next_states("cancelled", "organiser")
        raise TransitionNotAllowed("cancelled", "link", allowed)
    token = issue_link(
        session,
        secret=secret,
        registration_id=registration.id,
        organiser_id=registration.organiser_id,
        event_id=event.id,
        now=now,
        renew=True,
    )
    record(session, actor, "link.renewed", registration, now=now, changes={"deliver": deliver})
    if deliver == "mail":
        tell(session, policy.LinkRenewed(**seats.told_of(registration, now)))
    return token
