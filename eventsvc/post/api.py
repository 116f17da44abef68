"""Doors: the messages of an event, and unsubscribing."""

from __future__ import annotations

from typing import Any

from flask import Response
from markupsafe import escape
from sqlalchemy.orm import Session

from eventsvc.core import clock, config
from eventsvc.core.errors import NotFound
from eventsvc.core.http import Door, actor, needs
from eventsvc.core.pages import Page, page
from eventsvc.mail.models import OutboxMessage
from eventsvc.post import actions, queries
from eventsvc.post.policy import read_unsubscribe_token
from eventsvc.post.schemas import MessageOut, MessagesQuery, ShownStateBody, shown

messages = Door(
    "messages",
    __name__,
    url_prefix="/api/v1/events/<event_id>/messages",
    description="What was mailed, to whom, and what became of it",
)
unsubscribing = Door(
    "unsubscribing", __name__, url_prefix="/u", description="Stopping mail, without login"
)

HTML = "text/html; charset=utf-8"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"></head>
<body><main><h1>{title}</h1><p>{text}</p>{form}</main></body></html>
"""
FORM = """<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click">
<button type="submit">Unsubscribe</button></form>"""


@messages.get("")
@needs("messages:read", gate="event")
@messages.query(MessagesQuery)
@messages.lists(MessageOut, sort=("created_at", "due_at"))
def list_messages(session: Session, query: dict[str, Any], event_id: str) -> Page:
    """List the messages of an event, newest first."""
    sorts = {"created_at": OutboxMessage.created_at, "due_at": OutboxMessage.due_at}
    statement = queries.messages_for(event_id, query)
    found = page(session, statement, query, sorts=sorts, default="-created_at")
    rows = [shown(message, in_full=actor().manages) for message in found.items]
    return Page(rows, found.next_cursor, found.total)


@messages.post("/<message_id>/retry")
@needs("messages:write", gate="event")
@messages.body(ShownStateBody)
@messages.writes(200, MessageOut, computed=True)
def retry_message(
    session: Session, body: dict[str, Any], event_id: str, message_id: str
) -> dict[str, Any]:
    """Try a failed or unknown message again."""
    message = queries.message_for(session, event_id, message_id)
    now = clock.now(session)
    actions.retry(session, actor(), message, shown_state=body["state"], now=now)
    return shown(message, in_full=actor().manages)


@messages.post("/<message_id>/handled")
@needs("messages:write", gate="event")
@messages.body(ShownStateBody)
@messages.writes(200, MessageOut, computed=True)
def mark_message_handled(
    session: Session, body: dict[str, Any], event_id: str, message_id: str
) -> dict[str, Any]:
    """Close a failed or unknown message that somebody saw to in another way."""
    message = queries.message_for(session, event_id, message_id)
    now = clock.now(session)
    actions.mark_handled(session, actor(), message, shown_state=body["state"], now=now)
    return shown(message, in_full=actor().manages)


@unsubscribing.get("/<token>")
@needs(None, limit="public")
@unsubscribing.sends(HTML)
def ask_to_unsubscribe(_session: Session, token: str) -> str:
    """Show a page that asks; it changes nothing, as scanners fetch links."""
    _opened(token)
    return _page("Unsubscribe", "Do you want no more mail of this kind?", form=FORM)


@unsubscribing.post("/<token>")
@needs(None, limit="public")
@unsubscribing.upload(*FORMS, largest=8192)
@unsubscribing.writes(200)
def unsubscribe(session: Session, _form: bytes, token: str) -> Response:
    """Stop such mail at once (RFC 8058); saying it again changes nothing."""
    public_id, scope = _opened(token)
    now = clock.now(session)
    if not actions.unsubscribe(session, public_id, scope, source="one-click", now=now):
        raise NotFound
    return _answered(_page("Unsubscribed", "You get no more mail of this kind."))


def _opened(token: str) -> tuple[str, str]:
    for secret in config.current().secret_keys:
        opened = read_unsubscribe_token(secret, token)
        if opened is not None:
            return opened
    raise NotFound


def _page(title: str, text: str, form: str = "") -> str:
    return PAGE.format(title=escape(title), text=escape(text), form=form)


def _answered(html: str) -> Response:
    return Response(html, mimetype="text/html")


doors = (messages, unsubscribing)
