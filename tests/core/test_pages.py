"""Pages neither repeat nor skip, whatever is sorted by and whatever comes in between."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import event, func, literal, select

from eventsvc.core import config, pages
from eventsvc.core.db import db
from eventsvc.core.errors import MalformedRequest
from tests.core.small_app import HALL, Chair

HEIGHTS = [3, None, 1, 3, None, 2, 3, 1, None, 2, 5]
SORTS = {"name": Chair.name, "height": Chair.height, "initial": func.substr(Chair.name, 1, 1)}


@pytest.fixture
def session(small) -> Iterator:
    with small.app_context():
        yield db.session()


@pytest.fixture
def chairs(session) -> list[Chair]:
    made = [
        Chair(hall_id=HALL, name=f"{'äbc'[n % 3]} {n:02}", height=height)
        for n, height in enumerate(HEIGHTS)
    ]
    session.add_all(made)
    session.commit()
    return made


def cut(session, statement=None, **query) -> pages.Page:
    loaded = pages.ListQuery().load({name: str(value) for name, value in query.items()})
    statement = select(Chair) if statement is None else statement
    return pages.page(session, statement, loaded, sorts=SORTS, default="name")


def walk(session, **query) -> list[Chair]:
    found: list[Chair] = []
    page = cut(session, **query)
    while True:
        found += page.items
        if page.next_cursor is None:
            return found
        assert re.fullmatch(r"[A-Za-z0-9_.:+~-]{1,500}", page.next_cursor)
        page = cut(session, **query, cursor=page.next_cursor)


@pytest.mark.parametrize(
    "sort",
    ["height", "-height", "height,name", "-height,-name", "name", "-initial", "initial,-height"],
)
@pytest.mark.parametrize("limit", [1, 3, 10, 11, 12])
def test_each_item_comes_once_in_order(session, chairs, sort, limit):
    found = walk(session, sort=sort, limit=limit)
    assert sorted(chair.id for chair in found) == sorted(chair.id for chair in chairs)
    assert [chair.id for chair in found] == [chair.id for chair in walk(session, sort=sort)]
    heights = [chair.height for chair in found]
    if sort.startswith("height"):
        assert heights == [1, 1, 2, 2, 3, 3, 3, 5, None, None, None]
    if sort.startswith("-height"):
        assert heights == [None, None, None, 5, 3, 3, 3, 2, 2, 1, 1]


def test_what_comes_or_goes_in_between_shifts_nothing(session, chairs):
    first = cut(session, sort="height", limit=5)
    session.delete(first.items[-1])
    session.add(Chair(hall_id=HALL, name="early", height=0))
    session.add(Chair(hall_id=HALL, name="late", height=4))
    session.commit()
    rest = cut(session, sort="height", cursor=first.next_cursor)
    seen = {chair.name for chair in (*first.items, *rest.items)}
    assert seen == {chair.name for chair in chairs} | {"late"}
    assert len(first.items) + len(rest.items) == len(chairs) + 1


def test_the_total_counts_all_and_only_when_asked(session, chairs):
    low = select(Chair).where(Chair.height < 3)
    assert cut(session, low, limit=1, count="true").total == 4
    assert cut(session, low, limit=1).total is None


def test_a_select_of_several_columns_gives_tuples(session, chairs):
    page = cut(session, select(Chair, literal(7).label("seven")), limit=2)
    assert [(type(chair), seven) for chair, seven in page.items] == [(Chair, 7), (Chair, 7)]


def test_long_values_still_fit_into_a_cursor(session):
    for number in range(3):
        session.add(Chair(hall_id=HALL, name="🪑" * 300 + str(number)))
    session.commit()
    assert [chair.name[-1] for chair in walk(session, limit=1)] == ["0", "1", "2"]
    first = cut(session, limit=1)
    session.delete(first.items[0])
    session.commit()
    with pytest.raises(MalformedRequest) as refused:
        cut(session, limit=1, cursor=first.next_cursor)
    assert refused.value.code == "bad-cursor"


def test_a_cursor_holds_for_its_sort_and_filters_only(session, chairs):
    cursor = cut(session, sort="name", limit=2).next_cursor
    assert cut(session, sort="name", limit=7, cursor=cursor, fields="name", count="true").items
    query = {"limit": 2, "cursor": cursor, "sort": "name", "state": "new"}
    for changed in ({**query, "sort": "-name"}, query):
        with pytest.raises(MalformedRequest) as refused:
            pages.page(session, select(Chair), changed, sorts=SORTS, default="name")
        assert refused.value.code == "bad-cursor"


@pytest.mark.parametrize("at", [0, 10, 25, -1])
def test_a_changed_cursor_is_refused(session, chairs, at):
    cursor = cut(session, limit=2).next_cursor
    assert cursor is not None
    letters = list(cursor)
    letters[at] = "A" if letters[at] != "A" else "B"
    for wrong in ("".join(letters), cursor[:-4], cursor + "AAAA", "~", "A"):
        with pytest.raises(MalformedRequest) as refused:
            cut(session, limit=2, cursor=wrong)
        assert refused.value.code == "bad-cursor"
        assert refused.value.members["errors"][0]["parameter"] == "cursor"


def test_a_cursor_of_the_previous_key_still_holds(session, chairs):
    cursor = cut(session, limit=2).next_cursor
    before, new = config.current().secret_key, "the next key, also of 32 bytes or so"
    config.configure(replace(config.current(), secret_key=new, previous_secret_key=before))
    assert cut(session, limit=2, cursor=cursor).items


def test_a_cursor_of_another_key_is_refused(session, chairs):
    cursor = cut(session, limit=2).next_cursor
    config.configure(replace(config.current(), secret_key="another key, also of 32 bytes or so"))
    with pytest.raises(MalformedRequest):
        cut(session, limit=2, cursor=cursor)


def test_a_page_is_one_query_however_long(session, chairs):
    cut(session, limit=1)  # begins the transaction
    asked = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    cut(session, limit=1)
    alone = len(asked)
    cut(session, limit=11)
    assert (alone, len(asked)) == (1, 2)
