"""Digests of entries and seals: everything counts, and both databases agree."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from eventsvc.audit.policy import FIRST, Entry, entry_digest, seal_digest

AT = datetime(2027, 3, 1, 12, 0, 0, 5, tzinfo=UTC)
ENTRY = Entry(
    seq=1, organiser_id="o", event_id="e", actor_kind="token", actor_name="n", credential_id="c",
    action="a", subject_type="t", subject_id="s", at=AT, changes={"b": [1], "a": None},
)  # fmt: skip


def test_the_digest_is_what_it_always_was():
    """Stored digests must hold for ever: this value may never change."""
    assert entry_digest(ENTRY) == "cd2df046fa6ebda9946348d67efa828a4599a18507ca9f6e0c2960d38b3a9b62"


@pytest.mark.parametrize("name", [field.name for field in fields(Entry)])
def test_every_field_counts(name: str):
    others = {"seq": 2, "at": AT + timedelta(microseconds=1), "changes": {"a": 1}}
    changed = replace(ENTRY, **{name: others.get(name, "other")})
    assert entry_digest(changed) != entry_digest(ENTRY)


def test_the_zone_of_an_instant_and_the_order_of_members_do_not_count():
    same = replace(
        ENTRY, at=AT.astimezone(timezone(timedelta(hours=2))), changes={"a": None, "b": [1]}
    )
    assert entry_digest(same) == entry_digest(ENTRY)


def test_a_seal_binds_chain_number_previous_time_and_entries():
    told = ("o", 1, FIRST, AT, [(1, AT, "d")])
    others = [("p", 2, "x", AT + timedelta(1), [(2, AT, "d")])]
    digests = {seal_digest(*told)}
    for place in range(5):
        changed = (*told[:place], others[0][place], *told[place + 1 :])
        digests.add(seal_digest(*changed))
    assert len(digests) == 6
