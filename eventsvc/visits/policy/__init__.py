"""Facts and decisions of site visits, and of the ways between places."""

from eventsvc.visits.policy.facts import BusSeatsChanged, DeparturesChanged, leaves_in_time
from eventsvc.visits.policy.travel import LONGEST_WAY, Distances, Stay, Tight, tight_pairs, too_near

__all__ = [
    "LONGEST_WAY",
    "BusSeatsChanged",
    "DeparturesChanged",
    "Distances",
    "Stay",
    "Tight",
    "leaves_in_time",
    "tight_pairs",
    "too_near",
]
