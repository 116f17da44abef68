"""Exports are kept for a day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from eventsvc.core.errors import Conflict
from eventsvc.core.files import StoredFile
from eventsvc.exports import actions
from eventsvc.exports.models import Export


def test_files_are_forgotten_after_a_day(client, export, session, token_for):
    made = export("sessions", "csv").json
    row = session.scalars(select(Export)).one()
    assert row.expires_at - row.created_at == timedelta(hours=24)
    assert actions.forget_files(session, expired=row.created_at) == 0
    assert actions.forget_files(session, expired=row.expires_at) == 1
    session.commit()
    assert session.scalar(select(func.count()).select_from(StoredFile)) == 0
    answer = client.get(made["content_url"], headers=token_for("event-manager"))
    assert answer.status_code == 404


def test_what_is_too_long_is_exported_instead(session, event):
    with pytest.raises(Conflict) as refused:
        actions.table_of(session, event, "bookings", "csv", addresses=False, most=1)
    assert refused.value.code == "too-many-rows"
