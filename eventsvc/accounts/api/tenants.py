"""Doors: organisers, their API tokens and audit entries."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.accounts import actions, queries
from eventsvc.accounts.models import Credential, Organiser
from eventsvc.accounts.schemas.tenants import (
    ApiTokenBody,
    ApiTokenMade,
    ApiTokenOut,
    AuditEntryOut,
    AuditQuery,
    OrganiserBody,
    OrganiserOut,
    OrganiserPatch,
    shown_once,
)
from eventsvc.audit.models import AuditEntry
from eventsvc.core import clock
from eventsvc.core.http import Door, actor, expect, needs
from eventsvc.core.pages import ListQuery, Page, page

API = "/api/v1"

organisers = Door(
    "organisers", __name__, url_prefix=f"{API}/organisers", description="Tenants of the service"
)
api_tokens = Door(
    "api-tokens",
    __name__,
    url_prefix=f"{API}/organisers/<organiser_id>/api-tokens",
    description="Credentials of an organiser",
)
audit_entries = Door(
    "audit-entries",
    __name__,
    url_prefix=f"{API}/organisers/<organiser_id>/audit-entries",
    description="Who did what to which thing; append-only",
)


@organisers.get("")
@needs("members")
@organisers.query(ListQuery)
@organisers.lists(OrganiserOut, sort=("name", "slug", "created_at"))
def list_organisers(session: Session, query: dict[str, Any]) -> Page:
    """List the organisers that the caller may see."""
    sorts = {
        "name": Organiser.name,
        "slug": Organiser.slug,
        "created_at": Organiser.created_at,
    }
    return page(session, queries.organisers_of(actor()), query, sorts=sorts, default="name")


@organisers.post("")
@needs("platform")
@organisers.body(OrganiserBody)
@organisers.writes(201, OrganiserOut)
def add_organiser(session: Session, body: dict[str, Any]) -> Organiser:
    """Add an organiser."""
    return actions.add_organiser(session, actor(), body, now=clock.now(session))


@organisers.get("/<organiser_id>")
@needs("members", gate="organiser")
@organisers.reads(OrganiserOut)
def read_organiser(session: Session, organiser_id: str) -> Organiser:
    """Read an organiser."""
    return queries.organiser_for(session, actor(), organiser_id)


@organisers.patch("/<organiser_id>")
@needs("members", gate="whole-organiser")
@organisers.body(OrganiserPatch)
@organisers.writes(200, OrganiserOut, precondition=True)
def change_organiser(session: Session, body: dict[str, Any], organiser_id: str) -> Organiser:
    """Change an organiser."""
    found = queries.organiser_for(session, actor(), organiser_id)
    expect(found)
    return actions.change_organiser(session, actor(), found, body, now=clock.now(session))


@api_tokens.get("")
@needs("members", gate="whole-organiser")
@api_tokens.query(ListQuery)
@api_tokens.lists(ApiTokenOut, sort=("created_at", "name", "last_used_at"))
def list_api_tokens(session: Session, query: dict[str, Any], organiser_id: str) -> Page:
    """List the API tokens of an organiser, revoked ones too."""
    sorts = {name: getattr(Credential, name) for name in ("created_at", "name", "last_used_at")}
    tokens = queries.credentials_of(organiser_id)
    return page(session, tokens, query, sorts=sorts, default="-created_at")


@api_tokens.post("")
@needs("members", gate="whole-organiser")
@api_tokens.body(ApiTokenBody)
@api_tokens.writes(201, ApiTokenMade)
def make_api_token(session: Session, body: dict[str, Any], organiser_id: str) -> dict[str, Any]:
    """Make an API token; the answer shows it this once."""
    now = clock.now(session)
    made = actions.create_token(session, actor(), organiser_id=organiser_id, now=now, **body)
    return shown_once(*made)


@api_tokens.get("/<api_token_id>")
@needs("members", gate="whole-organiser")
@api_tokens.reads(ApiTokenOut, computed=True)
def read_api_token(session: Session, organiser_id: str, api_token_id: str) -> Credential:
    """Read an API token, without its secret."""
    return queries.api_token(session, organiser_id, api_token_id)


@api_tokens.delete("/<api_token_id>")
@needs("members", gate="whole-organiser")
@api_tokens.writes(204, precondition=True)
def revoke_api_token(session: Session, organiser_id: str, api_token_id: str) -> None:
    """Revoke an API token; it stops working with the next call."""
    found = queries.api_token(session, organiser_id, api_token_id)
    expect(found)
    actions.revoke(session, actor(), found, now=clock.now(session))


@audit_entries.get("")
@needs("audit:read", gate="whole-organiser")
@audit_entries.query(AuditQuery)
@audit_entries.lists(AuditEntryOut, sort=("seq",))
def list_audit_entries(session: Session, query: dict[str, Any], organiser_id: str) -> Page:
    """List who did what to which thing, newest first."""
    entries = queries.audit_entries_of(organiser_id, query)
    seq = AuditEntry.seq
    listed = page(session, entries, query, sorts={"seq": seq}, default="-seq", key=seq)
    return queries.with_persons(session, listed)
