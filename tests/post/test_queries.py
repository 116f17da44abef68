"""Gates and second looks (delivery.md §7, §9)."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from eventsvc.accounts.models import Organiser
from eventsvc.core.errors import NotFound
from eventsvc.core.ids import new_id
from eventsvc.events.models import Series
from eventsvc.mail import actions as mail
from eventsvc.post import queries
from tests.factories.accounts import an_event
from tests.factories.mail import NOW, a_contact, a_message


def test_a_message_is_found_in_its_event_only(session: Session) -> None:
    event_id, other = new_id(), new_id()
    message = a_message(session, event_id=event_id)
    assert queries.message_for(session, event_id, message.public_id) is message
    for strange in ((other, message.public_id), (event_id, new_id()), (event_id, "x")):
        with pytest.raises(NotFound):
            queries.message_for(session, *strange)


def test_filters(session: Session) -> None:
    event_id = new_id()
    reminder = a_message(session, event_id=event_id, purpose="reminder")
    a_message(session, event_id=event_id)
    found = queries.messages_for(event_id, {"purpose": ["reminder"], "state": ["pending"]})
    assert session.scalars(found).all() == [reminder]
    assert len(session.scalars(queries.messages_for(event_id, {})).all()) == 2


def test_the_recipient_is_the_address_of_sending_else_the_contacts(session: Session) -> None:
    message = a_message(session, a_contact(session, "new@example.org"))
    assert queries.recipient_of(session, message.public_id) == ("new@example.org", None)
    message.address = "old@example.org"
    session.flush()
    assert queries.recipient_of(session, message.public_id) == ("old@example.org", None)
    assert queries.recipient_of(session, new_id()) is None


def test_a_series_is_stopped_in_each_of_its_editions(
    session: Session, organiser: Organiser
) -> None:
    series = Series(organiser_id=organiser.id, slug="s", name="Example series", created_at=NOW)
    session.add(series)
    session.flush()
    event = an_event(session, organiser)
    event.series_id = series.id
    session.flush()
    assert queries.events_of_series(session, series.id) == [event.id]
    message = a_message(session, event_id=event.id, priority=5)
    message.address = "marie@example.org"
    values = {"scope": f"series:{series.id}", "reason": "unsubscribed", "source": "page"}
    mail.suppress(session, "marie@example.org", **values, now=NOW)
    assert queries.stopped_by(session, message) == "unsubscribed"
    message.priority = 0
    assert queries.stopped_by(session, message) is None
