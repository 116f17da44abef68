"""Migrations run up and down on both databases and make exactly the tables of the models."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import flask_migrate
import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError

from eventsvc.app import create_app
from eventsvc.core.db import db
from tests.conftest import Databases, settings_for


@pytest.fixture
def empty(databases: Databases, tmp_path: Path):
    url = databases.make()
    app = create_app(settings_for(url, tmp_path))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    databases.drop(url)


def tables() -> set[str]:
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def test_up_makes_what_the_models_say(empty, tmp_path):
    """Asked in a process of its own: other tests put small tables of theirs beside the models."""
    flask_migrate.upgrade()
    url = empty.config["SQLALCHEMY_DATABASE_URI"]
    env = os.environ | {"EVENTSVC_DATABASE_URL": url, "EVENTSVC_DATA_DIR": str(tmp_path)}
    check = [sys.executable, "-m", "eventsvc.cli", "db", "check"]
    run = subprocess.run(check, env=env, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_down_takes_everything_away_and_up_again_works(empty):
    flask_migrate.upgrade()
    assert "registrations" in tables()
    flask_migrate.downgrade(revision="base")
    assert tables() == set()
    flask_migrate.upgrade()
    assert "registrations" in tables()


@pytest.mark.threat(30)
@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_entries SET action = 'x'", "DELETE FROM audit_entries"],
)
def test_row_30_audit_entries_are_append_only_after_a_migration(empty, statement):
    flask_migrate.upgrade()
    with db.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO audit_entries (actor_kind, actor_name, action, subject_type,"
                " subject_id, at, changes) VALUES ('system', 't', 'a', 's',"
                " '00000000-0000-0000-0000-000000000000', '2026-01-01 00:00:00+00', '{}')"
            )
        )
    with pytest.raises(DatabaseError, match="append-only"), db.engine.begin() as connection:
        connection.execute(text(statement))
