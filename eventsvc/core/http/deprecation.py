"""The end of an operation, told in time (api.md §13; RFC 9745, RFC 8594)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime

from flask import Response

from eventsvc.core import clock
from eventsvc.core.errors import Refusal

LEAST_NOTICE = timedelta(days=180)


class Gone(Refusal):
    """The operation was taken out of service (410)."""

    code = "gone"
    title = "This is no longer offered"


@dataclass(frozen=True)
class Deprecation:
    """From ``since`` on an operation is deprecated, from ``sunset`` on it is gone (00:00 UTC).

    ``see`` is the address of a page that says what takes its place.

    Raises:
        ValueError: there are fewer than 180 days between the two.
    """

    since: date
    sunset: date
    see: str

    def __post_init__(self) -> None:
        if self.sunset - self.since < LEAST_NOTICE:
            raise ValueError(f"from {self.since} to {self.sunset} are fewer than 180 days")

    def judge(self) -> None:
        """Refuse what has ended.

        Raises:
            Gone: the sunset is over.
        """
        if clock.process_now() >= _midnight(self.sunset):
            raise Gone(f"This operation ended on {self.sunset}; see {self.see}")

    def tell(self, response: Response) -> None:
        """``Deprecation``, ``Sunset`` and ``Link`` on every answer of the operation."""
        response.headers["Deprecation"] = f"@{int(_midnight(self.since).timestamp())}"
        response.headers["Sunset"] = format_datetime(_midnight(self.sunset), usegmt=True)
        response.headers.add("Link", f'<{self.see}>; rel="deprecation"')


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
