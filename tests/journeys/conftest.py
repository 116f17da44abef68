"""A running home for each journey."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dev.processes import Group
from tests.conftest import Databases
from tests.journeys.homes import Embedded, Home, Production


@contextmanager
def opened(home: Home, group: Group) -> Iterator[Home]:
    """The home with every part running; stopped afterwards."""
    try:
        home.open()
        yield home
    finally:
        group.stop(30)
        print(home.last_lines())  # noqa: T201  pytest shows it beside a failure


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Home]:
    """SQLite and runner."""
    group = Group()
    with opened(Embedded(tmp_path, f"sqlite:///{tmp_path}/journey.db", group), group) as home:
        yield home


@pytest.fixture
def production(tmp_path: Path, postgresql_url: str) -> Iterator[Home]:
    """PostgreSQL, Redis, Celery, SMTP."""
    databases = Databases("postgresql", tmp_path, postgresql_url)
    group, url = Group(), databases.make()
    try:
        with opened(Production(tmp_path, url, group), group) as home:
            yield home
    finally:
        databases.drop(url)


@pytest.fixture(params=["embedded", "production"])
def home(request: pytest.FixtureRequest) -> Home:
    """Each home in turn: the same journey in both."""
    running: Home = request.getfixturevalue(request.param)
    return running
