"""Gates, the order of time, and a number of queries that does not grow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import event as sqlalchemy_event

from eventsvc.core.errors import NotFound
from eventsvc.core.ids import new_id
from eventsvc.core.pages import page
from eventsvc.core.rights import PUBLIC, Actor, system
from eventsvc.directory.models import Organisation
from eventsvc.events import actions, queries
from tests.conftest import add_organiser
from tests.factories.events import ACTOR, NOW, make_event, make_series


@contextmanager
def counted(session) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    connection = session.connection()
    sqlalchemy_event.listen(connection, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sqlalchemy_event.remove(connection, "before_cursor_execute", note)


def of(organiser_id: str | None, event_id: str | None = None) -> Actor:
    return Actor("token", "x", role="organiser-admin", organiser_id=organiser_id, event_id=event_id)


def make_organisation(session, organiser_id: str, name: str) -> Organisation:
    row = Organisation(organiser_id=organiser_id, slug=name.lower(), name=name, name_key=name,
                       search_text=name, kind="cluster", created_at=NOW)  # fmt: skip
    session.add(row)
    session.flush()
    return row


def test_foreign_missing_and_malformed_are_one_answer(session, organiser):
    event = make_event(session, organiser.id)
    series = make_series(session, organiser.id)
    other = of(add_organiser(session, "other").id)
    for actor, wanted in ((other, event.id), (PUBLIC, event.id), (other, new_id()), (other, "x")):
        with pytest.raises(NotFound):
            queries.event_for(session, actor, wanted)
    for wanted in (series.id, "x'; --"):
        with pytest.raises(NotFound):
            queries.series_for(session, other, wanted)
    assert queries.event_for(session, of(organiser.id), event.id) is event
    assert queries.event_for(session, system("x"), event.id) is event


def test_a_credential_for_one_event_sees_that_event_only(session, organiser):
    series = make_series(session, organiser.id)
    own = make_event(session, organiser.id, series_id=series.id)
    beside = make_event(session, organiser.id, series_id=series.id)
    bound = of(organiser.id, own.id)
    assert queries.event_for(session, bound, own.id) is own
    assert queries.series_for(session, bound, series.id) is series
    with pytest.raises(NotFound):
        queries.event_for(session, bound, beside.id)
    with pytest.raises(NotFound):
        queries.series_for(session, bound, make_series(session, organiser.id).id)


def test_lock_event_reads_the_row_anew_and_refuses_what_is_not_there(session, organiser):
    event = make_event(session, organiser.id)
    assert queries.lock_event(session, event.id) is event
    for wanted in (new_id(), "x"):
        with pytest.raises(NotFound):
            queries.lock_event(session, wanted)


@pytest.mark.parametrize("state", ["announced", "published", "cancelled-later", "draft-later"])
def test_public_from_announced_on(session, organiser, state):
    series = make_series(session, organiser.id)
    event = make_event(session, organiser.id, series_id=series.id)
    with pytest.raises(NotFound):
        queries.public_event(session, series.slug, event.slug)
    with pytest.raises(NotFound):
        queries.public_series(session, series.slug)
    first, _, later = state.partition("-")
    steps = ["announced", first] if later else [first]
    for to in steps:
        actions.transition(session, ACTOR, event, to, reason="why", now=NOW)
    assert queries.public_event(session, series.slug, event.slug) is event
    assert queries.public_series(session, series.slug) is series


def test_an_idea_that_was_cancelled_stays_unknown(session, organiser):
    event = make_event(session, organiser.id, state="cancelled")
    with pytest.raises(NotFound):
        queries.public_event(session, "-", event.slug)


def test_an_event_without_series_is_public_under_a_hyphen(session, organiser):
    event = make_event(session, organiser.id, state="announced")
    assert queries.public_event(session, "-", event.slug) is event


def test_order_in_time_of_editions_known_by_day_month_year_or_not_at_all(session, organiser):
    """The order that the seed facts demand, from dates as incomplete as theirs."""

    def made(title: str, **known) -> None:
        make_event(session, organiser.id, title=title, **known)

    made("Undated", date_precision="none")
    made("Palma", starts_on=date(2025, 5, 14), ends_on=date(2025, 5, 15))
    made("Heilbronn", month="2025-04", not_after=date(2025, 4, 22))
    made("ECC 2024", starts_on=date(2024, 5, 7), ends_on=date(2024, 5, 8))
    made("Düsseldorf", starts_on=date(2023, 11, 8))
    made("Talk", starts_on=date(2022, 10, 5))
    made("ECC 2022", year=2022, before_on=date(2022, 10, 5))
    wanted = ["ECC 2022", "Talk", "Düsseldorf", "ECC 2024", "Heilbronn", "Palma", "Undated"]
    statement = queries.events_of(of(organiser.id))
    seen, cursor = [], None
    while True:
        asked = {"limit": 2, "cursor": cursor}
        listed = page(session, statement, asked, sorts=queries.EVENT_SORTS,
                      default=queries.IN_TIME)  # fmt: skip
        seen += [event.title for event in listed.items]
        cursor = listed.next_cursor
        if cursor is None:
            break
    assert seen == wanted


def test_loaded_neighbours_leave_side_events_out(session, organiser):
    series = make_series(session, organiser.id)
    first = make_event(session, organiser.id, series_id=series.id, year=2022)
    last = make_event(session, organiser.id, series_id=series.id, year=2024)
    make_event(session, organiser.id, series_id=series.id, year=2023, parent_id=first.id)
    assert queries.loaded_neighbours(session, last) == {
        "previous_loaded": first, "next_loaded": None
    }  # fmt: skip


def test_a_public_page_takes_as_many_queries_for_one_as_for_many(session, organiser):
    series = make_series(session, organiser.id)
    event = make_event(session, organiser.id, series_id=series.id, state="announced")

    def fill(number: int) -> None:
        for index in range(number):
            body = make_organisation(session, organiser.id, f"Cluster {index}-{number}")
            told = {"organisation_id": body.id, "role": "partner"}
            actions.add_organisation_role(session, ACTOR, event, told, now=NOW)
            figure = {"metric": "m", "operator": ">", "value": index}
            actions.add_figure(session, ACTOR, event, figure, now=NOW)
            other = make_event(session, organiser.id, parent_id=event.id, state="announced")
            actions.relate(session, ACTOR, event, other, "related", basis="printed", now=NOW)

    def asked() -> int:
        session.expire_all()
        again = queries.public_event(session, series.slug, event.slug)
        with counted(session) as statements:
            page = queries.public_page(session, again)
            assert all(one.name for one in page["organisations"])
        return len(statements)

    fill(1)
    few = asked()
    fill(12)
    assert asked() == few <= 10


def test_public_page_hides_what_was_not_announced(session, organiser):
    event = make_event(session, organiser.id, state="announced")
    hidden = make_event(session, organiser.id, parent_id=event.id)
    actions.relate(session, ACTOR, event, hidden, "next", basis="derived", now=NOW)
    shown = queries.public_page(session, event)
    assert (shown["side_events"], shown["relations"]) == ([], [])
    assert queries.children_of(session, event) == [hidden]


def test_a_missing_venue_is_a_warning(session, organiser):
    event = make_event(session, organiser.id, state="published")
    online = make_event(session, organiser.id, state="published", mode="online")
    assert [one["code"] for one in queries.warnings_for(session, event)] == ["venue-missing"]
    assert queries.warnings_for(session, online) == []


def test_a_gate_and_its_view_ask_for_the_edition_once(session, organiser):
    event = make_event(session, organiser.id)
    session.flush()
    asking = of(organiser.id)
    with counted(session) as sent:
        assert queries.event_for(session, asking, event.id) is event
        assert queries.event_for(session, asking, event.id) is event
    assert len(sent) == 1


def test_what_one_may_see_another_may_not(session, organiser):
    """What was looked up holds for who looked (security.md row 5)."""
    event = make_event(session, organiser.id)
    session.flush()
    allowed = of(organiser.id)
    assert queries.event_for(session, allowed, event.id) is event
    for other in (
        of(new_id()),
        of(organiser.id, new_id()),
    ):
        with pytest.raises(NotFound):
            queries.event_for(session, other, event.id)


def test_a_removed_edition_is_not_found_again(session, organiser):
    event = make_event(session, organiser.id)
    session.flush()
    asking = of(organiser.id)
    queries.event_for(session, asking, event.id)
    session.delete(event)
    session.flush()
    with pytest.raises(NotFound):
        queries.event_for(session, asking, event.id)
