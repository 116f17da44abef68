"""Commands on API tokens."""

from __future__ import annotations

from datetime import timedelta

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.accounts import actions
from eventsvc.accounts.models import Credential, Organiser
from eventsvc.app import create_app
from eventsvc.core import clock
from eventsvc.core.errors import Invalid
from eventsvc.core.rights import RANKS, system
from eventsvc.core.transactions import transaction


@click.group()
def token() -> None:
    """Make, list and revoke API tokens."""


@token.command("create")
@click.option("--role", required=True, type=click.Choice(sorted(RANKS)))
@click.option("--name", required=True, help="What it is for, e.g. “website”.")
@click.option("--organiser", help="Slug of the organiser; needed for all but platform-admin.")
@click.option("--scope", "scopes", multiple=True, help="Give only this; may be repeated.")
@click.option("--days", default=365, show_default=True, type=click.IntRange(1, 365))
@click.option("--quiet", is_flag=True, help="Print the token alone.")
def create(
    *, role: str, name: str, organiser: str | None, scopes: tuple[str, ...], days: int, quiet: bool
) -> None:
    """Make a token. It is shown this once."""
    with create_app().app_context(), transaction() as session:
        now = clock.now(session)
        try:
            _, secret = actions.create_token(
                session,
                system("command line"),
                name=name,
                role=role,
                organiser_id=_organiser_id(session, organiser),
                scopes=scopes or None,
                expires_at=now + timedelta(days=days),
                now=now,
            )
        except Invalid as refused:
            raise click.ClickException(refused.errors[0].detail) from refused
    click.echo(secret if quiet else f"{secret}\nKeep it: it is not stored and not shown again.")


def _organiser_id(session: Session, slug: str | None) -> str | None:
    if slug is None:
        return None
    found = session.scalars(select(Organiser.id).where(Organiser.slug == slug)).one_or_none()
    if found is None:
        known = ", ".join(session.scalars(select(Organiser.slug).order_by(Organiser.slug)))
        raise click.ClickException(
            f"No organiser has the slug {slug!r}. There are: {known or 'none'}."
        )
    return found


@token.command("list")
def list_tokens() -> None:
    """List the tokens: prefix, name, role, end."""
    with create_app().app_context(), transaction(write=False) as session:
        rows = session.scalars(
            select(Credential).where(Credential.kind == "evt").order_by(Credential.created_at)
        )
        for row in rows:
            state = "revoked" if row.revoked_at else f"until {row.expires_at:%Y-%m-%d}"
            click.echo(f"{row.id}  {row.prefix}…{row.last_four}  {row.role}  {state}  {row.name}")


@token.command("revoke")
@click.argument("token_id")
def revoke(token_id: str) -> None:
    """End the token with the id TOKEN_ID at once."""
    with create_app().app_context(), transaction() as session:
        found = session.get(Credential, token_id)
        if found is None or found.kind != "evt":
            raise click.ClickException("No token has this id; see eventsvc token list.")
        actions.revoke(session, system("command line"), found, now=clock.now(session))
    click.echo("Revoked.")
