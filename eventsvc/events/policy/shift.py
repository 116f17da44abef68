"""How times move from an edition to its copy: by whole days, the clock shows the same. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol


class _Dated(Protocol):
    @property
    def starts_wall(self) -> datetime | None: ...


@dataclass(frozen=True)
class Shift:
    """By how many days; None: one of the two editions has no day yet, so no time can be copied."""

    days: int | None

    @classmethod
    def between(cls, source: _Dated, copy: _Dated) -> Shift:
        """From the first day of one edition to the first day of the other."""
        if source.starts_wall is None or copy.starts_wall is None:
            return cls(None)
        return cls((copy.starts_wall.date() - source.starts_wall.date()).days)

    def wall(self, moment: datetime | None) -> datetime | None:
        """A wall time in the copy: so many days later, the same on the clock."""
        if moment is None or self.days is None:
            return None
        return moment + timedelta(days=self.days)
