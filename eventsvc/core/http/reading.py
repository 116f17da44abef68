"""One reading transaction for the judge and the view of a call that only looks.

The credential, the gate and the resource are read in it, so what was allowed is what is shown.
It ends with the view, or with the request where the judge refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from sqlalchemy.orm import Session

from eventsvc.core.http.asked import asked
from eventsvc.core.http.declare import Declaration
from eventsvc.core.transactions import transaction

LOOKING = ("reads", "lists", "sends")


@contextmanager
def judging(view: Declaration) -> Iterator[Session]:
    """The transaction of the judge; left open for the view where that only looks."""
    if view.kind not in LOOKING:
        with transaction(write=False) as session:
            yield session
        return
    yield _begun()


@contextmanager
def looking() -> Iterator[Session]:
    """The transaction of a view that only looks: the judge's, if there is one."""
    try:
        yield _begun()
    finally:
        end()


def _begun() -> Session:
    now = asked()
    if now.reading is None:
        now.stack = ExitStack()
        now.reading = now.stack.enter_context(transaction(write=False))
    return now.reading


def end(_error: BaseException | None = None) -> None:
    """End what the judge left open; a ``teardown_request`` function."""
    now = asked()
    stack, now.stack, now.reading = now.stack, None, None
    if stack is not None:
        stack.close()
