"""Commands on the mailbox folder, where mail goes while no SMTP server is set."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import click

from eventsvc.core import config
from eventsvc.post.queries import mailbox_messages, parsed


@click.group()
def mailbox() -> None:
    """Look at what was mailed (EVENTSVC_MAIL_URL=file:///folder)."""


def _folder() -> Path:
    url = urlsplit(config.load().mail_url)
    if url.scheme != "file":
        raise click.ClickException("Mail goes to an SMTP server, not to a folder.")
    return Path(url.path)


@mailbox.command("list")
@click.option("--purpose", help="Only this purpose, e.g. registration_confirmed.")
@click.option("--last", default=20, show_default=True, help="How many, newest last.")
def list_messages(purpose: str | None, last: int) -> None:
    """List what was mailed: number, time, to, purpose, subject."""
    numbered = list(enumerate(mailbox_messages(_folder()), start=1))
    if purpose:
        numbered = [entry for entry in numbered if entry[1].purpose == purpose]
    for number, mail in numbered[-last:]:
        sent = mail.sent.strftime("%Y-%m-%d %H:%M")
        click.echo(f"{number:>5}  {sent}  {mail.to:<40}  {mail.purpose:<24}  {mail.subject}")
    click.echo(f"{len(numbered)} messages in {_folder()}")


@mailbox.command("show")
@click.argument("number", type=int)
@click.option("--html", is_flag=True, help="The HTML part.")
@click.option("--raw", is_flag=True, help="The whole message as sent.")
def show(number: int, *, html: bool, raw: bool) -> None:
    """Show message NUMBER of the list: its headers and its text."""
    messages = mailbox_messages(_folder())
    if not 1 <= number <= len(messages):
        raise click.ClickException(f"There are {len(messages)} messages.")
    file = messages[number - 1].file
    if raw:
        click.echo(file.read_text(encoding="utf-8", errors="replace"))
        return
    message = parsed(file)
    for header in ("Date", "From", "To", "Subject", "Message-ID"):
        click.echo(f"{header}: {message[header]}")
    body = message.get_body(("html",) if html else ("plain",))
    click.echo(f"\n{body.get_content() if body else ''}")
    for attachment in message.iter_attachments():
        click.echo(f"[attachment {attachment.get_filename()}, {attachment.get_content_type()}]")
