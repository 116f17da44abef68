"""What the doors of bookings, the desk and passenger lists take and answer."""

from eventsvc.bookings.schemas.manifest import ManifestOut, shown_manifest
from eventsvc.bookings.schemas.seats import (
    AvailabilityOut,
    BookingBody,
    BookingOut,
    BookingsQuery,
    BookingTransitionBody,
    CheckInBody,
    CheckInOut,
    ItemSeatsOut,
    ModePlacesOut,
    OwnBookingBody,
    StaffBookingTransitionBody,
    shown,
    shown_check_in,
)

__all__ = [
    "AvailabilityOut",
    "BookingBody",
    "BookingOut",
    "BookingTransitionBody",
    "BookingsQuery",
    "CheckInBody",
    "CheckInOut",
    "ItemSeatsOut",
    "ManifestOut",
    "ModePlacesOut",
    "OwnBookingBody",
    "StaffBookingTransitionBody",
    "shown",
    "shown_check_in",
    "shown_manifest",
]
