"""What an address or a body needs and the document cannot say. One line for each.

``MAKERS``: a path value, by parameter name or by the rule that ends in it. ``BODIES``: fields of
a request, by operation. An operation that is not here is called with its example.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from eventsvc.accounts.models import Organiser
from eventsvc.core.ids import new_id
from eventsvc.events.models import Event
from eventsvc.exports.models import Export
from eventsvc.registration.models import Registration
from eventsvc.reminders.models import Digest
from eventsvc.reports.models import Report
from eventsvc.webhooks.models import WebhookDelivery, WebhookEndpoint
from tests.factories.agenda import make_speaker
from tests.factories.bookings import make_booking, make_workshop
from tests.factories.directory import an_organisation
from tests.factories.events import NOW, make_event, make_series, make_venue
from tests.factories.mail import a_message
from tests.factories.people import a_member, an_account
from tests.factories.registration import link_of, make_open_event, make_registration
from tests.surface.world import Bodies, Home, Maker, World


def make_home(session: Any, organiser: Any, token_for: Any, *, slug: str, now: Any) -> Home:
    """A published edition in a series, with a guest and their link."""
    series = make_series(session, organiser.id)
    told = {"series_id": series.id, "slug": slug, "allow_overlaps": True}
    event = make_open_event(session, organiser.id, **told)
    guest = make_registration(session, event)
    fixed = {
        "organiser_id": organiser.id,
        "series_id": series.id,
        "series_slug": series.slug,
        "event_id": event.id,
        "event_slug": event.slug,
        "registration_id": guest.id,
    }
    staff = token_for(organiser=organiser)
    return Home(slug, fixed, staff, link_of(session, guest, now=now))


def _event(world: World, home: Home) -> Event:
    return world.session.get_one(Event, home.fixed["event_id"])


def _workshop(world: World, home: Home) -> str:
    item = make_workshop(world.session, _event(world, home), visible=True)
    world.session.commit()
    return item.id


def _speaker(world: World, home: Home) -> str:
    event = _event(world, home)
    item = make_workshop(world.session, event, visible=True)
    speaker = make_speaker(world.session, event, item)
    world.session.commit()
    return speaker.id


def _booking(world: World, home: Home) -> str:
    event = _event(world, home)
    guest = world.session.get_one(Registration, home.fixed["registration_id"])
    booking = make_booking(world.session, make_workshop(world.session, event, visible=True), guest)
    world.session.commit()
    return booking.id


def _message(world: World, home: Home) -> str:
    message = a_message(world.session, event_id=home.fixed["event_id"])
    world.session.commit()
    return message.public_id


def _delivery(world: World, home: Home) -> str:
    collection = "/api/v1/organisers/<organiser_id>/webhook-endpoints/<webhook_endpoint_id>"
    endpoint = world.value(collection, "webhook_endpoint_id", home)
    world.session.get_one(WebhookEndpoint, endpoint).enabled = True
    make_event(world.session, home.fixed["organiser_id"], state="announced")
    asked = select(WebhookDelivery.id).where(WebhookDelivery.endpoint_id == endpoint)
    found = world.session.scalars(asked).first()
    world.session.commit()
    return str(found)


def _suggestion(world: World, home: Home) -> str:
    organiser = home.fixed["organiser_id"]
    for name in ("José Exemplo", "Jose Exemplo"):
        world.client.post(
            f"/api/v1/organisers/{organiser}/persons", json={"name": name}, headers=home.staff
        )
    found = world.client.get(
        f"/api/v1/organisers/{organiser}/merge-suggestions", headers=home.staff
    )
    return str(found.json["items"][0]["id"])


def _travel_time(world: World, home: Home) -> str:
    return str(_asked(world, home, "travel-times", _two_venues(world, home) | {"minutes": 5}))


def _two_venues(world: World, home: Home) -> dict[str, Any]:
    event = _event(world, home)
    start, end = make_venue(world.session, event), make_venue(world.session, event)
    world.session.commit()
    return {"from_venue_id": start.id, "to_venue_id": end.id}


def _person(world: World, home: Home) -> str:
    return str(_asked(world, home, "persons", {"name": world.free("name")}))


def _organisation(world: World, home: Home) -> str:
    body = {"name": world.free("name"), "kind": "cluster"}
    return str(_asked(world, home, "organisations", body))


def _merge(world: World, home: Home) -> str:
    path = f"persons/{_person(world, home)}/merge"
    return str(_asked(world, home, path, {"into": _person(world, home)}))


def _asked(world: World, home: Home, path: str, body: dict[str, Any]) -> Any:
    """The id of what was made below the organiser."""
    address = f"/api/v1/organisers/{home.fixed['organiser_id']}/{path}"
    return world.client.post(address, json=body, headers=home.staff).json["id"]


def _other_event(world: World, home: Home) -> dict[str, Any]:
    other = make_event(world.session, home.fixed["organiser_id"])
    world.session.commit()
    return {"other_event_id": other.id}


def _new_organisation(world: World, home: Home) -> dict[str, Any]:
    organiser = world.session.get_one(Organiser, home.fixed["organiser_id"])
    made = an_organisation(world.session, organiser, world.free("name"))
    world.session.commit()
    return {"organisation_id": made.id}


def _new_guest(world: World, home: Home) -> Registration:
    guest = make_registration(world.session, _event(world, home))
    world.session.commit()
    return guest


def _document(world: World, home: Home) -> str:
    return world.value("/api/v1/events/<event_id>/documents/<document_id>", "document_id", home)


def _place_of(home: Home) -> dict[str, str]:
    return {name: home.fixed[name] for name in ("organiser_id", "event_id")}


def _digest(world: World, home: Home) -> str:
    times = dict.fromkeys(("opened_at", "last_change_at", "seal_at"), NOW)
    made = Digest(number=1, state="empty", **_place_of(home), **times)
    world.session.add(made)
    world.session.commit()
    return made.id


def _export(world: World, home: Home) -> str:
    job_id = str(world.add(world.operations["add_import"], home)["id"])
    what = {"kind": "registrations", "format": "csv", "file_name": "guests.csv", "asked_by": {}}
    times = {"created_at": NOW, "expires_at": NOW + timedelta(days=1)}
    made = Export(job_id=job_id, **_place_of(home), **what, **times)
    world.session.add(made)
    world.session.commit()
    return made.id


def _table(world: World, _home: Home) -> dict[str, Any]:
    file = io.BytesIO(f"name\n{world.free('name')}\n".encode())
    return {"file": (file, "rooms.csv"), "kind": "rooms", "format": "csv", "mode": "dry_run"}


def _role(_world: World, _home: Home) -> dict[str, Any]:
    return {"role": "read-only", "series_id": None, "event_id": None, "sensitive": False}


def _member(world: World, home: Home) -> dict[str, Any]:
    """One role more for somebody who is a member already."""
    account = an_account(world.session, f"{new_id()}@example.org")
    organiser = world.session.get_one(Organiser, home.fixed["organiser_id"])
    a_member(world.session, account, organiser, "check-in-staff")
    world.session.commit()
    return {**_role(world, home), "account_id": account.id}


def _invited(world: World, home: Home) -> dict[str, Any]:
    return {**_role(world, home), "email": f"{new_id()}@example.org"}


MAKERS: dict[str, Maker] = {
    "/api/v1/my/bookings/<booking_id>": _booking,
    "/api/v1/my/documents/<document_id>": _document,
    "/api/v1/public/events/<series_slug>/<event_slug>/documents/<document_id>": _document,
    "booking_id": _booking,
    "delivery_id": _delivery,
    "code": lambda _world, _home: "not-found",
    "digest_id": _digest,
    "speaker_id": _speaker,
    "/api/v1/my/speaking/takeaways/<session_id>": lambda _world, _home: new_id(),
    "quote_id": lambda _world, _home: new_id(),
    "export_id": _export,
    "import_id": lambda world, home: str(
        world.add(world.operations["add_import"], home)["import_id"]
    ),
    "item_id": _workshop,
    "language": lambda _world, _home: "en",
    "item_type": lambda _world, _home: "workshop",
    "job_id": lambda world, home: str(world.add(world.operations["add_import"], home)["id"]),
    "merge_suggestion_id": _suggestion,
    "merge_id": _merge,
    "message_id": _message,
    "name": lambda _world, _home: "summary",
    "number": lambda _world, _home: "1",
    "part": lambda _world, _home: "start.js",
    "provider": lambda _world, _home: "no-provider",
    "room_slug": lambda _world, _home: "no-room",
    "travel_time_id": _travel_time,
    "token": lambda _world, _home: "no-token",
    "track_slug": lambda _world, _home: "no-track",
}
BODIES: Bodies = {
    "add_import": _table,
    "add_member": _member,
    "change_member": _role,
    "invite_member": _invited,
    "change_member_invitation": _role,
    "add_webhook_endpoint": lambda _world, _home: {"types": ["*"], "enabled": True},
    "add_event": lambda _world, home: {"organiser_id": home.fixed["organiser_id"]},
    "add_event_relation": _other_event,
    "add_reminder_rule": lambda world, home: {
        "purpose": "starting_soon",
        "offset_s": 600,
        "item_id": _workshop(world, home),
    },
    "add_travel_time": _two_venues,
    "merge_person": lambda world, home: {"into": _person(world, home)},
    "merge_organisation": lambda world, home: {"into": _organisation(world, home)},
    "add_organisation_role": _new_organisation,
    "book_own": lambda world, home: {"item_id": _workshop(world, home)},
    "book_session": lambda world, home: {"registration_id": _new_guest(world, home).id},
    "book_visit": lambda world, home: {"registration_id": _new_guest(world, home).id},
    "check_in": lambda world, home: {"code": _new_guest(world, home).code},
    "add_takeaway": lambda world, home: {"session_id": _workshop(world, home)},
    "add_award": lambda world, _home: {"laureate_name": world.free("name")},
}


def _guests(world: World, home: Home, rows: int) -> None:
    """Guests who hold a booking each, were checked in, and were written to."""
    workshop = make_workshop(world.session, _event(world, home), visible=True)
    for _ in range(rows):
        guest = _new_guest(world, home)
        make_booking(world.session, workshop, guest)
        a_message(world.session, event_id=home.fixed["event_id"])
    world.session.commit()


def _none(_world: World, _home: Home, _rows: int) -> None:
    """Nothing: an organiser sees itself alone."""


def _reports(world: World, home: Home, rows: int) -> None:
    """Report revisions, which an event has only once it has ended."""
    told = _place_of(home)
    reports = [Report(revision=number, opened_at=NOW, **told) for number in range(1, rows + 1)]
    world.session.add_all(reports)
    world.session.commit()


MANY: dict[str, Callable[[World, Home, int], None]] = {
    "guests": _guests,
    "add_organiser": _none,
    "add_report": _reports,
    "add_notice": _none,  # one for each language
    "add_webhook_endpoint": _none,  # 20 at most
}
"""Rows that no collection makes, and (by the name of its POST) in place of what it would make."""
