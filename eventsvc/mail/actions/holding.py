"""Holding mail back while something is done that nobody is to be written to about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

HELD = "mail_held_back"
"""Where a session keeps the reason."""


@contextmanager
def held_back(session: Session, reason: str | None) -> Iterator[None]:
    """Inside, messages are written as ended for ``reason``, so that people see why nothing came.

    None: everything goes out as ever.
    """
    before = session.info.get(HELD)
    session.info[HELD] = reason
    try:
        yield
    finally:
        session.info[HELD] = before
