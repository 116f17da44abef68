"""The hourly job seals everything that was written."""

from __future__ import annotations

import pytest

from eventsvc.audit import jobs, queries
from eventsvc.core import clock
from eventsvc.core.transactions import transaction
from tests.audit.test_queries import an_entry
from tests.conftest import add_organiser


@pytest.mark.commits
def test_the_job_seals_all(committed):
    with transaction() as session:
        organiser_id = add_organiser(session).id
        for _ in range(3):
            an_entry(session, organiser_id)
    jobs.seal()
    with transaction(write=False) as session:
        assert queries.unsealed(session, above=0, most=10) == []
        assert list(queries.broken(session, now=clock.now(session))) == []
