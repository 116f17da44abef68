"""What is thrown away or tidied up by itself."""

from __future__ import annotations

from workers.app import task_of


@task_of("agenda.tidy_calendar")
def tidy_calendar() -> None:
    """Take cancelled items out of calendars 30 days after their end."""


@task_of("accounts.forget_sessions")
def forget_sessions() -> None:
    """Delete the rows of sessions that are over."""


@task_of("audit.seal")
def seal_audit() -> None:
    """Seal the audit entries of the last hour."""


@task_of("core.retention")
def tidy() -> None:
    """Let everything go whose time is over."""


@task_of("imports.forget")
def forget_imports() -> None:
    """Forget the files of imports after a week."""


@task_of("exports.forget")
def forget_exports() -> None:
    """Forget the files of exports after a day."""
