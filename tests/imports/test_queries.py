"""Imports as rows."""

from __future__ import annotations

import pytest

from eventsvc.core.errors import NotFound
from eventsvc.imports import queries
from tests.factories.events import make_event


def test_an_import_is_found_by_its_event_and_its_job(send, session, event, organiser):
    taken = send("rooms", "name\nHall").json
    found = queries.import_for(session, event, taken["import_id"])
    assert queries.import_of_job(session, taken["id"]) is found
    assert found.job.state == "queued"
    for other, import_id in ((make_event(session, organiser.id), found.id), (event, "x")):
        with pytest.raises(NotFound):
            queries.import_for(session, other, import_id)
