"""Log lines say enough to find a fault and nothing about anybody (security.md §6)."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from sqlalchemy.exc import IntegrityError

from eventsvc.core import logs
from eventsvc.core.ids import new_token
from tests.core.small_app import SETTINGS


class DriverError(Exception):
    """Stands for psycopg's: the text holds values."""

    sqlstate = "23505"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What is logged during the test."""
    stream = io.StringIO()
    level = logging.getLogger().level
    logs.configure(SETTINGS, stream)
    yield stream
    root = logging.getLogger()
    root.handlers = [kept for kept in root.handlers if not isinstance(kept, logs._OwnHandler)]
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def lines(stream: io.StringIO) -> list[dict]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_json_with_time_level_and_request_id(written):
    structlog.contextvars.bind_contextvars(request_id="r-1")
    structlog.get_logger("here").info("seat.taken", number=7)
    [line] = lines(written)
    assert line["event"] == "seat.taken"
    assert line["level"] == "info"
    assert line["request_id"] == "r-1"
    assert line["number"] == 7
    assert line["time"].endswith("+00:00")


@pytest.mark.parametrize("kind", ["evt", "evl", "evc"])
def test_tokens_and_addresses_are_masked_wherever_they_stand(written, kind):
    token = new_token(kind)
    structlog.get_logger().warning(
        f"saw {token}", deep=[{"to": "Ada <ada@example.org>", "x": (token,)}], obj=ValueError(token)
    )
    text = written.getvalue()
    assert token not in text
    assert token[4:20] not in text
    assert "ada@" not in text
    assert text.count(logs.MASK) == 4


def test_a_line_break_in_a_value_starts_no_line(written):
    structlog.get_logger().info("x", name='a\r\n{"event": "forged"}\u2028')
    assert len(written.getvalue().splitlines()) == 1


def _insert() -> None:
    raise IntegrityError("INSERT", {"name": "Ada Lovelace"}, DriverError("Key (Ada Lovelace)"))


def test_an_exception_is_told_by_class_sqlstate_and_place(written):
    try:
        _insert()
    except IntegrityError:
        structlog.get_logger().exception("broken")
        logging.getLogger("celery.app.trace").exception("Task %s raised", "Ada Lovelace")
    first, second = lines(written)
    for line in (first, second):
        assert line["error"] == "IntegrityError"
        assert line["sqlstate"] == "23505"
        assert "test_logs.py" in line["where"][-1]
    assert second["event"] == "Task %s raised"
    assert "Lovelace" not in written.getvalue()


def test_lines_of_libraries_come_out_alike(written):
    logging.getLogger("some.library").warning("hello %s", "ada@example.org")
    [line] = lines(written)
    assert line["event"] == f"hello {logs.MASK}"
    assert line["logger"] == "some.library"


def test_configuring_twice_writes_a_line_once(written):
    logs.configure(SETTINGS, written)
    structlog.get_logger().info("once")
    assert len(lines(written)) == 1


def test_the_level_of_the_settings_holds(written):
    structlog.get_logger().debug("not shown")
    assert written.getvalue() == ""
