"""How somebody comes to a registration: entered by staff, received from the public, proved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.audit.actions import record
from eventsvc.core.errors import Conflict, Invalid
from eventsvc.core.ids import new_code, new_id
from eventsvc.core.rights import PUBLIC, Actor
from eventsvc.core.text import email_key, is_suspicious_email
from eventsvc.events.models import Event
from eventsvc.events.queries import notice_shown
from eventsvc.facts.actions import tell
from eventsvc.registration import policy, queries
from eventsvc.registration.actions import promotion, seats
from eventsvc.registration.actions.participants import note_consents, participant_from
from eventsvc.registration.models import Pool, Registration


def register(
    session: Session, actor: Actor, event_id: str, values: Mapping[str, Any], *, now: datetime
) -> Registration:
    """Staff register somebody: no e-mail proof, no approval.

    ``values``: ``name``, ``email`` (or null with ``contact_email``), and optionally
    ``organisation``, ``organisation_id``, ``country``, ``job_title``, ``type``, ``mode``,
    ``language``, ``pool_id``, ``answers``, ``note``, ``external_id``, ``consents``,
    ``synthetic``, ``allow_over_capacity``.

    Raises:
        NotFound: no such event.
        Conflict: ``registration-closed``, ``already-registered``, ``sold-out``, ``archived``.
        Invalid: no address, a mode that is not offered, a pool or organisation that is unknown.
    """
    event = seats.lock(session, event_id)
    seats.require_open(event, now=now)
    refuse_duplicate(session, event, values.get("email"))
    mode = offered_mode(event, values.get("mode"))
    pool_id = _pool(session, event, values.get("pool_id"))
    over = bool(values.get("allow_over_capacity"))
    seat = seats.decide(session, event, mode, pool_id, now=now, allow_over_capacity=over)
    if seat == "sold-out":
        raise seats.sold_out()
    registration = _new(session, event, values, mode, source="staff", now=now)
    registration.pool_id = pool_id
    promotion.settle(session, event, registration, seat, now=now)
    changes = {"state": seat, "mode": mode} | ({"allow_over_capacity": True} if over else {})
    record(session, actor, "registration.created", registration, now=now, changes=changes)
    _tell_created(session, registration, now=now)
    return registration


def receive(
    session: Session, event_id: str, values: Mapping[str, Any], *, now: datetime
) -> Registration | None:
    """The public registers. Whatever comes of it, the door gives one answer (api.md §9.7).

    With e-mail proof or approval the registration is pending and holds no place; else it is
    decided at once. It keeps which data-protection notice was shown (editions.md §8, 23). A known
    address changes nothing: its mailbox is told. ``website`` is the
    honeypot field: who fills it is let go without a trace. Returns the registration, if any.

    Raises:
        NotFound: no such event.
        Conflict: ``registration-closed`` for all.
        Invalid: a mode that is not offered.
    """
    event = seats.lock(session, event_id)
    if not policy.registration_open(
        event.state,
        opens_at=event.registration_opens_at,
        closes_at=event.registration_closes_at,
        during_event=event.register_during_event,
        staff=False,
        now=now,
    ):
        raise Conflict("registration-closed", "Registration for this event is not open.")
    mode = offered_mode(event, values.get("mode"))
    if values.get("website"):
        return None
    known = queries.active_with(session, event.id, email_key(values["email"]))
    if known is not None:
        told = seats.told_of(known, now)
        tell(session, policy.RegistrationRepeated(**told, state=known.state))
        return known
    registration = _new(session, event, values, mode, source="public", now=now)
    shown = notice_shown(session, event, values.get("language"))
    registration.notice_language, registration.notice_version = shown
    if event.email_proof or event.approval:
        _await(session, event, registration, now=now)
    else:
        _decide_or_refuse(session, event, registration, now=now)
    changes = {"state": registration.state, "mode": mode}
    record(session, PUBLIC, "registration.created", registration, now=now, changes=changes)
    _tell_created(session, registration, now=now)
    return registration


def _tell_created(session: Session, registration: Registration, *, now: datetime) -> None:
    told = seats.told_of(registration, now)
    tell(session, policy.RegistrationCreated(**told, state=registration.state))


def _await(session: Session, event: Event, registration: Registration, *, now: datetime) -> None:
    registration.state = "pending"
    registration.sequence = queries.next_sequence(session, event.id)
    if event.email_proof:
        registration.proof_due_at = policy.working_days_later(now, policy.PROOF_DAYS)
    session.add(registration)
    session.flush()
    awaits = "proof" if event.email_proof else "approval"
    tell(session, policy.RegistrationReceived(**seats.told_of(registration, now), awaits=awaits))


def _decide_or_refuse(
    session: Session, event: Event, registration: Registration, *, now: datetime
) -> None:
    seat = seats.decide(session, event, registration.mode, registration.pool_id, now=now)
    if seat != "sold-out":
        promotion.settle(session, event, registration, seat, now=now)
        return
    registration.state = "cancelled"
    registration.cancelled_at = now
    registration.cancel_reason = "sold-out"
    registration.sequence = queries.next_sequence(session, event.id)
    session.add(registration)
    session.flush()
    refused = policy.RegistrationRefused(**seats.told_of(registration, now), reason="sold-out")
    tell(session, refused)


def prove(session: Session, actor: Actor, *, now: datetime) -> Registration:
    """The holder of the private link proves the e-mail; a place is decided unless approval is
    still to come. Proving twice is no error.

    Raises:
        NotFound: the link belongs to no registration.
        TransitionNotAllowed: the registration was cancelled.
        Conflict: ``sold-out``, ``registration-closed``.
    """
    event = seats.lock(session, actor.event_id or "")
    registration = queries.registration_linked(session, actor)
    if registration.state not in ("pending", "cancelled"):
        return registration
    policy.check_arrow(registration.state, "confirmed", "proof")
    seats.require_open(event, now=now)
    if registration.proof_due_at is None and event.approval:
        return registration
    record(session, actor, "registration.proved", registration, now=now)
    if event.approval:
        registration.proof_due_at = None
        session.flush()
        told = seats.told_of(registration, now)
        tell(session, policy.RegistrationReceived(**told, awaits="approval"))
        return registration
    seat = seats.decide(session, event, registration.mode, registration.pool_id, now=now)
    if seat == "sold-out":
        raise seats.sold_out()
    promotion.settle(session, event, registration, seat, now=now)
    return registration


def refuse_duplicate(
    session: Session, event: Event, email: str | None, *, besides: str | None = None
) -> None:
    """Refuse a second active registration of an address.

    Raises:
        Conflict: ``already-registered``.
    """
    if email is None:
        return
    found = queries.active_with(session, event.id, email_key(email))
    if found is not None and found.id != besides:
        raise Conflict(
            "already-registered",
            "This address is registered: change that registration, or cancel it first.",
            conflicts_with=[found.id],
        )


def offered_mode(event: Event, mode: str | None) -> str:
    """The mode asked for, else the event's usual one.

    Raises:
        Invalid: the event does not offer it.
    """
    offered = policy.modes_offered(event.mode)
    if mode is not None and mode not in offered:
        raise Invalid.field("/mode", "not-offered", f"This event offers: {', '.join(offered)}.")
    return mode or offered[0]


def _pool(session: Session, event: Event, pool_id: str | None) -> str | None:
    if pool_id is None:
        return None
    found = session.scalars(
        select(Pool.id).where(Pool.event_id == event.id, Pool.id == pool_id)
    ).first()
    if found is None:
        raise Invalid.field("/pool_id", "unknown", "This event has no such pool.")
    return found


def _new(
    session: Session,
    event: Event,
    values: Mapping[str, Any],
    mode: str,
    *,
    source: str,
    now: datetime,
) -> Registration:
    """A registration that is not in the session yet: its seat is decided first."""
    participant = participant_from(session, event, values, now=now)
    note_consents(session, participant, values.get("consents") or {}, source=source, now=now)
    email = values.get("email")
    return Registration(
        id=new_id(),
        organiser_id=event.organiser_id,
        event_id=event.id,
        participant_id=participant.id,
        participant=participant,
        code=new_code(),
        email=email,
        email_key=email_key(email) if email else None,
        contact_email=values.get("contact_email"),
        suspicious_email=bool(email) and is_suspicious_email(str(email)),
        mode=mode,
        source=source,
        answers=dict(values.get("answers") or {}),
        note=values.get("note"),
        external_id=values.get("external_id"),
        created_at=now,
    )
