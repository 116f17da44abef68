"""What is due, fairly shared out, and what stands."""

from __future__ import annotations

from datetime import timedelta

from eventsvc.webhooks import actions, queries
from eventsvc.webhooks.actions import sending
from tests.factories.events import NOW, make_event
from tests.webhooks.support import URL, an_endpoint


def test_an_endpoint_that_hangs_holds_up_nobody_else(session, organiser):
    for path in ("/slow", "/quick"):
        an_endpoint(session, organiser.id, URL + path)
    for _ in range(20):
        make_event(session, organiser.id, state="announced")
    session.flush()
    first = actions.claim_due(session, now=NOW)
    paths = [one.url.rsplit("/", 1)[1] for one in first]
    assert paths.count("slow") == paths.count("quick") == sending.MOST_EACH


def test_what_stands_is_counted_by_state(session, organiser):
    an_endpoint(session, organiser.id)
    for _ in range(3):
        make_event(session, organiser.id, state="announced")
    session.flush()
    assert queries.standing(session, now=NOW) == {"pending": 3, "sending": 0, "failed": 0}
    assert queries.standing(session, now=NOW - timedelta(seconds=1))["pending"] == 0
    actions.claim_due(session, now=NOW)
    assert queries.standing(session, now=NOW) == {"pending": 0, "sending": 3, "failed": 0}
