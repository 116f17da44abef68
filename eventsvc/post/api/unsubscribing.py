"""Doors: stopping mail without login (RFC 8058)."""

from __future__ import annotations

from flask import Response
from markupsafe import escape
from sqlalchemy.orm import Session

from eventsvc.core import clock, config
from eventsvc.core.errors import NotFound
from eventsvc.core.http import Door, needs
from eventsvc.post import actions
from eventsvc.post.policy import read_unsubscribe_token

door = Door("unsubscribing", __name__, url_prefix="/u", description="Stopping mail, without login")

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


@door.get("/<token>")
@needs(None, limit="public")
@door.sends(HTML)
def ask_to_unsubscribe(_session: Session, token: str) -> str:
    """Show a page that asks; it changes nothing, as scanners fetch links."""
    _opened(token)
    return _page("Unsubscribe", "Do you want no more mail of this kind?", form=FORM)


@door.post("/<token>")
@needs(None, limit="public")
@door.upload(*FORMS, largest=8192)
@door.writes(200)
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
