"""What other systems hear."""

from __future__ import annotations

from workers.app import task_of


@task_of("webhooks.send")
def send() -> None:
    """Send the webhooks that are due."""
