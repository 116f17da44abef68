"""Fixtures: a mail server, and an application that sends to it and commits for real."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import Databases, application
from tests.post.support import Script, example_letters, serving

FAST = {
    "mail_domain_rate": 10_000,
    "mail_total_rate": 10_000,
    "mail_data_timeout": 1,
    "mail_connect_timeout": 2,
    "mail_drain_limit": 60,  # a busy machine must not end a run early
}


@pytest.fixture
def script() -> Script:
    """What the server answers, and what it got."""
    return Script()


@pytest.fixture
def mail_port(script: Script) -> Iterator[int]:
    """A running mail server."""
    with serving(script) as port:
        yield port


@pytest.fixture
def sending(databases: Databases, tmp_path: Path, mail_port: int) -> Iterator[Flask]:
    """The application with that server as its way out."""
    with ExitStack() as stack:
        stack.enter_context(example_letters())
        url = f"smtp://127.0.0.1:{mail_port}"
        own = stack.enter_context(application(databases, tmp_path, mail_url=url, **FAST))
        stack.enter_context(own.app_context())
        yield own
