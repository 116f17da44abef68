"""Doors: addresses that an organiser's mail does not go to (delivery.md §9)."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.core import clock
from eventsvc.core.errors import MalformedRequest
from eventsvc.core.http import Door, actor, expect, needs
from eventsvc.core.pages import Page, page
from eventsvc.mail import actions as mail
from eventsvc.mail.models import Suppression
from eventsvc.mail.queries import suppression_for, suppressions_found
from eventsvc.post import actions
from eventsvc.post.schemas import (
    LiftQuery,
    SuppressionBody,
    SuppressionOut,
    SuppressionsQuery,
    suppression_shown,
)

door = Door(
    "suppressions",
    __name__,
    url_prefix="/api/v1/organisers/<organiser_id>/suppressions",
    description="Who gets no mail, and why",
)


@door.get("")
@needs("messages:read", gate="whole-organiser")
@door.query(SuppressionsQuery)
@door.lists(SuppressionOut, sort=("created_at",))
def list_suppressions(session: Session, query: dict[str, Any], organiser_id: str) -> Page:
    """List the addresses that mail of this organiser does not go to, newest first."""
    found = suppressions_found(organiser_id, query)
    sorts = {"created_at": Suppression.created_at}
    listed = page(session, found, query, sorts=sorts, default="-created_at")
    rows = [suppression_shown(one, in_full=actor().manages) for one in listed.items]
    return Page(rows, listed.next_cursor, listed.total)


@door.post("")
@needs("messages:write", gate="whole-organiser")
@door.body(SuppressionBody)
@door.writes(201, SuppressionOut)
def add_suppression(session: Session, body: dict[str, Any], organiser_id: str) -> dict[str, Any]:
    """Stop writing to an address: all mail of the organiser, or that of one event or series."""
    now = clock.now(session)
    made = actions.block_address(session, actor(), organiser_id, **body, now=now)
    return suppression_shown(made, in_full=actor().manages)


@door.get("/<suppression_id>")
@needs("messages:read", gate="whole-organiser")
@door.reads(SuppressionOut)
def read_suppression(session: Session, organiser_id: str, suppression_id: str) -> dict[str, Any]:
    """Read one."""
    found = suppression_for(session, organiser_id, suppression_id)
    return suppression_shown(found, in_full=actor().manages)


@door.delete("/<suppression_id>")
@needs("messages:write", gate="whole-organiser")
@door.query(LiftQuery)
@door.writes(204, precondition=True)
def lift_suppression(
    session: Session, query: dict[str, Any], organiser_id: str, suppression_id: str
) -> None:
    """Write to the address again; what was suppressed meanwhile stays unsent."""
    found = suppression_for(session, organiser_id, suppression_id)
    expect(found)
    now = clock.now(session)
    mail.lift_suppression(session, actor(), found, reason=_reason(query), now=now)


def _reason(query: dict[str, Any]) -> str:
    """Why; asked for only once the thing was found, so that the answer tells nobody of it."""
    if "reason" not in query:
        error = {"parameter": "reason", "code": "required", "detail": "Say why"}
        raise MalformedRequest("reason: Say why", errors=[error])
    return str(query["reason"])
