"""Every operation × {other organiser, other event, weak scope, link, nobody} (security.md, 5 to 7).

Everything that is refused leaves every table as it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from eventsvc.core.ids import new_id
from tests.surface.operations import Operation, without_times

pytestmark = [pytest.mark.threat(5), pytest.mark.timeout(300)]

BROKEN = {"data": b'{"broken', "content_type": "application/json"}


def refused(
    world: Any, chosen: Iterable[Operation], expected: set[int], call: Any
) -> dict[str, Any]:
    """What was not refused with one of ``expected``, or left something behind."""
    wrong: dict[str, Any] = {}
    before = world.state()
    for operation in chosen:
        answer = call(operation)
        if answer.status_code not in expected:
            wrong[operation.name] = (answer.status_code, answer.text[:200])
        after = world.state()
        if after != before:
            wrong[f"{operation.name} leaves"] = sorted(set(after) ^ set(before))
            before = after
    return wrong


def addressed(world: Any, home: Any, chosen: Iterable[Operation]) -> dict[str, str]:
    """The addresses of these operations, with everything made that they need."""
    return {operation.name: world.address(operation, home) for operation in chosen}


def all_but_public(world: Any) -> list[Operation]:
    return [o for o in world.operations.values() if not o.declared.public]


def below_something(world: Any, parameter: str) -> list[Operation]:
    return [o for o in world.operations.values() if o.for_staff and parameter in o.parameters]


def open_broken(world: Any, operation: Operation, address: str, headers: dict[str, str]) -> Any:
    """A call with a body that nobody can read: rights come before it (row 7)."""
    body = BROKEN if operation.method != "GET" else {}
    return world.client.open(address, method=operation.method, headers=headers, **body)


@pytest.mark.threat(7)
@pytest.mark.parametrize("given", [None, "Bearer evt_guessed", "Basic cm9iaW46eA=="])
def test_nobody_is_let_in_before_the_body_is_read(world, home, given):
    chosen = all_but_public(world)
    at = addressed(world, home, chosen)
    headers = {"Authorization": given} if given else {}
    call = lambda o: open_broken(world, o, at[o.name], headers)  # noqa: E731
    assert refused(world, chosen, {401}, call) == {}


@pytest.mark.threat(7)
def test_a_weak_scope_is_refused_before_the_body_is_read(world, home, token_for):
    chosen = [o for o in world.operations.values() if o.for_staff]
    at = addressed(world, home, chosen)
    weak = {
        "audit:read": token_for(scopes=["series:read"]),
        "other": token_for(scopes=["audit:read"]),
    }

    def call(operation):
        headers = weak["audit:read" if operation.declared.scope == "audit:read" else "other"]
        return open_broken(world, operation, at[operation.name], headers)

    assert refused(world, chosen, {403}, call) == {}


def test_a_guest_opens_no_door_of_the_staff(world, home):
    chosen = [o for o in world.operations.values() if o.for_staff]
    at = addressed(world, home, chosen)
    call = lambda o: open_broken(world, o, at[o.name], home.guest)  # noqa: E731
    assert refused(world, chosen, {403}, call) == {}


def test_the_staff_opens_no_door_of_a_guest(world, home):
    chosen = [o for o in world.operations.values() if o.for_links]
    at = addressed(world, home, chosen)
    call = lambda o: open_broken(world, o, at[o.name], home.staff)  # noqa: E731
    assert refused(world, chosen, {403}, call) == {}


def test_another_organiser_finds_nothing(world, home, foreign):
    chosen = [o for o in world.operations.values() if o.guarded and o.parameters]
    at = addressed(world, home, chosen)
    bodies = {o.name: world.body(o, home) for o in chosen if o.declared.body}

    def call(o):
        return world.call(o, home, foreign.staff, address=at[o.name], body=bodies.get(o.name))

    assert refused(world, chosen, {404}, call) == {}


def test_another_organiser_is_told_nothing_in_lists(world, home, foreign):
    """Lists that name no organiser or event hold the caller's own things alone."""
    hidden = set(home.fixed.values())
    shown = set()
    for operation in world.operations.values():
        if operation.for_staff and operation.method == "GET" and not operation.parameters:
            answer = world.call(operation, foreign)
            assert answer.status_code == 200, operation.name
            shown |= {(operation.name, value) for value in hidden if value in answer.text}
    assert shown == set()


