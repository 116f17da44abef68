"""``eventsvc config`` and settings that are refused."""

from __future__ import annotations

import pytest

from eventsvc.core import config

KEY = "0123456789abcdef0123456789abcdef-secret"


def test_check_shows_every_setting_and_no_secret(shell):
    said = shell(
        "config",
        "check",
        SECRET_KEY=KEY,
        DATABASE_URL="postgresql+psycopg://owner:hidden-word@127.0.0.1/x",
        BROKER_URL="redis://:hidden-word@127.0.0.1/0",
    )
    assert said.code == 0
    assert len(said.out.splitlines()) == len(config.table().splitlines()) - 2
    assert KEY not in said.out
    assert "hidden-word" not in said.out
    assert "postgresql+psycopg://owner:••••@127.0.0.1/x" in said.out


def test_table_is_the_one_made_from_the_code(shell):
    assert shell("config", "table").out == config.table()


REFUSED = [
    ({"COLOUR": "red"}, "EVENTSVC_COLOUR"),
    ({"WEB_WORKERS": "many"}, "EVENTSVC_WEB_WORKERS"),
    ({"RATELIMIT_ENABLED": "perhaps"}, "EVENTSVC_RATELIMIT_ENABLED"),
    ({"BIND": "8000"}, "EVENTSVC_BIND"),
    ({"DATABASE_URL": "mysql://127.0.0.1/x"}, "EVENTSVC_DATABASE_URL"),
    ({"MAIL_URL": "null://"}, "EVENTSVC_MAIL_URL"),
    ({"BROKER_URL": "amqp://127.0.0.1"}, "EVENTSVC_BROKER_URL"),
    ({"BASE_URL": "events.example.org"}, "EVENTSVC_BASE_URL"),
    ({"SECRET_KEY_FILE": "/nowhere/key"}, "EVENTSVC_SECRET_KEY_FILE"),
    ({"ENVIRONMENT": "production", "SECRET_KEY": "change-me"}, "EVENTSVC_SECRET_KEY"),
]


@pytest.mark.parametrize(("variables", "named"), REFUSED, ids=[row[1] for row in REFUSED])
def test_a_refused_setting_is_one_sentence_that_names_it(shell, variables, named):
    sentence = shell.fails("config", "check", **variables)
    assert named in sentence
    assert "change-me" not in sentence


@pytest.mark.parametrize("command", [("web",), ("up",), ("db", "upgrade"), ("token", "list")])
def test_every_command_refuses_it(shell, command):
    assert "EVENTSVC_BIND" in shell.fails(*command, BIND="here")


def test_the_runner_leaves_the_work_to_celery_where_a_broker_is_set(shell):
    assert "Celery" in shell.fails("runner", BROKER_URL="redis://127.0.0.1:1/0")


def test_help_teaches(shell):
    said = shell("--help")
    assert said.code == 0
    for command in ("up", "web", "runner", "db", "seed", "token", "config", "invariants"):
        assert f"\n  {command} " in said.out
    assert "eventsvc up" in said.out
