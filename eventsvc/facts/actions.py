"""Telling facts: lower rooms tell, higher rooms listen, all in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.facts.models import FactRow
from eventsvc.facts.policy import Fact

# A listener takes exactly the fact class it is listed for in app.py; mypy cannot say that here.
Listener = Callable[[Session, Any], None]
_listeners: dict[type[Fact], tuple[Listener, ...]] = {}


_to_all: list[Listener] = []


def let_listen(
    listeners: Mapping[type[Fact], Sequence[Listener]], *, to_all: Sequence[Listener] = ()
) -> None:
    """Set who listens to which fact, in order, and who then hears of every fact.

    ``app.py`` holds the one list.
    """
    _to_all[:] = to_all
    _listeners.clear()
    _listeners.update({kind: tuple(called) for kind, called in listeners.items()})


def tell(session: Session, fact: Fact) -> None:
    """Write the fact and call its listeners in the same transaction.

    A listener refuses by raising a ``core.errors.Refusal``; then nothing of the act remains.
    """
    session.add(
        FactRow(
            kind=fact.kind,
            organiser_id=fact.organiser_id,
            event_id=fact.event_id,
            subject_id=fact.subject_id,
            at=fact.at,
            payload=payload_of(fact),
        )
    )
    session.flush()
    for listener in (*_listeners.get(type(fact), ()), *_to_all):
        listener(session, fact)


def payload_of(fact: Fact) -> dict[str, Any]:
    """What a fact says beyond its subject, as plain JSON."""
    return {
        name: _plain(getattr(fact, name))
        for name in (f.name for f in fields(fact))
        if name not in {"at", "subject_id", "organiser_id", "event_id"}
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple | frozenset) else value
