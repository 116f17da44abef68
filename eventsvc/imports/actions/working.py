"""Doing an import: read, write, and keep it or not (api.md §8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from eventsvc.audit.actions import record
from eventsvc.core import files, work
from eventsvc.core.errors import Conflict, NotFound, Refusal
from eventsvc.core.rights import actor_kept
from eventsvc.core.work import Claimed
from eventsvc.events.models import Event
from eventsvc.events.queries import lock_event
from eventsvc.facts.actions import tell
from eventsvc.imports import queries
from eventsvc.imports.actions.kinds import TABLE_KINDS
from eventsvc.imports.actions.runs import Run, write_rows
from eventsvc.imports.actions.schedules import write_schedule
from eventsvc.imports.models import Import
from eventsvc.imports.policy import (
    COMMIT,
    ERROR,
    SCHEDULE,
    UPSERT,
    ImportFinished,
    RowOutcome,
    counted,
)
from eventsvc.imports.text import ReadRow, read_rows, read_schedule, read_table
from eventsvc.mail.actions import held_back

NOT_WRITTEN = "rows-refused"
HELD_BACK = "imported"


class Undone(Exception):  # noqa: N818  it carries an outcome out of a transaction
    """A trial, or rows that were refused: everything is rolled back, the outcome is kept."""

    def __init__(self, rows: Sequence[RowOutcome]) -> None:
        super().__init__()
        self.rows = rows


@dataclass(frozen=True)
class Sent:
    """What was sent in, read from its row, so that no transaction waits while it is parsed."""

    kind: str
    format: str
    charset: str | None
    upsert: bool
    zone: str | None
    content: bytes


def claim_next(session: Session, *, now: datetime) -> Claimed | None:
    """Take the next import that waits; None when there is none."""
    return work.claim_next(session, queries.KIND, now=now)


def open_file(session: Session, claimed: Claimed) -> Sent:
    """The file of a claimed import.

    Raises:
        NotFound: its event was removed, or its file is gone.
    """
    taken = _taken(session, claimed)
    event = session.get_one(Event, taken.event_id)
    content = files.content_of(session, taken.file_id)
    upsert = taken.match == UPSERT
    return Sent(taken.kind, taken.format, taken.charset, upsert, event.timezone, content)


def read(sent: Sent) -> list[ReadRow] | dict[str, Any]:
    """The rows of a table, or the document of a schedule, their fields judged; asks no database.

    Raises:
        Invalid: the file cannot be read.
    """
    if sent.kind == SCHEDULE:
        return read_schedule(sent.content, sent.format, sent.zone)
    table = read_table(sent.content, sent.format, sent.charset)
    return read_rows(table.rows, sent.kind, sent.zone, upsert=sent.upsert)


def carry_out(
    session: Session, claimed: Claimed, given: list[ReadRow] | dict[str, Any], *, now: datetime
) -> None:
    """Write every row and end the job, in one transaction.

    Raises:
        Undone: it is a trial, or a row was refused; the caller's transaction rolls back.
        ClaimLost: it was cancelled, or somebody else has it.
        Refusal: the event does not take it at all.
    """
    taken = _taken(session, claimed)
    event = lock_event(session, taken.event_id)
    actor = actor_kept(taken.sent_by)
    run = Run(session, actor, event, taken.match, now)
    with held_back(session, None if taken.notify else HELD_BACK):
        if isinstance(given, dict):
            rows = write_schedule(run, given)
        else:
            rows = write_rows(run, TABLE_KINDS[taken.kind], given)
    if taken.mode != COMMIT or any(row.action == ERROR for row in rows):
        raise Undone(rows)
    counts = counted(rows)
    record(session, actor, "import.committed", taken, now=now, changes=counts)
    _tell(session, taken, "succeeded", counts, now=now)
    work.succeed(session, claimed, _result(taken, rows), now=now)


def conclude(
    session: Session, claimed: Claimed, rows: Sequence[RowOutcome], *, now: datetime
) -> None:
    """Note the outcome of an import of which nothing was written.

    A trial has succeeded whatever it found; a commit with refused rows has failed.

    Raises:
        ClaimLost: it was cancelled.
    """
    taken = _taken(session, claimed)
    result, counts = _result(taken, rows), counted(rows)
    refused = counts[ERROR]
    if taken.mode == COMMIT and refused:
        detail = f"Nothing was written: {refused} of {len(rows)} rows were refused."
        refusal = Conflict(NOT_WRITTEN, detail)
        work.fail(session, claimed, refusal, result=result, now=now)
        _tell(session, taken, "failed", counts, now=now)
    else:
        work.succeed(session, claimed, result, now=now)
        _tell(session, taken, "succeeded", counts, now=now)


def refuse(session: Session, claimed: Claimed, refusal: Refusal, *, now: datetime) -> None:
    """End an import whose file or event does not allow it at all.

    Raises:
        ClaimLost: it was cancelled.
    """
    work.fail(session, claimed, refusal, now=now)
    taken = queries.import_of_job(session, claimed.job_id)
    if taken is not None:
        _tell(session, taken, "failed", {}, now=now)


def _taken(session: Session, claimed: Claimed) -> Import:
    found = queries.import_of_job(session, claimed.job_id)
    if found is None:
        raise NotFound
    return found


def _result(taken: Import, rows: Sequence[RowOutcome]) -> dict[str, Any]:
    return {
        "import_id": taken.id,
        "mode": taken.mode,
        "counts": counted(rows),
        "rows": [row.told() for row in rows],
    }


def _tell(
    session: Session, taken: Import, outcome: str, counts: Mapping[str, int], *, now: datetime
) -> None:
    fact = ImportFinished(
        at=now,
        subject_id=taken.id,
        organiser_id=taken.organiser_id,
        event_id=taken.event_id,
        outcome=outcome,
        what=taken.kind,
        mode=taken.mode,
        counts=dict(counts),
    )
    tell(session, fact)
