"""Questions about endpoints and deliveries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from eventsvc.core.errors import NotFound
from eventsvc.core.ids import is_id
from eventsvc.webhooks.models import WebhookDelivery, WebhookEndpoint
from eventsvc.webhooks.policy import FAILED, PENDING, SENDING, wants


def endpoints_of(organiser_id: str) -> Select[WebhookEndpoint]:
    """The endpoints of an organiser."""
    return select(WebhookEndpoint).where(WebhookEndpoint.organiser_id == organiser_id)


def endpoint_of(session: Session, organiser_id: str, endpoint_id: str) -> WebhookEndpoint:
    """One endpoint of an organiser.

    Raises:
        NotFound: there is none, or it is another's.
    """
    if not is_id(endpoint_id):
        raise NotFound
    statement = endpoints_of(organiser_id).where(WebhookEndpoint.id == endpoint_id)
    found = session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def endpoints_counted(session: Session, organiser_id: str) -> int:
    """How many endpoints an organiser has."""
    counted = select(func.count()).where(WebhookEndpoint.organiser_id == organiser_id)
    return session.scalar(counted) or 0


def hearing(session: Session, organiser_id: str, told: str) -> list[str]:
    """The ids of the endpoints of an organiser that want to hear of a type."""
    asked = select(WebhookEndpoint.id, WebhookEndpoint.types).where(
        WebhookEndpoint.organiser_id == organiser_id, WebhookEndpoint.enabled.is_(True)
    )
    return [found.id for found in session.execute(asked) if wants(found.types, told)]


def deliveries_of(
    organiser_id: str, endpoint_id: str, filters: Mapping[str, Any]
) -> Select[WebhookDelivery]:
    """What was sent to an endpoint, or waits. ``filters``: ``state``, ``type`` (lists, or),
    ``event_id``."""
    statement = select(WebhookDelivery).where(
        WebhookDelivery.organiser_id == organiser_id, WebhookDelivery.endpoint_id == endpoint_id
    )
    for name in ("state", "type"):
        if filters.get(name):
            statement = statement.where(getattr(WebhookDelivery, name).in_(filters[name]))
    if filters.get("event_id"):
        statement = statement.where(WebhookDelivery.event_id == filters["event_id"])
    return statement


def delivery_of(
    session: Session, organiser_id: str, endpoint_id: str, delivery_id: str
) -> WebhookDelivery:
    """One delivery to an endpoint, locked for what is about to change it.

    Raises:
        NotFound: there is none, or it went elsewhere.
    """
    if not is_id(endpoint_id) or not is_id(delivery_id):
        raise NotFound
    statement = deliveries_of(organiser_id, endpoint_id, {}).where(
        WebhookDelivery.id == delivery_id
    )
    found = session.scalars(statement.with_for_update()).one_or_none()
    if found is None:
        raise NotFound
    return found


def due(session: Session, *, now: datetime, most: int, most_each: int) -> list[str]:
    """Ids of the deliveries to send now, ``most`` in all and ``most_each`` to one endpoint, so
    that an endpoint that hangs holds up nobody else."""
    each = func.row_number().over(
        partition_by=WebhookDelivery.endpoint_id,
        order_by=(WebhookDelivery.due_at, WebhookDelivery.id),
    )
    ranked = (
        select(WebhookDelivery.id, WebhookDelivery.due_at, each.label("place"))
        .join(
            WebhookEndpoint,
            and_(
                WebhookEndpoint.id == WebhookDelivery.endpoint_id, WebhookEndpoint.enabled.is_(True)
            ),
        )
        .where(WebhookDelivery.state == PENDING, WebhookDelivery.due_at <= now)
        .subquery()
    )
    wanted = select(ranked.c.id).where(ranked.c.place <= most_each)
    return list(session.scalars(wanted.order_by(ranked.c.due_at, ranked.c.id).limit(most)))


def secrets_of(session: Session, endpoint_id: str) -> Row[str, str | None, datetime | None]:
    """The present secret of an endpoint, the one before, and until when that one signs too.

    Raises:
        CannotOpen: the key that sealed them is gone.
    """
    return session.execute(
        select(
            WebhookEndpoint.secret,
            WebhookEndpoint.previous_secret,
            WebhookEndpoint.previous_secret_until,
        ).where(WebhookEndpoint.id == endpoint_id)
    ).one()


def standing(session: Session, *, now: datetime) -> dict[str, int]:
    """How many deliveries are due, being sent and failed within the 30 days they are kept."""
    counted = (
        select(WebhookDelivery.state, func.count())
        .where(
            WebhookDelivery.state.in_((PENDING, SENDING, FAILED)),
            (WebhookDelivery.state != PENDING) | (WebhookDelivery.due_at <= now),
        )
        .group_by(WebhookDelivery.state)
    )
    found = {row[0]: row[1] for row in session.execute(counted)}
    return {state: found.get(state, 0) for state in (PENDING, SENDING, FAILED)}


def oldest_due(session: Session, *, now: datetime) -> datetime | None:
    """Since when the oldest delivery is due that waits; None where none does."""
    asked = select(func.min(WebhookDelivery.due_at)).where(
        WebhookDelivery.state == PENDING, WebhookDelivery.due_at <= now
    )
    return session.scalar(asked)
