"""Sending: claim what is due, hand it over, reap what was left behind."""

from __future__ import annotations

from workers.app import task_of


@task_of("post.drain")
def drain() -> None:
    """Send what is due, for eight seconds at most."""


@task_of("post.reap")
def reap() -> None:
    """Free what a lost sender held."""
