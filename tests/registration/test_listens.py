"""Registrations follow the capacity of their event, through its own door."""

from __future__ import annotations

import pytest

from eventsvc.core import clock
from eventsvc.core.errors import Conflict
from eventsvc.events.policy import EventUnpublished
from eventsvc.facts.actions import tell
from tests.factories.registration import make_open_event, make_registration, states


def test_the_capacity_of_an_event_promotes_or_refuses_over_http(
    client, session, organiser, token_for
):
    now = clock.now(session)
    event = make_open_event(session, organiser.id, capacity=1, now=now)
    for _ in range(3):
        make_registration(session, event, now=now)
    session.commit()
    path, headers = f"/api/v1/events/{event.id}", token_for("event-manager")

    def patch(**values):
        return client.patch(path, json=values, headers={**headers, "If-Match": "*"})

    assert patch(capacity=2).status_code == 200
    assert states(session, event) == ["confirmed", "confirmed", "waitlisted"]
    refused = patch(capacity=1)
    assert (refused.status_code, refused.json["code"]) == (409, "capacity-below-confirmed")
    assert client.get(path, headers=headers).json["capacity"] == 2
    allowed = patch(capacity=1, allow_over_capacity=True)
    assert allowed.status_code == 200, allowed.json
    assert states(session, event) == ["confirmed", "confirmed", "waitlisted"]


def test_an_edition_with_registrations_does_not_go_back_to_draft(session, organiser):
    """api.md §7: published→draft only with no registration."""
    now = clock.now(session)
    event = make_open_event(session, organiser.id, capacity=1, now=now)
    guest = make_registration(session, event, now=now)
    about = {"subject_id": event.id, "organiser_id": organiser.id, "event_id": event.id}
    with pytest.raises(Conflict) as refused:
        tell(session, EventUnpublished(at=now, **about))
    assert refused.value.code == "has-registrations"
    assert refused.value.members["conflicts_with"] == [guest.id]


def test_an_edition_without_registrations_may_go_back_to_draft(session, organiser):
    now = clock.now(session)
    event = make_open_event(session, organiser.id, capacity=1, now=now)
    about = {"subject_id": event.id, "organiser_id": organiser.id, "event_id": event.id}
    tell(session, EventUnpublished(at=now, **about))
