"""The letter to the owner of an endpoint that was switched off."""

from __future__ import annotations

from sqlalchemy import select

from eventsvc.core.ids import new_id
from eventsvc.mail.models import OutboxMessage
from eventsvc.post.policy import Ended, Letter
from eventsvc.post.queries.letters import LETTERS
from eventsvc.webhooks.actions.endpoints import disable_endpoint
from tests.factories.events import NOW
from tests.webhooks.support import an_endpoint


def test_it_names_the_endpoint_and_goes_to_the_organiser(session, organiser):
    endpoint, _ = an_endpoint(session, organiser.id, description="Our own system")
    disable_endpoint(session, endpoint, "failing", now=NOW)
    message = session.scalars(select(OutboxMessage)).one()
    letter = LETTERS["webhook_disabled"](session, message, NOW)
    assert isinstance(letter, Letter)
    assert letter.reply_to == organiser.email
    assert letter.context["label"] == "Our own system"
    assert letter.context["endpoint_url"].endswith(f"/webhook-endpoints/{endpoint.id}")
    message.organiser_id = new_id()
    assert isinstance(LETTERS["webhook_disabled"](session, message, NOW), Ended)
