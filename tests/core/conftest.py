"""The small application of this folder, on SQLite and on PostgreSQL.

PostgreSQL is the server of ``EVENTSVC_TEST_DATABASE_URL``, or the one the suite brought up.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, make_url, text

from eventsvc.core import config
from tests.core import small_app


def _server(request: pytest.FixtureRequest) -> str:
    given = os.environ.get("EVENTSVC_TEST_DATABASE_URL")
    if given:
        return given
    try:
        return str(request.getfixturevalue("postgresql_url"))
    except pytest.FixtureLookupError:
        pytest.skip("no PostgreSQL here")


def _on_server(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def small_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A database for the small application."""
    if request.param == "sqlite":
        folder: Path = tmp_path_factory.mktemp("small")
        yield f"sqlite:///{folder / 'small.db'}"
        return
    server, name = _server(request), f"small_{uuid.uuid4().hex[:12]}"
    _on_server(server, f'CREATE DATABASE "{name}"')
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    _on_server(server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def small(small_url: str) -> Iterator[Flask]:
    """The small application with empty tables."""
    before = config.current()
    with small_app.standing(small_url) as app:
        yield app
    config.configure(before)


@pytest.fixture
def caller(small: Flask) -> FlaskClient:
    """A client of the small application."""
    return small.test_client()


@pytest.fixture
def lite(tmp_path: Path) -> Iterator[str]:
    """A SQLite database for a test that makes its own application."""
    before = config.current()
    yield f"sqlite:///{tmp_path / 'lite.db'}"
    config.configure(before)