def test_a_token_for_another_event_finds_nothing(world, home, sister, token_for):
    chosen = below_something(world, "event_id")
    at = addressed(world, home, chosen)
    bodies = {o.name: world.body(o, home) for o in chosen if o.declared.body}
    bound = token_for(event_id=sister.fixed["event_id"])
    call = lambda o: world.call(o, home, bound, address=at[o.name], body=bodies.get(o.name))  # noqa: E731
    assert refused(world, chosen, {404}, call) == {}


def test_a_token_for_one_event_changes_nothing_of_the_whole_organiser(
    world, home, sister, token_for
):
    chosen = [o for o in below_something(world, "organiser_id") if o.method in ("PATCH", "DELETE")]
    at = addressed(world, home, chosen)
    bound = token_for(event_id=sister.fixed["event_id"])
    call = lambda o: world.call(o, home, bound, address=at[o.name])  # noqa: E731
    assert refused(world, chosen, {403, 404}, call) == {}


def test_things_of_one_event_are_not_found_under_another(world, home, sister):
    chosen = [o for o in below_something(world, "event_id") if len(o.ids) > 1]
    addressed(world, home, chosen)
    at = {}
    for o in chosen:
        theirs = {n: world.value(o.upto(n), n, home) for n in o.ids[1:]}
        at[o.name] = world.address(o, sister, **theirs)
    bodies = {o.name: world.body(o, sister) for o in chosen if o.declared.body}
    call = lambda o: world.call(o, sister, address=at[o.name], body=bodies.get(o.name))  # noqa: E731
    assert refused(world, chosen, {404}, call) == {}


def test_a_guest_does_not_find_what_another_guest_has(world, home, sister):
    chosen = [o for o in world.operations.values() if o.for_links and o.ids]
    at = addressed(world, home, chosen)
    bodies = {o.name: world.body(o, home) for o in chosen if o.declared.body}
    call = lambda o: world.call(  # noqa: E731
        o, sister, sister.guest, address=at[o.name], body=bodies.get(o.name)
    )
    assert refused(world, chosen, {404}, call) == {}


@pytest.mark.threat(6)
def test_missing_foreign_and_malformed_are_one_answer(world, home, foreign):
    wrong = {}
    for operation in [o for o in world.operations.values() if o.guarded and o.ids]:
        last = operation.ids[-1]
        theirs = world.value(operation.upto(last), last, foreign)
        ids = (new_id(), theirs, "not-an-id", theirs.upper())
        at = [world.address(operation, home, **{last: value}) for value in ids]
        body = world.body(operation, home) if operation.declared.body else None
        answers = [world.call(operation, home, address=address, body=body) for address in at]
        told = {str(without_times(answer)) for answer in answers}
        if len(told) != 1 or answers[0].status_code != 404:
            wrong[operation.name] = told
    assert wrong == {}


def linked(world: Any, operation: Operation) -> list[str]:
    """The fields of its request that name another thing of the organiser or of the event."""
    if not operation.declared.body or operation.declared.form or not operation.for_staff:
        return []
    schema = world.described(operation)["requestBody"]["content"]["application/json"]["schema"]
    found = world.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    named = [n for n, told in found["properties"].items() if told.get("format") == "uuid"]
    return [n for n in named if n in KINDS or world.rule_of(n)]


KINDS = {
    "other_event_id": "event_id",
    "parent_id": "event_id",
    "before_event_id": "event_id",
    "own_event_id": "event_id",
    "copy_from": "event_id",
    "block_id": "session_id",
    "run_by_id": "organisation_id",
    "host_organisation_id": "organisation_id",
}
"""Fields that name a thing by another word than its address does."""


def test_a_thing_of_another_organiser_cannot_be_linked(world, home, foreign):
    wrong = {}
    for operation in world.operations.values():
        for name in linked(world, operation):
            address = world.address(operation, home)
            body = world.body(operation, home)
            body[name] = world.thing(KINDS.get(name, name), foreign)
            before = world.state()
            headers = {"If-Match": "*"} if operation.declared.precondition else {}
            answer = world.call(operation, home, address=address, body=body, headers=headers)
            if answer.status_code not in (404, 409, 422) or world.state() != before:
                wrong[f"{operation.name} {name}"] = (answer.status_code, answer.text[:200])
    assert wrong == {}


def test_every_address_can_be_made(world, home):
    """A new operation mostly works by itself; else one line in ``registry.py`` says how."""
    for operation in world.operations.values():
        world.address(operation, home)
    assert world.unmade == {}


def test_the_walks_above_are_not_empty(world):
    chosen = world.operations.values()
    assert len([o for o in chosen if o.for_staff]) > 130
    assert len([o for o in chosen if o.for_links]) > 8
    assert len([(o.name, n) for o in chosen for n in linked(world, o)]) > 20
