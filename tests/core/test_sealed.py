"""Encryption at rest: what is sealed opens for its purpose only, with the present or last key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, insert, select, text

from eventsvc.core import config
from eventsvc.core.config import Settings
from eventsvc.core.sealed import CannotOpen, SealedText, seal, unseal

OLD, NEW = "the key of last year, of 32 bytes or more", "the key of this year, of 32 bytes or more"


@contextmanager
def keys(secret: str, previous: str = "") -> Iterator[None]:
    before = config.current()
    changed = {"secret_key": secret, "previous_secret_key": previous}
    config.configure(replace(Settings(), **changed))
    try:
        yield
    finally:
        config.configure(before)


@given(st.text())
def test_what_was_sealed_opens_and_shows_nothing(secret):
    sealed = seal("test", secret)
    assert unseal("test", sealed) == secret
    assert seal("test", secret) != sealed
    assert len(secret) < 4 or secret not in sealed


def test_another_purpose_does_not_open_it():
    with pytest.raises(CannotOpen, match="another purpose"):
        unseal("webhooks.secret", seal("accounts.totp_secret", "x"))


def test_one_changed_character_does_not_open():
    sealed = seal("test", "a secret")
    start = sealed.rindex(".") + 1
    for place in range(start, len(sealed)):
        forged = sealed[:place] + ("A" if sealed[place] != "A" else "B") + sealed[place + 1 :]
        with pytest.raises(CannotOpen):
            unseal("test", forged)


@pytest.mark.parametrize("value", ["", "x", "s1", "s1.", "s1.abc.", "plain text", "s2.a.b"])
def test_what_we_did_not_seal_is_refused(value):
    with pytest.raises(CannotOpen):
        unseal("test", value)


def test_two_keys_hold_at_once_and_the_new_one_seals():
    with keys(OLD):
        old = seal("test", "kept")
    with keys(NEW, previous=OLD):
        assert unseal("test", old) == "kept"
        new = seal("test", "kept")
    with keys(NEW):
        assert unseal("test", new) == "kept"
        with pytest.raises(CannotOpen, match="not set"):
            unseal("test", old)


def test_a_column_is_plain_in_code_and_sealed_in_the_database():
    secrets = Table(
        "secrets", MetaData(), Column("n", Integer), Column("secret", SealedText("secrets.secret"))
    )
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        secrets.create(connection)
        rows = [{"n": 1, "secret": "hidden"}, {"n": 2, "secret": None}]
        connection.execute(insert(secrets), rows)
        assert list(connection.scalars(select(secrets.c.secret))) == ["hidden", None]
        raw = connection.scalars(text("SELECT secret FROM secrets WHERE n = 1")).one()
    assert raw.startswith("s1.")
    assert "hidden" not in raw
    assert unseal("secrets.secret", raw) == "hidden"
