"""What the doors of site visits take and answer."""

from eventsvc.visits.schemas.buses import (
    BusBody,
    BusOut,
    BusPatch,
    BusQuery,
    StopBody,
    StopOut,
    StopPatch,
)
from eventsvc.visits.schemas.travel import (
    TravelTimeBody,
    TravelTimeOut,
    TravelTimePatch,
    TravelTimeQuery,
)
from eventsvc.visits.schemas.visits import VisitBody, VisitOut, VisitPatch

__all__ = [
    "BusBody",
    "BusOut",
    "BusPatch",
    "BusQuery",
    "StopBody",
    "StopOut",
    "StopPatch",
    "TravelTimeBody",
    "TravelTimeOut",
    "TravelTimePatch",
    "TravelTimeQuery",
    "VisitBody",
    "VisitOut",
    "VisitPatch",
]
