"""Passwords: argon2id, a few at a time (security.md row 11, RFC 9106).

A hash takes 64 MiB and some tenth of a second, so at most :data:`AT_ONCE` are made in one process:
a flood of logins waits, and then hears 503, but does not eat the machine. Call it outside of a
transaction.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from eventsvc.core.errors import Unavailable

AT_ONCE = 2
LONGEST_WAIT = 5.0
"""Seconds until a caller in the queue gives up."""

_hasher = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)
_turns = threading.BoundedSemaphore(AT_ONCE)
# of a random password that nobody knows: an unknown account costs what a known one does (row 14)
_DUMMY = (
    "$argon2id$v=19$m=65536,t=3,p=4$"
    "ZfY15Bi1C0hjpE4uNhU/rA$JhYJjQTGyJKSbmPh8L+3uFtWcLaUcD5k7TXCqMgSoKY"
)


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=LONGEST_WAIT):
        raise Unavailable("Too many people sign in at the moment.", retry_after=5)
    try:
        yield
    finally:
        _turns.release()


def hashed(password: str) -> str:
    """The hash to store.

    Raises:
        Unavailable: too many hashes are being made.
    """
    with _turn():
        return _hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether ``password`` is the one that ``stored`` was made of.

    Without a stored hash it takes as long, and the answer is no.

    Raises:
        Unavailable: too many hashes are being made.
    """
    with _turn():
        try:
            return _hasher.verify(stored or _DUMMY, password) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with other costs than today's, and is to be made anew."""
    return _hasher.check_needs_rehash(stored)
