"""What figures are about: which are of one kind, may be added, or stand side by side."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

# A headcount or a count of happenings may be added over editions; countries may not: the same ones
# come again.
ADDABLE = frozenset(
    {"participants", "on_site", "online", "total", "registrations", "bilateral_meetings",
     "meetings", "site_visits", "workshops", "breakout_sessions", "parallel_sessions",
     "side_events"}
)  # fmt: skip

COUNTERPARTS: dict[str, str] = {
    "participants": "participants.attended",
    "total": "participants.attended",
    "on_site": "participants.attended.on_site",
    "online": "participants.attended.online",
    "countries": "participants.countries",
    "eu_countries": "participants.eu_countries",
    "eu_member_states": "participants.eu_countries",
    "registrations": "registrations.total",
    "speakers": "speakers.persons",
    "site_visits": "items.visits",
}
"""Kind of a stated figure → the counted figure of the same kind."""

DEFINITIONS: dict[str, str] = {
    "participants.attended": "Registrations whose guest came, by check-in or by hand",
    "participants.attended.on_site": "Those of them registered on site",
    "participants.attended.online": "Those of them registered online",
    "participants.no_show": "Registrations marked as no-show",
    "participants.countries": "Different countries of those who attended",
    "participants.eu_countries": "Those countries that were in the EU at the date of the event",
    "registrations.total": "Registrations that hold a place: confirmed, offered, attended, no-show",
    "registrations.on_site": "Those of them on site",
    "registrations.online": "Those of them online",
    "registrations.waitlisted": "Registrations still on the waiting list",
    "registrations.cancelled": "Registrations that were cancelled",
    "speakers.persons": "Different persons with a role in the programme",
    "speakers.organisations": "Different organisations of these persons, as printed",
    "speakers.countries": "Different countries of these persons, where known",
    "items.sessions": "Sessions of the programme that were not cancelled",
    "items.visits": "Site visits that were not cancelled",
    "seats.booked": "Seats booked in sessions and site visits",
    "seats.attended": "Seats whose guest came, in items whose attendance was taken",
    "mail.sent": "Messages about the event that were sent",
    "mail.failed": "Messages about the event that failed",
    "calendars.active": "Personal calendar subscriptions fetched and not ended",
}
"""Id of a counted figure → what is counted."""

# Member states with the day of entry, and of leaving (the first day outside).
_EU: dict[str, tuple[date, date | None]] = {
    **dict.fromkeys(("BE", "DE", "FR", "IT", "LU", "NL"), (date(1958, 1, 1), None)),
    **dict.fromkeys(("DK", "IE"), (date(1973, 1, 1), None)),
    "GB": (date(1973, 1, 1), date(2020, 2, 1)),
    "GR": (date(1981, 1, 1), None),
    **dict.fromkeys(("ES", "PT"), (date(1986, 1, 1), None)),
    **dict.fromkeys(("AT", "FI", "SE"), (date(1995, 1, 1), None)),
    **dict.fromkeys(
        ("CY", "CZ", "EE", "HU", "LT", "LV", "MT", "PL", "SI", "SK"), (date(2004, 5, 1), None)
    ),
    **dict.fromkeys(("BG", "RO"), (date(2007, 1, 1), None)),
    "HR": (date(2013, 7, 1), None),
}


def eu_members(countries: Iterable[str], on: date) -> set[str]:
    """Those of the countries (ISO 3166-1) that were EU member states on that day (§1.5)."""
    return {code for code in countries if _in_eu(code, on)}


def _in_eu(code: str, on: date) -> bool:
    entered, left = _EU.get(code, (date.max, None))
    return entered <= on and (left is None or on < left)


def kind_of(metric: str, unit: str | None) -> str:
    """The kind a stated figure belongs to: "countries" of "EU countries" is a kind of its own."""
    if metric == "countries" and unit is not None and "EU" in unit.split():
        return "eu_countries"
    return metric
