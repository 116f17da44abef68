"""Doors: how to subscribe to the calendars of an edition, as JSON and as a page (rule 3)."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eventsvc.core import config
from eventsvc.core.http import Door, header, needs
from eventsvc.events.models import Event
from eventsvc.events.queries import public_event
from eventsvc.feeds import queries, render
from eventsvc.feeds.policy import CLIENTS, TITLES, language_of, link_for, page_path, steps_for
from eventsvc.feeds.schemas import SubscribeOut, SubscribeQuery

PATH = "/calendars/<series_slug>/<event_slug>"
CACHE = "public, max-age=60"
POLICY = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)

subscribing = Door("subscribing", __name__, description="How to subscribe to calendars")


@subscribing.get(f"{PATH}/subscribe.json")
@needs(None)
@subscribing.query(SubscribeQuery)
@subscribing.reads(SubscribeOut, computed=True, cache=CACHE)
def how_to_subscribe(
    session: Session, query: dict[str, Any], series_slug: str, event_slug: str
) -> dict[str, Any]:
    """Say how to subscribe to the calendars of an edition, program by program."""
    return _shown(session, public_event(session, series_slug, event_slug), query["language"])


@subscribing.get(f"{PATH}/subscribe")
@needs(None)
@subscribing.query(SubscribeQuery)
@subscribing.sends("text/html; charset=utf-8", cache=CACHE)
def subscribe_page(
    session: Session, query: dict[str, Any], series_slug: str, event_slug: str
) -> str:
    """The page for people that tells how to subscribe to the calendars of an edition."""
    header("Content-Security-Policy", POLICY)
    event = public_event(session, series_slug, event_slug)
    return render.subscribe_page(_shown(session, event, query["language"]))


def _shown(session: Session, event: Event, wished: str | None) -> dict[str, Any]:
    links = queries.addresses_of(session, event)
    series_slug = queries.series_slug_of(session, event)
    language = language_of(wished, *event.languages)
    return {
        "name": event.title,
        "language": language,
        "page": config.current().base_url + page_path(series_slug, event.slug),
        "address": links["address"],
        "clients": [
            {
                "client": client,
                "title": TITLES[client],
                "link": link_for(client, links),
                "steps": steps_for(client, language),
            }
            for client in CLIENTS
        ],
        "parts": queries.parts_offered(session, event, series_slug),
    }
