"""Commands on people who sign in. The first administrator is made here (security.md §4)."""

from __future__ import annotations

import sys

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.accounts import actions, queries
from eventsvc.accounts.models import Account, Organiser
from eventsvc.accounts.policy import SHORTEST, password_errors
from eventsvc.app import create_app
from eventsvc.core import clock, passwords
from eventsvc.core.rights import RANKS, system
from eventsvc.core.text import ValueRefused, clean_email
from eventsvc.core.transactions import transaction

HOUSE = system("command line")
PROMPT = f"Password (at least {SHORTEST} characters)"


@click.group()
def account() -> None:
    """Make, list and disable accounts of people who sign in."""


@account.command("create")
@click.option("--email", required=True)
@click.option("--name", help="Shown to colleagues; else the address.")
@click.option("--role", required=True, type=click.Choice(RANKS))
@click.option("--organiser", help="Slug of the organiser; needed for all but platform-admin.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def create(
    email: str, name: str | None, role: str, organiser: str | None, password_stdin: bool
) -> None:
    """Make an account, or give one that stands a further role. Asks for a password."""
    address = _address(email)
    with create_app().app_context():
        with transaction(write=False) as session:
            standing = queries.account_with(session, address)
            _organiser(session, role, organiser)
        hashed = None
        if standing is None:
            hashed = _hash(address, name or address, stdin=password_stdin)
        with transaction() as session:
            now = clock.now(session)
            found = queries.account_with(session, address) or actions.add_account(
                session, HOUSE, email=address, name=name or address, password_hash=hashed, now=now
            )
            at = _organiser(session, role, organiser)
            actions.add_member(session, HOUSE, found, organiser_id=at, role=role, now=now)
    click.echo(f"{address} is {role}{f' of {organiser}' if organiser else ''}.")


@account.command("password")
@click.option("--email", required=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def set_password(email: str, password_stdin: bool) -> None:
    """Give an account a new password; its sessions end."""
    with create_app().app_context():
        with transaction(write=False) as session:
            found = _account(session, email)
        hashed = _hash(found.email, found.name, stdin=password_stdin)
        with transaction() as session:
            now = clock.now(session)
            actions.set_password(session, HOUSE, _account(session, email), hashed, now=now)
    click.echo("Changed. Every session of it has ended.")


@account.command("list")
def list_accounts() -> None:
    """List the accounts: address, second factor, state, roles."""
    with create_app().app_context(), transaction(write=False) as session:
        slugs = {row.id: row.slug for row in session.scalars(select(Organiser))}
        for row in session.scalars(select(Account).order_by(Account.email_key)):
            grants = queries.grants_of(session, row.id)
            roles = [f"{g.role}@{slugs.get(g.organiser_id or '', '*')}" for g in grants]
            state = "disabled" if row.disabled_at else "active"
            factor = "totp" if row.totp_confirmed_at else "-"
            click.echo(f"{row.email}  {state}  {factor}  {' '.join(roles) or '-'}")


@account.command("disable")
@click.option("--email", required=True)
def disable(email: str) -> None:
    """Let nobody sign in with this account; its sessions and tokens end at once."""
    with create_app().app_context(), transaction() as session:
        now = clock.now(session)
        actions.disable_account(session, HOUSE, _account(session, email), now=now)
    click.echo("Disabled.")


def _address(email: str) -> str:
    try:
        return clean_email(email)
    except ValueRefused as refused:
        raise click.ClickException(refused.detail) from refused


def _account(session: Session, email: str) -> Account:
    found = queries.account_with(session, _address(email))
    if found is None:
        raise click.ClickException("There is no account of this address; see account list.")
    return found


def _organiser(session: Session, role: str, slug: str | None) -> str | None:
    if role == "platform-admin":
        if slug is not None:
            raise click.ClickException("A platform admin belongs to no organiser.")
        return None
    if slug is None:
        raise click.ClickException("Say for which --organiser.")
    found = session.scalars(select(Organiser.id).where(Organiser.slug == slug)).one_or_none()
    if found is None:
        raise click.ClickException(f"No organiser has the slug {slug!r}.")
    return found


def _hash(email: str, name: str, *, stdin: bool) -> str:
    if stdin:
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = click.prompt(PROMPT, hide_input=True, confirmation_prompt=True)
    for error in password_errors(password, email=email, name=name, pointer="/password"):
        raise click.ClickException(error.detail)
    return passwords.hashed(password)
