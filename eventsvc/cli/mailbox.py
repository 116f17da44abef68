"""Commands on the mailbox folder, where mail goes while no SMTP server is set."""

from __future__ import annotations

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import click

from eventsvc.core import config


@click.group()
def mailbox() -> None:
    """Look at what was mailed (EVENTSVC_MAIL_URL=file:///folder)."""


def _folder() -> Path:
    url = urlsplit(config.load().mail_url)
    if url.scheme != "file":
        raise click.ClickException("Mail goes to an SMTP server, not to a folder.")
    return Path(url.path)


def _messages() -> list[tuple[Path, EmailMessage]]:
    folder = _folder()
    read = []
    for file in sorted(folder.glob("*.eml")) if folder.is_dir() else []:
        parsed = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(
            file.read_bytes()
        )
        read.append((file, parsed))
    read.sort(key=lambda pair: (parsedate_to_datetime(pair[1]["Date"]), pair[0].name))
    return read


@mailbox.command("list")
@click.option("--purpose", help="Only this purpose, e.g. registration_confirmed.")
@click.option("--last", default=20, show_default=True, help="How many, newest last.")
def list_messages(purpose: str | None, last: int) -> None:
    """List what was mailed: number, time, to, purpose, subject."""
    numbered = list(enumerate(_messages(), start=1))
    if purpose:
        numbered = [entry for entry in numbered if entry[1][1]["X-Event-Purpose"] == purpose]
    for number, (_, message) in numbered[-last:]:
        sent = parsedate_to_datetime(message["Date"]).strftime("%Y-%m-%d %H:%M")
        purpose_shown = message["X-Event-Purpose"]
        click.echo(
            f"{number:>5}  {sent}  {message['To']:<40}  {purpose_shown:<24}  {message['Subject']}"
        )
    click.echo(f"{len(numbered)} messages in {_folder()}")


@mailbox.command("show")
@click.argument("number", type=int)
@click.option("--html", is_flag=True, help="The HTML part.")
@click.option("--raw", is_flag=True, help="The whole message as sent.")
def show(number: int, *, html: bool, raw: bool) -> None:
    """Show message NUMBER of the list: its headers and its text."""
    messages = _messages()
    if not 1 <= number <= len(messages):
        raise click.ClickException(f"There are {len(messages)} messages.")
    file, message = messages[number - 1]
    if raw:
        click.echo(file.read_text(encoding="utf-8", errors="replace"))
        return
    for header in ("Date", "From", "To", "Subject", "Message-ID"):
        click.echo(f"{header}: {message[header]}")
    body = message.get_body(("html",) if html else ("plain",))
    click.echo(f"\n{body.get_content() if body else ''}")
    for attachment in message.iter_attachments():
        click.echo(f"[attachment {attachment.get_filename()}, {attachment.get_content_type()}]")
