"""The archive, loaded once per kind of database and read over the API."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from eventsvc.accounts import actions as accounts
from eventsvc.core import clock
from eventsvc.core.rights import system
from eventsvc.core.transactions import transaction
from seeds import load
from tests.conftest import Databases, application


@pytest.fixture(scope="session")
def archive(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on a database with the real editions."""
    with application(databases, tmp_path_factory.mktemp("archive")) as app:
        with app.app_context():
            load(synthetic=False)
        yield app


@pytest.fixture(scope="session")
def admin(archive: Flask) -> dict[str, str]:
    """Headers of a platform administrator."""
    with archive.app_context(), transaction() as session:
        _, token = accounts.create_token(
            session,
            system("test"),
            name="reader",
            role="platform-admin",
            now=clock.now(session),
        )
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture(scope="session")
def get(archive: Flask, admin: dict[str, str]) -> Callable[..., Any]:
    """Read a path below /api/v1; a list comes back whole."""
    client = archive.test_client()

    def read(path: str, **query: Any) -> Any:
        answer = client.get(f"/api/v1{path}", query_string=query, headers=admin)
        assert answer.status_code == 200, answer.text
        body = answer.json
        if "items" not in body or "next_cursor" not in body:
            return body
        items = body["items"]
        while body["next_cursor"]:
            more = query | {"cursor": body["next_cursor"]}
            body = client.get(f"/api/v1{path}", query_string=more, headers=admin).json
            items += body["items"]
        return items

    return read
