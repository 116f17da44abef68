"""The look-up of a poll uses indexes, and addresses to subscribe to are those of the doors."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from eventsvc.core import clock
from eventsvc.core.errors import NotFound
from eventsvc.core.ids import new_token
from eventsvc.events.models import Event, Series
from eventsvc.feeds.queries import addresses_of, kept_bytes, personal_poll, series_poll
from tests.factories.accounts import counted
from tests.factories.events import NOW
from tests.factories.feeds import make_guest, make_programme


@pytest.fixture
def programme(organiser):
    with clock.standing_at(NOW):
        return make_programme(organiser.id)


def test_addresses(session, client, programme):
    for model, wanted in (
        ((Event, programme.event_id), programme.path),
        ((Series, programme.series_id), programme.series_path),
    ):
        links = addresses_of(session, session.get_one(*model))
        assert links["address"] == f"http://localhost{wanted}"
        assert links["webcal"] == f"webcal://localhost{wanted}"
        assert client.get(wanted).status_code == 200


def test_nothing_is_kept_before_the_first_poll(session, programme):
    poll = series_poll(session, programme.series_slug)
    assert poll.kept is None
    assert poll.fresh is None
    assert kept_bytes(session, poll.kind, poll.scope_id, gzip=False) is None


def test_an_unknown_address(session):
    with pytest.raises(NotFound):
        personal_poll(session, new_token("evc"))


def test_rule_41_the_look_up_is_indexed(session, programme):
    """SQLite says so itself; on PostgreSQL small tables are scanned whatever there is."""
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("its planner scans tables of a few rows")
    with clock.standing_at(NOW):
        guest = make_guest(programme)
    with counted() as statements:
        personal_poll(session, guest.token)
    assert len(statements) == 1
    plan = session.execute(text("EXPLAIN QUERY PLAN " + statements[0].replace("?", "'x'"))).all()
    assert plan
    assert all("USING" in row[-1] and "INDEX" in row[-1] for row in plan)
