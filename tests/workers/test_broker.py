"""A real worker: it refuses pickle, and outlives its Redis."""

from __future__ import annotations

import base64
import json
import pickle
from pathlib import Path

import pytest
import redis

from tests.journeys.conftest import production  # noqa: F401  a home of real processes
from tests.journeys.homes import Production, wait_for

pytestmark = [pytest.mark.servers, pytest.mark.timeout(240)]


class Planted:
    """Makes a file when it is unpickled."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self):
        return (Path.touch, (self.file,))


def message(content_type: str, encoding: str, body: bytes) -> str:
    """A message as kombu writes it to Redis, for the queue ``plan``."""
    return json.dumps(
        {
            "body": base64.b64encode(body).decode(),
            "content-type": content_type,
            "content-encoding": encoding,
            "headers": {"task": "events.clock", "id": "1", "lang": "py"},
            "properties": {
                "body_encoding": "base64",
                "delivery_info": {"exchange": "", "routing_key": "plan"},
                "delivery_tag": "1",
                "delivery_mode": 2,
            },
        }
    )


@pytest.mark.threat(29)
def test_a_pickled_message_is_refused_unread(production: Production, tmp_path: Path):  # noqa: F811
    planted = tmp_path / "planted"
    log = production.running["worker"].log
    assert log is not None
    wait_for("the worker", lambda: "ready." in log.read_text())
    body = pickle.dumps(((Planted(planted),), {}, {}))
    with redis.Redis(port=production.redis_port) as broker:
        broker.lpush("plan", message("application/x-python-serialize", "binary", body))
        wait_for("a look at it", lambda: "ContentDisallowed" in log.read_text())
    assert not planted.exists()
    assert production.running["worker"].alive
    production.ring("core.retention")
    wait_for("the next message", lambda: "Task core.retention" in log.read_text())


def test_a_worker_outlives_its_redis_with_a_poke_in_hand(production: Production):  # noqa: F811
    worker = production.running["worker"]
    assert worker.log is not None
    log = worker.log
    wait_for("the worker", lambda: "ready." in log.read_text())
    for _ in range(2):
        for _ in range(5):
            production.ring("post.drain")
        production.stop("redis")
        seen = len(log.read_text())
        wait_for("its loss", lambda seen=seen: "Cannot connect" in log.read_text()[seen - 500 :])
        production.start("redis")
        production.ring("core.retention")
        wait_for("work", lambda seen=seen: "Task core.retention" in log.read_text()[seen:])
    assert worker.alive
