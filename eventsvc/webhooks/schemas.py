"""What the doors of this room take and answer."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from eventsvc.core.pages import ListQuery
from eventsvc.core.text import Answer, Body, Boolean, Choice, Id, Instant, Integer, ListOf, Patch
from eventsvc.core.text import Text as Words
from eventsvc.webhooks.models import WebhookEndpoint
from eventsvc.webhooks.policy import BY_HAND, FAILING, GONE, STATES, WANTED


class EndpointBody(Body):
    """A new endpoint."""

    url = Words(
        max_length=2000,
        required=True,
        metadata={
            "description": "https on port 443, with a host name; no redirects are followed",
            "examples": ["https://hooks.example.org/events"],
        },
    )
    types = ListOf(
        Choice(WANTED),
        len(WANTED),
        min_items=1,
        unique=True,
        load_default=lambda: ["*"],
        metadata={"description": "What it hears of; everything when left out"},
    )
    description = Words(max_length=200, allow_none=True)
    enabled = Boolean(load_default=True)


class EndpointPatch(Patch, EndpointBody):
    """Changes of an endpoint."""


class EndpointOut(Answer):
    """An endpoint without its secret."""

    id = Id()
    url = Words(max_length=2000)
    types = fields.List(Words())
    description = Words(allow_none=True)
    enabled = Boolean()
    disabled_reason = Choice((GONE, FAILING, BY_HAND), allow_none=True)
    disabled_at = Instant(allow_none=True)
    failing_since = Instant(allow_none=True, metadata={"description": "null: the last one worked"})
    last_delivered_at = Instant(allow_none=True)
    previous_secret_until = Instant(
        allow_none=True, metadata={"description": "Until then two signatures are sent"}
    )
    created_at = Instant()
    version = Integer(minimum=1)


class EndpointMade(EndpointOut):
    """An endpoint with its secret, which is shown this once."""

    secret = Words(allow_none=True, metadata={"secret": True, "description": "Shown only here"})


def shown_once(made: tuple[WebhookEndpoint, str]) -> dict[str, Any]:
    """The answer that shows a secret."""
    endpoint, secret = made
    return {**{name: getattr(endpoint, name) for name in EndpointOut().fields}, "secret": secret}


class DeliveryQuery(ListQuery):
    """Filters of the deliveries."""

    state = ListOf(Choice(STATES), len(STATES))
    type = ListOf(Words(max_length=60), 20)
    event_id = Id()


class DeliveryOut(Answer):
    """One event told to one endpoint."""

    id = Id(metadata={"description": "The webhook-id that the receiver sees"})
    type = Words()
    event_id = Id(allow_none=True)
    state = Choice(STATES)
    attempts = Integer(minimum=0)
    due_at = Instant(metadata={"description": "When it is, or was, to be sent"})
    last_attempt_at = Instant(allow_none=True)
    status_code = Integer(allow_none=True, metadata={"description": "Of the last answer"})
    error = Words(allow_none=True, metadata={"description": "Why no answer came"})
    duration_ms = Integer(minimum=0, allow_none=True)
    ended_at = Instant(allow_none=True)
    created_at = Instant()
    body = Words(max_length=20_000, multiline=True, metadata={"description": "What is sent"})
