"""The doorbell may be lost, and never raises."""

import time
from pathlib import Path

import pytest

from eventsvc.core import bell
from tests.conftest import settings_for


@pytest.fixture
def hung(tmp_path: Path):
    yield lambda **changes: bell.hang(
        settings_for("sqlite://", tmp_path, **changes), {"post.drain": "mail"}
    )
    bell.hang(settings_for("sqlite://", tmp_path), {})


def test_without_a_broker_the_runner_takes_each_ring_once(hung):
    hung()
    bell.ring("post.drain")
    bell.ring("post.drain")
    assert bell.take_rings() == {"post.drain"}
    assert bell.take_rings() == set()


def test_a_broker_that_is_away_costs_less_than_half_a_second_and_no_error(hung):
    hung(broker_url="redis://127.0.0.1:1/0")
    start = time.monotonic()
    bell.ring("post.drain")
    assert time.monotonic() - start < 1.5
    assert bell.take_rings() == set()
