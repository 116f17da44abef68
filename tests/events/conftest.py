"""What the tests of doors share."""

from __future__ import annotations

import pytest

from tests.factories.events import make_event


@pytest.fixture
def admin(token_for):
    """Headers of an organiser's administrator."""
    return token_for()


@pytest.fixture
def event(session, organiser):
    """An idea, committed."""
    made = make_event(session, organiser.id)
    session.commit()
    return made
