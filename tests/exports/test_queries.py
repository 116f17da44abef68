"""Exports as rows."""

from __future__ import annotations

import pytest

from eventsvc.core.errors import NotFound
from eventsvc.exports import queries
from tests.factories.events import make_event


@pytest.mark.parametrize("export_id", ["x", "00000000-0000-4000-8000-000000000000"])
def test_an_unknown_export_is_not_there(session, organiser, export_id):
    with pytest.raises(NotFound):
        queries.export_for(session, make_event(session, organiser.id), export_id)
