"""What can be imported, in which form (api.md §8), and what is told when it is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from eventsvc.core.errors import FieldError, Invalid
from eventsvc.facts.policy import Fact

SCHEDULE = "schedule"
KINDS = (
    "registrations", "speakers", "rooms", "sessions", SCHEDULE, "site_visits", "organisations",
)  # fmt: skip
TABLES = ("csv", "xlsx")
SCHEDULES = ("json", "frab_xml", "frab_json")
FORMATS = (*TABLES, *SCHEDULES)
DRY_RUN, COMMIT = "dry_run", "commit"
MODES = (DRY_RUN, COMMIT)
CREATE_ONLY, UPSERT = "create_only", "upsert"
MATCHES = (CREATE_ONLY, UPSERT)
CREATE, UPDATE, SKIP, ERROR = "create", "update", "skip", "error"
ACTIONS = (CREATE, UPDATE, SKIP, ERROR)

FILE_KEPT = timedelta(days=7)
"""How long the bytes of an imported file are kept."""


@dataclass(frozen=True, kw_only=True)
class ImportFinished(Fact):
    """An import has ended; ``outcome`` is that of its job."""

    kind: ClassVar[str] = "import.finished"
    outcome: str
    what: str
    mode: str
    counts: Mapping[str, int]


@dataclass(frozen=True)
class RowOutcome:
    """What becomes of one row: ``line`` of the file, its action, what is wrong with it."""

    line: int
    action: str
    id: str | None = None
    errors: Sequence[FieldError] = ()

    def told(self) -> dict[str, Any]:
        """As ``result.rows`` has it."""
        errors = [vars(error) for error in self.errors]
        return {"line": self.line, "action": self.action, "id": self.id, "errors": errors}


def check_form(kind: str, form: str) -> None:
    """Refuse a form that this kind does not come in.

    Raises:
        Invalid: ``not-for-this-kind``.
    """
    offered = SCHEDULES if kind == SCHEDULE else TABLES
    if form not in offered:
        detail = f"{kind} comes as {', '.join(offered)}"
        raise Invalid.field("/format", "not-for-this-kind", detail)


def decide(*, known: bool, differs: bool, match: str) -> str:
    """Create, update or skip one row. ``known``: something with its ``external_id`` is there."""
    if not known:
        return CREATE
    return UPDATE if match == UPSERT and differs else SKIP


def counted(rows: Sequence[RowOutcome]) -> dict[str, int]:
    """Action → how many rows."""
    return {action: sum(row.action == action for row in rows) for action in ACTIONS}
