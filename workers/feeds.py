"""Joining calendar feeds that changed, before somebody polls them."""

from __future__ import annotations

from workers.app import task_of


@task_of("feeds.warm")
def warm() -> None:
    """Join what changed."""


@task_of("feeds.retire")
def retire() -> None:
    """End personal addresses that nobody fetches."""
