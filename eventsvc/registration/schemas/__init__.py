"""What the doors of registrations take and answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from eventsvc.core.pages import ListQuery
from eventsvc.core.text import (
    Answer,
    Body,
    Boolean,
    Choice,
    CountryCode,
    Email,
    Id,
    Instant,
    Integer,
    LanguageTag,
    ListOf,
    Part,
    Patch,
    QueryChoice,
    Slug,
    Text,
    Url,
    Zone,
)
from eventsvc.events.models import Event
from eventsvc.registration.models import Registration
from eventsvc.registration.policy import MODES, STATES

MANAGED = ("email", "contact_email", "suspicious_email", "answers", "note", "external_id")


class ConsentsBody(Body):
    """Consents, each by itself and unticked unless given (security.md §3)."""

    photo = Boolean()
    matchmaking_profile = Boolean()
    attendee_list = Boolean()
    share_with_partners = Boolean()
    newsletter = Boolean()


class PersonBody(Body):
    """What a guest may say and change."""

    name = Text(required=True, max_length=200)
    organisation = Text(max_length=300, allow_none=True)
    country = CountryCode(allow_none=True)
    job_title = Text(max_length=200, allow_none=True)
    mode = Choice(MODES)
    language = LanguageTag(allow_none=True)
    consents = Part(ConsentsBody)


class PublicRegistrationBody(PersonBody):
    """A registration by the public. ``website`` is to be left empty by people."""

    email = Email(required=True)
    website = Text(max_length=200, min_length=0)


class StaffPersonBody(PersonBody):
    """What staff may say of a guest."""

    email = Email(allow_none=True)
    contact_email = Email(allow_none=True)
    organisation_id = Id(allow_none=True)
    type = Text(max_length=40)
    external_id = Text(max_length=100, allow_none=True)
    note = Text(max_length=2000, multiline=True, allow_none=True)


class RegistrationBody(StaffPersonBody):
    """A registration entered by staff; no e-mail proof."""

    pool_id = Id(allow_none=True)
    allow_over_capacity = Boolean(load_default=False)


class RegistrationPatch(Patch, StaffPersonBody):
    """A change by staff; another mode gives the seat back."""


class OwnPatch(Patch, PersonBody):
    """A change by the guest."""


class TransitionBody(Body):
    """The state to come to."""

    to = Choice(STATES, required=True)
    reason = Text(max_length=500, allow_none=True, load_default=None)


class StaffTransitionBody(TransitionBody):
    """``override``: out of order; ``allow_over_capacity``: beyond the places; both audited."""

    override = Boolean(load_default=False)
    allow_over_capacity = Boolean(load_default=False)


class PromoteBody(Body):
    """Whom to promote: the first in order (of ``mode``), or ``registration_id``."""

    registration_id = Id()
    mode = Choice(MODES)
    override = Boolean(load_default=False)
    allow_over_capacity = Boolean(load_default=False)


class LinkBody(Body):
    """Where the new private link goes."""

    deliver = Choice(("mail", "return"), required=True)


class RegistrationsQuery(ListQuery):
    """Filters of the list; a repeated one means or."""

    state = ListOf(QueryChoice(STATES), 7)
    mode = ListOf(QueryChoice(MODES), 2)
    country = ListOf(CountryCode(), 30)
    type = ListOf(Text(max_length=40), 20)
    organisation = Text(max_length=100, min_length=2)
    q = Text(max_length=100, min_length=2)


class WaitingQuery(ListQuery):
    """Filter of the waiting list."""

    mode = ListOf(QueryChoice(MODES), 2)


class RegistrationOut(Answer):
    """A registration. Addresses, note and answers only for managing roles (api.md §10)."""

    id = Id()
    event_id = Id()
    participant_id = Id()
    version = Integer()
    code = Text()
    state = Choice(STATES)
    mode = Choice(MODES)
    type = Text()
    name = Text()
    organisation = Text(allow_none=True)
    organisation_id = Id(allow_none=True)
    country = Text(allow_none=True)
    job_title = Text(allow_none=True)
    language = Text(allow_none=True)
    pool_id = Id(allow_none=True)
    sequence = Integer()
    waitlist_position = Integer(allow_none=True)
    waitlist_length = Integer(allow_none=True)
    source = Text()
    created_at = Instant()
    confirmed_at = Instant(allow_none=True)
    cancelled_at = Instant(allow_none=True)
    cancel_reason = Text(allow_none=True)
    attended_at = Instant(allow_none=True)
    offer_ends_at = Instant(allow_none=True)
    synthetic = Boolean()
    email = Text(allow_none=True)
    contact_email = Text(allow_none=True)
    suspicious_email = Boolean()
    note = Text(allow_none=True)
    external_id = Text(allow_none=True)
    notice_language = LanguageTag(allow_none=True)
    notice_version = Integer(allow_none=True)
    answers = fields.Dict(keys=fields.String(), metadata={"type": "object"})


class OwnEventOut(Answer):
    """The event of the guest, as its public page shows it; instants in its zone."""

    series = Slug(allow_none=True)
    slug = Slug()
    title = Text()
    state = Text()
    timezone = Zone(allow_none=True)
    starts_at = Instant(zone_from="timezone", allow_none=True)
    ends_at = Instant(zone_from="timezone", allow_none=True)
    all_day = Boolean()
    city = Text(allow_none=True)
    country = Text(allow_none=True)
    mode = Text(allow_none=True)


class OwnOut(RegistrationOut):
    """The guest's own registration. ``awaits`` says what a pending one waits for; ``join_url``
    is only for confirmed guests who come online (editions.md §2.7)."""

    awaits = Choice(("proof", "approval"), allow_none=True)
    join_url = Url(allow_none=True)
    event = fields.Nested(OwnEventOut)


class ReceivedOut(Answer):
    """The one answer to every public registration while it is open."""

    status = Choice(("received",))


class LinkOut(Answer):
    """``link_token`` is shown this once, and only where it was asked back."""

    delivered = Choice(("mail", "return"))
    link_token = Text(allow_none=True, metadata={"secret": True})


def shown(
    registration: Registration, position: tuple[int, int] | None, *, managed: bool
) -> Mapping[str, Any]:
    """The row that :class:`RegistrationOut` writes; ``managed``: with addresses and answers."""
    person = registration.participant
    row = {name: getattr(registration, name, None) for name in RegistrationOut.names()}
    row |= {
        "type": person.type,
        "name": person.name,
        "organisation": person.organisation_name,
        "organisation_id": person.organisation_id,
        "country": person.country,
        "job_title": person.job_title,
        "language": person.locale,
        "synthetic": person.synthetic,
        "waitlist_position": position[0] if position else None,
        "waitlist_length": position[1] if position else None,
        "offer_ends_at": registration.offer_ends_at if registration.state == "offered" else None,
    }
    return row if managed else {name: row[name] for name in row if name not in MANAGED}


def own(
    row: Mapping[str, Any], registration: Registration, event: Event, series: str | None
) -> dict[str, Any]:
    """The row that :class:`OwnOut` writes; ``series`` is the slug of the event's series."""
    asked = "approval" if registration.proof_due_at is None else "proof"
    joins = registration.mode == "online" and registration.state in ("confirmed", "attended")
    beside = {name: getattr(event, name, None) for name in OwnEventOut.names()}
    return {
        **row,
        "awaits": asked if registration.state == "pending" else None,
        "join_url": event.join_url if joins else None,
        "event": {**beside, "series": series},
    }
