"""The public page of an event for people, outside ``/api/v1``; it runs no script."""

from __future__ import annotations

from flask import Response, request
from sqlalchemy.orm import Session

from eventsvc.agenda import queries, render
from eventsvc.agenda.schemas import PublicAgendaOut
from eventsvc.core import config
from eventsvc.core.http import Door, header, needs
from eventsvc.events.queries import public_event, public_page
from eventsvc.events.schemas import PublicEventOut

CACHE = "public, max-age=60"
POLICY = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)

door = Door("event-pages", __name__, url_prefix="/events", description="Pages of events for people")

STYLE = {"200": {"content": {"text/css": {"schema": {"type": "string"}}}}}


@door.get("/<series_slug>/<event_slug>")
@needs(None)
@door.sends("text/html; charset=utf-8", cache=CACHE)
def event_page(session: Session, series_slug: str, event_slug: str) -> str:
    """The public page of an event with its programme; series ``-`` for one without a series."""
    event = public_event(session, series_slug, event_slug)
    header("Content-Security-Policy", POLICY)
    agenda = None
    if queries.has_public_programme(event):
        agenda = PublicAgendaOut().dump(queries.public_agenda(session, event))
    shown = PublicEventOut().dump(public_page(session, event))  # no more than the API shows
    return render.event_page(shown, agenda, base_url=config.current().base_url)


@door.get("/page.css")
@needs(None)
@door.doc(responses=STYLE)
def event_page_style() -> Response:
    """The stylesheet of the pages of events."""
    response = Response(render.stylesheet(), content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.add_etag()
    response.make_conditional(request)
    return response
