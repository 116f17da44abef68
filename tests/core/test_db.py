"""Column types and mixins hold on both databases."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import text
from sqlalchemy.exc import StatementError
from sqlalchemy.orm.exc import StaleDataError

from eventsvc.accounts.models import Credential, Organiser
from eventsvc.core.db import nudge, shown_changes
from eventsvc.core.ids import new_id
from eventsvc.events.models import Series

AT = datetime(2027, 5, 5, 9, 30, tzinfo=UTC)


def credential(**values):
    plain = {"kind": "evt", "digest": new_id(), "prefix": "x", "last_four": "y", "name": "n"}
    return Credential(**(plain | {"scopes": [], "created_at": AT} | values))


def test_an_instant_comes_back_aware_in_utc(session):
    tokyo = timezone(timedelta(hours=9))
    row = credential(created_at=AT.astimezone(tokyo))
    session.add(row)
    session.flush()
    session.expire(row)
    assert row.created_at == AT
    assert row.created_at.tzinfo == UTC


def test_a_naive_instant_is_refused(session):
    session.add(credential(created_at=datetime(2027, 5, 5, 9, 30)))
    with pytest.raises(StatementError, match="needs a zone"):
        session.flush()


def test_a_version_is_compared_in_the_update_itself(session, organiser):
    session.execute(text("UPDATE organisers SET version = version + 1"))
    organiser.name = "changed elsewhere meanwhile"
    with pytest.raises(StaleDataError):
        session.flush()


def test_a_shown_row_bumps_its_revision_in_the_same_flush(session, organiser):
    series = Series(organiser_id=organiser.id, slug="s", name="S", created_at=AT)
    session.add(series)
    session.flush()
    assert series.revision == 1
    series.name = "Renamed"
    session.flush()
    assert series.revision == 2
    assert list(shown_changes(session).values()) == [series]
    session.flush()
    assert series.revision == 2


def test_ids_are_text(session, organiser):
    assert isinstance(session.get(Organiser, organiser.id).id, str)


def test_a_nudge_waits_for_the_commit(session):
    nudge(session, "post.drain")
    nudge(session, "post.drain")
    assert list(session.info["nudges"]) == ["post.drain"]
