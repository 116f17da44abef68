"""Facts of the whole house: named once, plain enough for a row and a webhook."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import get_type_hints

import eventsvc.app  # noqa: F401  brings every room, and so every fact
from eventsvc.facts.policy import Fact

PLAIN = ("str", "int", "bool", "float", "datetime", "date", "None", "tuple", "frozenset")


def every_fact() -> list[type[Fact]]:
    found, waiting = [], [Fact]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            waiting.append(kind)
            if "kind" in vars(kind) and kind.__module__.startswith("eventsvc."):
                found.append(kind)
    return found


def test_every_kind_is_named_once():
    kinds = [fact.kind for fact in every_fact()]
    assert len(kinds) > 20
    assert sorted(kinds) == sorted(set(kinds))


def test_facts_are_frozen_and_hold_plain_values():
    for fact in every_fact():
        assert is_dataclass(fact)
        assert fact.__dataclass_params__.frozen
        hints = get_type_hints(fact)
        for field in fields(fact):
            text = str(hints[field.name])
            assert any(word in text for word in PLAIN), f"{fact.__name__}.{field.name}: {text}"


def test_facts_carry_no_names_or_addresses():
    forbidden = {"name", "email", "address", "phone", "answers"}
    for fact in every_fact():
        assert not forbidden & {field.name for field in fields(fact)}, fact.__name__
