"""Synthetic organisers and credentials."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from eventsvc.accounts import actions
from eventsvc.accounts.models import Credential, Organiser
from eventsvc.core import clock
from eventsvc.core.rights import system
from eventsvc.events.models import Event

HOUSE = system("test")


def an_organiser(session: Session, slug: str = "second-organiser", **values: Any) -> Organiser:
    """An organiser of its own; the fixture ``organiser`` has the slug ``example-events``."""
    fields = {"slug": slug, "name": "Second Organiser", "email": "second@example.org"}
    return actions.add_organiser(session, HOUSE, {**fields, **values}, now=clock.now(session))


def a_token(session: Session, organiser: Organiser, **options: Any) -> tuple[Credential, str]:
    """An API token of the organiser, with the rights of an organiser admin unless told."""
    told = {"name": "test", "role": "organiser-admin", **options}
    now = told.pop("now", None) or clock.now(session)
    return actions.create_token(session, HOUSE, organiser_id=organiser.id, now=now, **told)


def an_event(session: Session, organiser: Organiser, slug: str = "example-event") -> Event:
    """A bare event row to bind a credential to."""
    now = clock.now(session)
    made = Event(organiser_id=organiser.id, slug=slug, title="Example event", created_at=now)
    session.add(made)
    session.flush()
    return made


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements sent to the database inside the block."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "SET")):
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)
