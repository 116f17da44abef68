"""The world of the surface tests."""

from __future__ import annotations

import pytest

from eventsvc.core import clock, outgoing
from tests.factories.accounts import an_organiser
from tests.factories.events import NOW
from tests.surface.registry import BODIES, MAKERS, make_home
from tests.surface.world import Home, World


@pytest.fixture(autouse=True)
def at_now():
    """The clock of the doors stands two months before the editions."""
    with clock.standing_at(NOW):
        yield


@pytest.fixture
def world(client, session) -> World:
    """Makes addresses and bodies for any operation."""
    return World(client, session, MAKERS, BODIES)


@pytest.fixture
def home(session, organiser, token_for) -> Home:
    """The edition that is called."""
    return make_home(session, organiser, token_for, slug="home", now=NOW)


@pytest.fixture
def sister(session, organiser, token_for) -> Home:
    """Another edition of the same organiser."""
    return make_home(session, organiser, token_for, slug="sister", now=NOW)


@pytest.fixture
def foreign(session, token_for) -> Home:
    """An edition of another organiser."""
    return make_home(session, an_organiser(session), token_for, slug="foreign", now=NOW)


@pytest.fixture(autouse=True)
def every_name_is_public():
    """No test asks the network for the address of a webhook."""
    with outgoing.resolving_with(lambda _name: ["93.184.215.14"]):
        yield
