"""Deliveries are written in the transaction of the fact, with ids and states only."""

from __future__ import annotations

import json

import pytest

from eventsvc.agenda import actions as agenda
from eventsvc.events import actions as events
from eventsvc.registration import actions as registration
from tests.factories.accounts import an_organiser
from tests.factories.agenda import make_session
from tests.factories.events import ACTOR, NOW, make_event
from tests.factories.registration import make_open_event, make_registration
from tests.webhooks.support import an_endpoint, deliveries


def told(session) -> list[tuple[str, dict]]:
    return [(one.type, json.loads(one.body)["data"]) for one in deliveries(session)]


def of(session, kind: str) -> list[dict]:
    return [data for found, data in told(session) if found == kind]


def test_a_registration_is_told_from_its_creation_to_its_check_in(session, organiser):
    event = make_open_event(session, organiser.id)
    an_endpoint(session, organiser.id, types=["registration.*"])
    guest = make_registration(session, event)
    registration.mark_attended(session, ACTOR, event, guest, now=NOW)
    session.flush()
    about = {"id": guest.id, "participant_id": guest.participant_id}
    assert sorted(told(session), key=lambda one: one[0]) == [
        ("registration.attended", {**about, "state": "attended"}),
        ("registration.confirmed", {**about, "state": "confirmed"}),
        ("registration.created", {**about, "state": "confirmed"}),
    ]


def test_waiting_promotion_and_cancellation_are_told(session, organiser):
    event = make_open_event(session, organiser.id, capacity=1)
    an_endpoint(session, organiser.id)
    first, second = make_registration(session, event), make_registration(session, event)
    registration.cancel(session, ACTOR, event.id, first.id, reason="Robin is ill", now=NOW)
    session.flush()
    assert [one["id"] for one in of(session, "registration.waitlisted")] == [second.id]
    assert [one["id"] for one in of(session, "registration.promoted")] == [second.id]
    cancelled = of(session, "registration.cancelled")
    assert cancelled[0]["previous_state"] == "confirmed"
    assert cancelled[0]["state"] == "cancelled"


def test_no_name_address_or_free_text_leaves_the_house(session, organiser):
    event = make_open_event(session, organiser.id)
    an_endpoint(session, organiser.id)
    guest = make_registration(
        session, event, name="Zoë Synthetic", email="zoe@example.org", note="allergic to nuts"
    )
    registration.cancel(session, ACTOR, event.id, guest.id, reason="Zoë has a cold", now=NOW)
    session.flush()
    sent = " ".join(one.body for one in deliveries(session))
    assert guest.id in sent
    for word in ("Zoë", "Synthetic", "zoe@", "nuts", "cold"):
        assert word not in sent


def test_what_guests_see_of_a_session_is_told_by_the_names_of_its_fields(session, organiser):
    event = make_event(session, organiser.id, state="published")
    an_endpoint(session, organiser.id, types=["session.changed", "agenda.published"])
    item = make_session(session, event)
    agenda.publish(session, ACTOR, event, now=NOW)
    agenda.change_session(session, ACTOR, event, item, {"title": "Planted title"}, now=NOW)
    agenda.transition_item(session, ACTOR, event, item, "cancelled", reason="ill", now=NOW)
    session.flush()
    changed = of(session, "session.changed")
    assert {"title"} in [set(data["fields"]) for data in changed]
    assert {data["id"] for data in changed} == {item.id}
    assert len(changed) >= 2
    assert not any("Planted" in one.body for one in deliveries(session))
    assert of(session, "agenda.published")[0]["number"] >= 1


def test_an_event_is_told_through_its_states(session, organiser):
    an_endpoint(session, organiser.id, types=["event.*"])
    event = make_event(session, organiser.id, state="completed")
    events.transition(session, ACTOR, event, "archived", now=NOW)
    session.flush()
    assert sorted(data["state"] for data in (one for _, one in told(session))) == [
        "archived",
        "completed",
        "published",
        "running",
    ]


def test_only_who_asked_hears(session, organiser):
    other = an_organiser(session)
    an_endpoint(session, other.id)
    an_endpoint(session, organiser.id, types=["meeting.*"])
    an_endpoint(session, organiser.id, enabled=False)
    heard, _ = an_endpoint(session, organiser.id, types=["event.*"])
    make_event(session, organiser.id, state="announced")
    session.flush()
    assert [one.endpoint_id for one in deliveries(session)] == [heard.id]


def test_what_is_rolled_back_was_never_written(session, organiser):
    an_endpoint(session, organiser.id)
    session.commit()
    with pytest.raises(RuntimeError), session.begin_nested():
        make_event(session, organiser.id, state="announced")
        raise RuntimeError
    assert deliveries(session) == []
