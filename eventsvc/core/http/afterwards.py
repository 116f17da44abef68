"""What is noted once an answer is out, in a transaction of its own: a GET changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

import structlog
from flask import Flask, Response, current_app
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from eventsvc.core import clock
from eventsvc.core.transactions import transaction

log = structlog.get_logger(__name__)

Note = Callable[[Session, datetime], None]


def after_answer(response: Response, note: Note) -> Response:
    """``response``, with ``note(session, now)`` to be done when it has been sent.

    It holds values, never rows: the transaction of the answer is over by then. What the database
    refuses is logged and lost; so note only what may be missed once.
    """
    # the application itself: the proxy is gone when the answer is closed
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    response.call_on_close(partial(_do, app, note))
    return response


def _do(app: Flask, note: Note) -> None:
    try:
        with app.app_context(), transaction(write=True) as session:
            note(session, clock.now(session))
    except SQLAlchemyError as error:
        log.warning("answer.not_noted", error=type(error).__name__)
