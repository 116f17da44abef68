"""Fixtures of the calendar tests: an organiser that transactions of the code under test see."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from eventsvc.accounts.models import Organiser
from tests.conftest import add_organiser


@pytest.fixture
def organiser(session: Session) -> Organiser:
    """A synthetic organiser, committed into the transaction of the test."""
    made = add_organiser(session)
    session.commit()
    return made
