"""The gate of jobs."""

from __future__ import annotations

import pytest

from eventsvc.core.errors import NotFound
from eventsvc.core.rights import SCOPES, Actor, Grant, with_grants
from eventsvc.core.work import queue_job
from eventsvc.events.queries import job_gate
from tests.factories.accounts import an_organiser
from tests.factories.events import NOW, make_event, make_series


@pytest.mark.threat(5)
def test_a_role_in_a_series_reaches_the_jobs_of_its_events(session, organiser):
    series, other = (make_series(session, organiser.id) for _ in range(2))
    event = make_event(session, organiser.id, series_id=series.id)
    job_id = queue_job(
        session, "test", key="k", args={}, organiser_id=organiser.id, event_id=event.id, now=NOW
    )
    asking = Actor("account", "Ada", scopes=SCOPES)
    owner = Grant("series-owner", organiser.id, series.id)
    found = job_gate(session, with_grants(asking, [owner]), {"job_id": job_id})
    assert found.places == (owner,)
    elsewhere = (
        Grant("series-owner", organiser.id, other.id),
        Grant("organiser-admin", an_organiser(session).id),
    )
    for grant in elsewhere:
        with pytest.raises(NotFound):
            job_gate(session, with_grants(asking, [grant]), {"job_id": job_id})
