"""An event to import into, and a way to send files and do their jobs."""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from eventsvc.events.models import Event
from eventsvc.imports import jobs
from tests.factories.events import make_event

_key = count(1)


@pytest.fixture
def event(session: Session, organiser) -> Event:
    """A published edition with 100 places."""
    made = make_event(session, organiser.id, state="published", capacity=100)
    session.commit()
    return made


@pytest.fixture
def send(client: FlaskClient, token_for, event) -> Callable[..., Any]:
    """Send a file: ``send("rooms", "name\\nHall", mode="dry_run")``; answers the response."""
    manager = token_for("event-manager")

    def post(
        kind: str, content: str | bytes, *, headers=None, name="file.csv", at=None, **fields: Any
    ):
        raw = content.encode() if isinstance(content, str) else content
        told = {"kind": kind, "format": "csv", "mode": "commit", **fields}
        return client.post(
            f"/api/v1/events/{at or event.id}/imports",
            data={**told, "file": (io.BytesIO(raw), name)},
            headers={"Idempotency-Key": f"k-{next(_key)}", **(headers or manager)},
            content_type="multipart/form-data",
        )

    return post


@pytest.fixture
def load(send, client, token_for) -> Callable[..., dict[str, Any]]:
    """Send a file and do its job; answers the job as the door shows it."""
    manager = token_for("event-manager")

    def through(kind: str, content: str | bytes, **fields: Any) -> dict[str, Any]:
        taken = send(kind, content, **fields)
        assert taken.status_code == 202, taken.text
        jobs.run()
        job: dict[str, Any] = client.get(taken.headers["Location"], headers=manager).json
        return job

    return through


def told(job: dict[str, Any]) -> list[tuple[int, str, list[tuple[str, str]]]]:
    """(line, action, [(pointer, code)]) of each row."""
    return [
        (row["line"], row["action"], [(e["pointer"], e["code"]) for e in row["errors"]])
        for row in job["result"]["rows"]
    ]
