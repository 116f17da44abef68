"""Fixtures: the real application on SQLite and on PostgreSQL.

``session`` and ``client`` work inside one open transaction that is rolled back. Tests of code that
commits more than once (races, crashes, drains) take ``committed``: a database of their own.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.orm import Session

from dev.services import services
from eventsvc.accounts import actions as accounts
from eventsvc.accounts.models import Organiser
from eventsvc.app import create_app
from eventsvc.core import clock
from eventsvc.core.config import Settings
from eventsvc.core.db import Base, db
from eventsvc.core.rights import system

# The same examples in every run, and no deadline: a busy machine is no defect. `make deep` draws
# new examples each time (EVENTSVC_TEST_PROFILE=deep).
hypothesis_settings.register_profile(
    "house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.register_profile(
    "deep", deadline=None, max_examples=1000, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile(os.environ.get("EVENTSVC_TEST_PROFILE", "house"))

SECRET = "a test secret of more than thirty-two bytes"
BACKENDS = ("sqlite", "postgresql")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes by design (`make deep`) gets an hour before it counts as hanging."""
    for item in items:
        if item.get_closest_marker("deep") is not None:
            item.add_marker(pytest.mark.timeout(3600))


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A running PostgreSQL: the one that `make test` brought up, or a private one."""
    given = os.environ.get("EVENTSVC_TEST_DATABASE_URL")
    if given:
        yield given
        return
    with services(postgres=True, redis=False) as running:
        yield running.database_url


@pytest.fixture(scope="session", params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """The database of this run of the test: each test runs on both."""
    return str(request.param)


class Databases:
    """Makes and drops databases of one kind; a migrated template is copied for each."""

    def __init__(self, backend: str, folder: Path, server_url: str | None) -> None:
        self.backend = backend
        self.folder = folder
        self.server_url = server_url

    def _admin(self, statement: str) -> None:
        engine = create_engine(str(self.server_url), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def make(self) -> str:
        """An empty database with every table; returns its URL."""
        name = f"eventsvc_{uuid.uuid4().hex}"
        if self.backend == "sqlite":
            return f"sqlite:///{self.folder / name}.db"
        self._admin(f'CREATE DATABASE "{name}"')
        return make_url(str(self.server_url)).set(database=name).render_as_string(False)

    def drop(self, url: str) -> None:
        """Remove a database that :meth:`make` made."""
        if self.backend == "postgresql":
            self._admin(f'DROP DATABASE "{make_url(url).database}" WITH (FORCE)')


@pytest.fixture(scope="session")
def databases(
    backend: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Databases:
    """Databases of the kind of this run."""
    server = request.getfixturevalue("postgresql_url") if backend == "postgresql" else None
    return Databases(backend, tmp_path_factory.mktemp("databases"), server)


def settings_for(url: str, folder: Path, **changes: Any) -> Settings:
    """Settings of a test application on the database ``url``."""
    values: dict[str, Any] = {
        "environment": "test",
        "database_url": url,
        "data_dir": folder,
        "mail_url": f"file://{folder / 'mailbox'}",
        "base_url": "http://localhost",
        "secret_key": SECRET,
        "ratelimit_enabled": False,
        "log_level": "WARNING",
    }
    return Settings(**(values | changes))


@contextmanager
def application(databases: Databases, folder: Path, **changes: Any) -> Iterator[Flask]:
    """The application on a new database with every table."""
    url = databases.make()
    app = create_app(settings_for(url, folder, **changes))
    with app.app_context():
        Base.metadata.create_all(db.engine)
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        databases.drop(url)


@pytest.fixture(scope="session")
def shared_app(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One application per kind of database, shared by all tests that roll back."""
    with application(databases, tmp_path_factory.mktemp("shared")) as app:
        yield app


@pytest.fixture
def app(shared_app: Flask) -> Iterator[Flask]:
    """The application inside one open transaction, rolled back at the end of the test."""
    shared_app_settings = shared_app
    with shared_app_settings.app_context():
        engine = db.engine
        with engine.connect() as connection:
            outer = connection.begin()
            db.engines[None] = connection  # type: ignore[assignment]
            try:
                yield shared_app
            finally:
                db.session.remove()
                outer.rollback()
                db.engines[None] = engine


@pytest.fixture
def session(app: Flask) -> Session:
    """The session of the open transaction."""
    return db.session()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """An HTTP client of the application."""
    return app.test_client()


@pytest.fixture
def committed(databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    """The application on a database of its own, where commits are real."""
    with application(databases, tmp_path) as own, own.app_context():
        yield own


@pytest.fixture
def organiser(session: Session) -> Organiser:
    """A synthetic organiser."""
    return add_organiser(session)


def add_organiser(session: Session, slug: str = "example-events") -> Organiser:
    """A synthetic organiser with the given slug."""
    values = {"slug": slug, "name": "Example Events", "email": "events@example.org"}
    return accounts.add_organiser(session, system("test"), values, now=clock.now(session))


@pytest.fixture
def token_for(session: Session, organiser: Organiser) -> Callable[..., dict[str, str]]:
    """Headers with a new token: ``token_for("event-manager", scopes=[…], organiser=other)``."""

    def make(
        role: str = "organiser-admin",
        *,
        scopes: list[str] | None = None,
        organiser: Organiser | None = organiser,
        event_id: str | None = None,
    ) -> dict[str, str]:
        _, token = accounts.create_token(
            session,
            system("test"),
            name=f"test {role}",
            role=role,
            scopes=scopes,
            organiser_id=organiser.id if organiser else None,
            event_id=event_id,
            now=clock.now(session),
        )
        session.commit()
        return {"Authorization": f"Bearer {token}"}

    return make
