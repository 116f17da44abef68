"""Opening, writing and releasing post-event reports; files in and out."""

from __future__ import annotations

from workers.app import task_of


@task_of("reports.open")
def open_reports() -> None:
    """Open the report of each event that has ended."""


@task_of("reports.write")
def write_reports() -> None:
    """Write the reports that are open."""


@task_of("reports.release")
def release_reports() -> None:
    """Release drafts nobody has checked in time."""


@task_of("imports.run")
def run_imports() -> None:
    """Do the imports that wait."""


@task_of("exports.run")
def run_exports() -> None:
    """Make the exports that wait."""
