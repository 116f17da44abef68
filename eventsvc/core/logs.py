"""Log lines: JSON, one object each, without anybody's data (security.md §6).

Tokens and mail addresses are masked wherever they stand; of an exception only its class, its
SQLSTATE and the places it passed are written, because the text of a driver's error holds values.
JSON escapes CR and LF, so no value can start a line of its own.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO

import structlog
from structlog.stdlib import ProcessorFormatter

from eventsvc.core import clock
from eventsvc.core.config import Settings

MASK = "[masked]"
PLACES = 8
QUIET = ("werkzeug", "sqlalchemy", "celery.redirected", "urllib3", "alembic")
_TOKEN = re.compile(r"ev[a-z]_[A-Za-z0-9_-]{3,}")
_ADDRESS = re.compile(r"[^\s@<>\"'(),;:]{1,64}@[^\s@<>\"'(),;:]{1,255}")

Line = MutableMapping[str, Any]


def masked(text: str) -> str:
    """The text with every token and every mail address masked."""
    if "ev" in text:
        text = _TOKEN.sub(MASK, text)
    return _ADDRESS.sub(MASK, text) if "@" in text else text


def sqlstate(error: BaseException) -> str | None:
    """SQLSTATE of PostgreSQL or the error name of SQLite: all that is told of a driver's error."""
    origin = getattr(error, "orig", None) or error
    state = getattr(origin, "sqlstate", None) or getattr(origin, "sqlite_errorname", None)
    return None if state is None else str(state)


def places(error: BaseException) -> list[str]:
    """Where an exception passed: the last files, lines and functions, without any value."""
    frames = traceback.extract_tb(error.__traceback__)[-PLACES:]
    return [
        f"{'/'.join(frame.filename.split('/')[-3:])}:{frame.lineno} {frame.name}"
        for frame in frames
    ]


def _stamp(_logger: Any, _name: str, line: Line) -> Line:
    line["time"] = clock.process_now().isoformat(timespec="milliseconds")
    return line


def _tell_error(_logger: Any, _name: str, line: Line) -> Line:
    """Class, SQLSTATE and places in place of an exception and its text."""
    given = line.pop("exc_info", None)
    line.pop("stack_info", None)
    if not given:
        return line
    found = sys.exc_info() if given is True else given
    error = found if isinstance(found, BaseException) else found[1]
    record = line.get("_record")
    if isinstance(record, logging.LogRecord):
        line["event"] = str(record.msg)  # the template; its arguments hold the exception's text
    if error is not None:
        line.update(error=type(error).__name__, where=places(error))
        if sqlstate(error) is not None:
            line["sqlstate"] = sqlstate(error)
    return line


def _mask(_logger: Any, _name: str, line: Line) -> Line:
    return {
        name: value if name in ("_record", "_from_structlog") else _clean(value)
        for name, value in line.items()
    }


def _clean(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {masked(str(name)): _clean(below) for name, below in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(below) for below in value]
    return masked(str(value))


def _written(line: Any, **_options: Any) -> str:
    return json.dumps(line, ensure_ascii=True)


class _OwnHandler(logging.StreamHandler[TextIO]):
    """Ours among the root's handlers, so that configuring twice writes each line once."""


def configure(settings: Settings, stream: TextIO | None = None) -> None:
    """Write the log of this process, also that of its libraries, to ``stream`` (stderr)."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        _stamp,
        _tell_error,
        _mask,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = _OwnHandler(stream or sys.stderr)
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(serializer=_written),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [kept for kept in root.handlers if not isinstance(kept, _OwnHandler)]
    root.addHandler(handler)
    root.setLevel(settings.log_level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
