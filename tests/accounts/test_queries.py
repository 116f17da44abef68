"""Questions about organisers and credentials."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from eventsvc.accounts import actions, queries
from eventsvc.core.errors import NotFound
from eventsvc.core.ids import new_id
from eventsvc.core.rights import system
from tests.factories.accounts import a_token, an_organiser

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_private_links_are_no_api_tokens(session, organiser):
    actions.issue_link(
        session,
        secret="a secret key of thirty-two bytes or more",
        registration_id=new_id(),
        organiser_id=organiser.id,
        event_id=None,
        now=NOW,
    )
    assert session.scalars(queries.credentials_of(organiser.id)).all() == []


@pytest.mark.parametrize("how", ["foreign", "missing", "malformed"])
def test_a_token_that_is_not_the_organisers_is_not_found(session, organiser, how):
    credential, _ = a_token(session, an_organiser(session))
    asked = {"foreign": credential.id, "missing": new_id(), "malformed": "x"}[how]
    with pytest.raises(NotFound):
        queries.api_token(session, organiser.id, asked)


def test_the_house_sees_every_organiser(session, organiser):
    other = an_organiser(session)
    for one in (organiser, other):
        assert queries.organiser_for(session, system("job"), one.id).id == one.id
