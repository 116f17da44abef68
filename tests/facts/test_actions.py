"""Facts: lower rooms tell, higher rooms listen, in one transaction."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

import pytest
from sqlalchemy import select

from eventsvc.core.errors import Conflict
from eventsvc.core.ids import new_id
from eventsvc.facts import actions
from eventsvc.facts.actions import let_listen, tell
from eventsvc.facts.models import FactRow
from eventsvc.facts.policy import Fact

AT = datetime(2027, 5, 5, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Happened(Fact):
    kind: ClassVar[str] = "test.happened"
    before: datetime | None
    places: tuple[str, ...]


def happened() -> Happened:
    return Happened(at=AT, subject_id=new_id(), event_id=new_id(), before=AT, places=("a", "b"))


@pytest.fixture
def listeners():
    before, to_all = dict(actions._listeners), tuple(actions._to_all)
    yield let_listen
    let_listen(before, to_all=to_all)


def test_a_fact_is_a_row_with_a_readable_payload(session, listeners):
    listeners({})
    fact = happened()
    tell(session, fact)
    row = session.scalars(select(FactRow)).one()
    assert (row.kind, row.subject_id, row.at) == ("test.happened", fact.subject_id, AT)
    assert row.payload == {"before": "2027-05-05T09:00:00+00:00", "places": ["a", "b"]}


def test_listeners_are_called_in_order(session, listeners):
    heard: list[str] = []
    first = lambda _session, _fact: heard.append("seats")  # noqa: E731
    then = lambda _session, _fact: heard.append("mail")  # noqa: E731
    listeners({Happened: [first, then]})
    tell(session, happened())
    assert heard == ["seats", "mail"]


def test_a_listener_refuses_by_raising(session, listeners):
    def refuse(_session, _fact):
        raise Conflict("capacity-below-confirmed", "12 are confirmed.")

    listeners({Happened: [refuse]})
    with pytest.raises(Conflict):
        tell(session, happened())


def test_who_listens_to_another_fact_hears_nothing(session, listeners):
    heard: list[Fact] = []

    @dataclass(frozen=True, kw_only=True)
    class Other(Fact):
        kind: ClassVar[str] = "test.other"

    listeners({Other: [lambda _session, fact: heard.append(fact)]})
    tell(session, happened())
    assert heard == []
