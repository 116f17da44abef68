"""Questions about site visits, their buses and stops, and the ways between places."""

from eventsvc.visits.queries.conflicts import conflicts
from eventsvc.visits.queries.travel import (
    TRAVEL_SORTS,
    distances_of,
    out_of_reach,
    stays_of,
    travel_filtered,
    travel_rows,
    travel_time_for,
    travel_times_of,
)
from eventsvc.visits.queries.visits import (
    BUS_SORTS,
    STOP_SORTS,
    belonging,
    bus_for,
    buses_of,
    known_event,
    stop_for,
    stopping,
    stops_of,
    visit_expanded,
    visit_for,
    visits_of,
    visits_with_buses,
)

__all__ = [
    "BUS_SORTS",
    "STOP_SORTS",
    "TRAVEL_SORTS",
    "belonging",
    "bus_for",
    "buses_of",
    "conflicts",
    "distances_of",
    "known_event",
    "out_of_reach",
    "stays_of",
    "stop_for",
    "stopping",
    "stops_of",
    "travel_filtered",
    "travel_rows",
    "travel_time_for",
    "travel_times_of",
    "visit_expanded",
    "visit_for",
    "visits_of",
    "visits_with_buses",
]
