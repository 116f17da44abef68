"""What the jobs of feeds do, and that they leave nothing to do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from eventsvc.core import clock
from eventsvc.feeds import jobs
from eventsvc.feeds.actions import joining
from eventsvc.feeds.models import Feed
from tests.factories.accounts import counted
from tests.factories.events import NOW
from tests.factories.feeds import LATER, change, make_guest, make_programme

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _standing():
    with clock.standing_at(NOW):
        yield


@pytest.fixture
def programme(organiser):
    return make_programme(organiser.id)


def kinds(session):
    return sorted(session.scalars(select(Feed.kind)))


def test_warm_joins_what_changed_and_personal_feeds_fetched_of_late(client, session, programme):
    guest, idle = make_guest(programme), make_guest(programme)
    client.get(guest.path).close()
    jobs.warm()
    assert kinds(session) == ["event", "personal", "series"]
    with clock.standing_at(LATER):
        change(programme, programme.workshop, title="High floods")
        jobs.warm()
        with counted() as statements:
            answer = client.get(guest.path)
            answer.close()
    assert not [text for text in statements if "calendar_entries" in text]
    assert answer.status_code == 200
    assert idle.participant_id not in session.scalars(select(Feed.scope_id)).all()


def test_warm_leaves_nothing_to_do(session, programme):
    jobs.warm()
    with counted() as statements:
        jobs.warm()
    assert len([text for text in statements if text.startswith("SELECT")]) <= 3
    assert not [text for text in statements if text.startswith(("INSERT", "UPDATE"))]


def test_warm_lets_feeds_rest_that_nobody_fetches(client, session, programme):
    guest = make_guest(programme)
    client.get(guest.path).close()
    with clock.standing_at(NOW + 3 * DAY):
        change(programme, programme.workshop, title="High floods")
        jobs.warm()
    personal = select(Feed.joined_at).where(Feed.kind == "personal")
    assert session.scalars(personal).all() == [NOW]


def test_one_feed_that_cannot_be_written_holds_back_no_other(session, programme, monkeypatch):
    whole, told = joining.rendered, []

    def fail(opened, kind, subject):
        if kind == "event":
            raise ValueError("cannot be written")
        return whole(opened, kind, subject)

    monkeypatch.setattr(joining, "rendered", fail)
    monkeypatch.setattr(jobs.log, "exception", lambda event, **more: told.append(more))
    jobs.warm()
    assert kinds(session) == ["series"]
    assert told == [{"kind": "event", "scope_id": programme.event_id}]


def test_retire_ends_addresses_that_nobody_fetches(client, session, programme):
    guest = make_guest(programme)
    with clock.standing_at(NOW + 400 * DAY):
        jobs.retire()
        assert client.get(guest.path).status_code == 410
