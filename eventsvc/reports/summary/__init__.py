"""From figures and facts to what a report says of them, before any language. Pure."""

from eventsvc.reports.summary.editions import series_summary
from eventsvc.reports.summary.figures import SCHEMA_VERSION, summarise

__all__ = ["SCHEMA_VERSION", "series_summary", "summarise"]
