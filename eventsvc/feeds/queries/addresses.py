"""Addresses of feeds: the public ones to subscribe to, and whether a personal one stands."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventsvc.core import config
from eventsvc.core.errors import NotFound
from eventsvc.events.models import Event, Series
from eventsvc.feeds.models import CalendarToken
from eventsvc.feeds.policy import event_path, series_path, subscribe_links


def addresses_of(session: Session, shown: Event | Series) -> dict[str, str]:
    """How to subscribe to the public feed of an edition or series (calendar.md rule 3).

    ``address`` (https), ``webcal``, ``google``, ``outlook``, ``outlook_work``. One query for an
    edition of a series, else none.
    """
    if isinstance(shown, Series):
        return subscribe_links(config.current().base_url + series_path(shown.slug), shown.name)
    path = event_path(series_slug_of(session, shown), shown.slug)
    return subscribe_links(config.current().base_url + path, shown.title)


def series_slug_of(session: Session, event: Event) -> str | None:
    """The slug of the series of an edition; None: it belongs to none."""
    if event.series_id is None:
        return None
    return session.scalars(select(Series.slug).where(Series.id == event.series_id)).one()


def standing_address(session: Session, participant_id: str) -> CalendarToken:
    """The row of the newest personal address that has not ended; the address itself is not in it.

    Raises:
        NotFound: there is none.
    """
    found = session.scalars(
        select(CalendarToken)
        .where(CalendarToken.participant_id == participant_id, CalendarToken.revoked_at.is_(None))
        .order_by(CalendarToken.number.desc())
    ).first()
    if found is None:
        raise NotFound
    return found
