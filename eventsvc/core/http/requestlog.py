"""One log line for each request (security.md §6): what was asked of whom, never what was said."""

from __future__ import annotations

import structlog
from flask import Response, request

from eventsvc.core import clock
from eventsvc.core.http.asked import asked

log = structlog.get_logger(__name__)


def note(response: Response) -> None:
    """Log the request that ``response`` answers, by its route template and not its path."""
    now = asked()
    path = request.view_args or {}
    log.info(
        "request",
        route=request.url_rule.rule if request.url_rule is not None else None,
        method=request.method,
        status=response.status_code,
        duration_ms=round((clock.monotonic() - now.started) * 1000, 1),
        credential_id=now.actor.credential_id,
        organiser_id=now.actor.organiser_id or path.get("organiser_id"),
        event_id=now.actor.event_id or path.get("event_id"),
    )
