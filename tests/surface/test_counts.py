"""No read costs a query per row: each asks as often for thirty rows as for one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.factories.accounts import counted
from tests.surface.operations import Operation
from tests.surface.registry import MANY

pytestmark = pytest.mark.timeout(300)

ROWS = 30


def looks(world: Any) -> Iterator[Operation]:
    """The reads with a declared answer."""
    for operation in world.operations.values():
        if operation.declared.kind in ("reads", "lists"):
            yield operation


def collections(world: Any) -> list[Operation]:
    """The lists whose things are made by a POST to the same address."""
    found = [o for o in looks(world) if o.declared.kind == "lists" and o.rule in world.posts]
    return sorted(found, key=lambda operation: operation.rule.count("/"))


def fill(world: Any, home: Any, rows: int) -> None:
    """So many things in every collection of a home."""
    refused = []
    for listed in collections(world):
        post = world.posts[listed.rule]
        try:
            for _ in range(0 if post.name in MANY else rows):
                world.add(post, home)
        except AssertionError as error:
            refused.append(str(error).partition("\n")[0])
    assert not refused, "\n".join(refused)
    for make in MANY.values():
        make(world, home, rows)


def asked(world: Any, home: Any) -> dict[str, int]:
    """The statements that each read sends, once everything is warm."""
    sent = {}
    for operation in looks(world):
        address = world.address(operation, home)
        who = home.guest if operation.for_links else home.staff
        world.call(operation, home, who, address=address)
        with counted() as statements:
            answer = world.call(operation, home, who, address=address)
        if answer.status_code == 200:
            sent[operation.name] = len(statements)
    return sent


def test_no_read_asks_more_often_for_more_rows(world, home, foreign):
    fill(world, home, 1)
    fill(world, foreign, ROWS)
    few, many = asked(world, home), asked(world, foreign)
    assert len(few) > 60
    grown = {
        name: (few[name], many[name]) for name in few if name in many and many[name] > few[name]
    }
    assert grown == {}
