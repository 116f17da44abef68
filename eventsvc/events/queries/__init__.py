"""Questions about series and editions."""

from eventsvc.events.queries.gates import (
    event_for,
    event_gate,
    events_of,
    lock_event,
    public_event,
    public_events,
    public_series,
    series_for,
    series_gate,
    series_of,
    series_public,
)

__all__ = [
    "event_for",
    "event_gate",
    "events_of",
    "lock_event",
    "public_event",
    "public_events",
    "public_series",
    "series_for",
    "series_gate",
    "series_of",
    "series_public",
]
