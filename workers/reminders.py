"""Planning who is told what, ahead of time."""

from __future__ import annotations

from workers.app import task_of


@task_of("reminders.plan")
def plan() -> None:
    """Queue the reminders of the next 24 hours."""


@task_of("reminders.announce")
def announce() -> None:
    """Queue the messages of announcements, and end those that are out."""


@task_of("reminders.seal")
def seal() -> None:
    """Seal the digests of programme changes that are due."""
