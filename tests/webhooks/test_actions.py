"""The verbs, where the doors and the job do not show them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eventsvc.core.errors import Conflict
from eventsvc.webhooks import actions
from tests.factories.events import NOW, make_event
from tests.webhooks.support import HOUSE, an_endpoint, deliveries

MINUTE = timedelta(minutes=1)


def test_a_late_answer_of_a_sender_that_lost_its_lease_changes_nothing(session, organiser):
    an_endpoint(session, organiser.id)
    make_event(session, organiser.id, state="announced")
    session.flush()
    (held,) = actions.claim_due(session, now=NOW)
    later = NOW + 2 * MINUTE
    assert actions.reap(session, now=NOW + MINUTE / 2) == 0
    assert actions.reap(session, now=later) == 1
    (again,) = actions.claim_due(session, now=later)
    told = {"duration_ms": 1, "luck": 0.0, "now": later}
    actions.record_outcome(session, held, actions.Outcome(410, None), **told)
    assert deliveries(session)[0].state == "sending"
    actions.record_outcome(session, again, actions.Outcome(204, None), **told)
    assert deliveries(session)[0].state == "delivered"


def test_what_is_being_sent_is_not_sent_again_by_hand(session, organiser):
    endpoint, _ = an_endpoint(session, organiser.id)
    make_event(session, organiser.id, state="announced")
    session.flush()
    actions.claim_due(session, now=NOW)
    session.expire_all()
    (delivery,) = deliveries(session)
    with pytest.raises(Conflict) as refused:
        actions.redeliver(session, HOUSE, endpoint, delivery, now=NOW)
    assert refused.value.code == "delivery-in-progress"
