"""Passwords are hashed slowly, a few at a time (security.md row 11)."""

from __future__ import annotations

import threading
import time

import pytest
from argon2 import PasswordHasher, extract_parameters

from eventsvc.core import passwords
from eventsvc.core.errors import Unavailable


def test_a_hash_has_the_costs_of_the_contract_and_a_salt():
    first, second = passwords.hashed("nine otters read maps"), passwords.hashed("nine otters")
    costs = extract_parameters(first)
    assert (costs.type.name, costs.time_cost, costs.memory_cost, costs.parallelism) == (
        "ID", 3, 65536, 4,
    )  # fmt: skip
    assert first != second
    assert passwords.matches(first, "nine otters read maps")
    assert not passwords.matches(first, "nine otters read map")


@pytest.mark.parametrize("stored", [None, "", "not a hash", "$argon2id$v=19$m=65536,t=3,p=4$x$y"])
def test_what_is_no_hash_matches_nothing(stored):
    assert not passwords.matches(stored, "nine otters read maps")


def test_a_hash_of_other_costs_is_outdated():
    cheap = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash("x")
    assert passwords.is_outdated(cheap)
    assert not passwords.is_outdated(passwords.hashed("x"))


@pytest.mark.threat(11)
def test_only_a_few_hashes_are_made_at_once(monkeypatch):
    running, most, lock = 0, 0, threading.Lock()

    class Slow:
        def hash(self, _password: str) -> str:
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
            time.sleep(0.02)
            with lock:
                running -= 1
            return "x"

    monkeypatch.setattr(passwords, "_hasher", Slow())
    threads = [threading.Thread(target=passwords.hashed, args=("x",)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == passwords.AT_ONCE


def test_who_waits_too_long_is_told_so(monkeypatch):
    monkeypatch.setattr(passwords, "_turns", threading.BoundedSemaphore(1))
    monkeypatch.setattr(passwords, "LONGEST_WAIT", 0.01)
    with passwords._turn(), pytest.raises(Unavailable):
        passwords.hashed("x")
