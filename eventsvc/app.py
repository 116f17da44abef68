"""The only place where every room meets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import Migrate

from eventsvc import jobs
from eventsvc.accounts import api as accounts_api
from eventsvc.accounts.auth import (
    authenticate,
    note_last_use,
    organiser_gate,
    whole_organiser_gate,
)
from eventsvc.agenda import api as agenda_api
from eventsvc.agenda import listens as agenda_listens
from eventsvc.agenda.policy import (
    AgendaPublished,
    ItemCancelled,
    ItemCapacityChanged,
    ItemChanged,
    ItemMoved,
    ItemRemoved,
)
from eventsvc.bookings import api as bookings_api
from eventsvc.bookings import listens as bookings_listens
from eventsvc.bookings.policy import BookingCancelled, BookingOffered, BookingPromoted
from eventsvc.core import bell, config, health, http, logs, transactions
from eventsvc.core.config import Settings
from eventsvc.core.db import db
from eventsvc.core.http import Door
from eventsvc.directory import api as directory_api
from eventsvc.events import api as events_api
from eventsvc.events.policy import (
    EventCancelled,
    EventCapacityChanged,
    EventCopied,
    EventMoved,
    EventPostponed,
    EventPublished,
    EventRemoved,
    EventUnpublished,
    EventZoneChanged,
)
from eventsvc.events.queries import event_gate, job_gate, series_gate
from eventsvc.exports import api as exports_api
from eventsvc.exports import listens as exports_listens
from eventsvc.facts import actions as facts
from eventsvc.facts.actions import Listener
from eventsvc.facts.policy import Fact
from eventsvc.feeds import api as feeds_api
from eventsvc.feeds import listens as feeds_listens
from eventsvc.imports import api as imports_api
from eventsvc.imports import listens as imports_listens
from eventsvc.post import api as post_api
from eventsvc.registration import api as registration_api
from eventsvc.registration import listens as registration_listens
from eventsvc.registration.policy import (
    LinkRenewed,
    ParticipantAnonymised,
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationModeChanged,
    RegistrationOffered,
    RegistrationPromoted,
    RegistrationReceived,
    RegistrationRefused,
    RegistrationRepeated,
    RegistrationWaitlisted,
)
from eventsvc.reminders import api as reminders_api
from eventsvc.reminders import listens as reminders_listens
from eventsvc.reports import api as reports_api
from eventsvc.visits import api as visits_api
from eventsvc.visits import listens as visits_listens
from eventsvc.visits.policy import BusSeatsChanged, DeparturesChanged
from eventsvc.webhooks import api as webhooks_api
from eventsvc.webhooks import listens as webhooks_listens

MIGRATIONS = Path(__file__).parent / "migrations"

DOORS: tuple[Door, ...] = (
    *accounts_api.doors,
    *directory_api.doors,
    *events_api.doors,
    *agenda_api.doors,
    *visits_api.doors,
    *registration_api.doors,
    *bookings_api.doors,
    *feeds_api.doors,
    *reminders_api.doors,
    *reports_api.doors,
    *imports_api.doors,
    *exports_api.doors,
    *post_api.doors,
    *webhooks_api.doors,
)

GATES = {
    "organiser": organiser_gate,
    "whole-organiser": whole_organiser_gate,
    "event": event_gate,
    "series": series_gate,
    "job": job_gate,
}

# Who listens to which fact, in order: seats first, then promises, then mail; but who loses a seat
# with its session is written to while the seat still stands.
LISTENERS: dict[type[Fact], Sequence[Listener]] = {
    EventCapacityChanged: (registration_listens.on_event_capacity_changed,),
    # from the bottom: an upper room copies what belongs to rows of a lower one
    EventCopied: (
        agenda_listens.on_event_copied,
        visits_listens.on_event_copied,
        registration_listens.on_event_copied,
        reminders_listens.on_event_copied,
    ),
    EventUnpublished: (registration_listens.on_event_unpublished,),
    EventPublished: (
        agenda_listens.on_event_published,
        reminders_listens.on_event_published,
    ),
    EventRemoved: (
        imports_listens.on_event_removed,
        exports_listens.on_event_removed,
    ),
    EventZoneChanged: (
        agenda_listens.on_event_zone_changed,
        visits_listens.on_event_zone_changed,
    ),
    EventMoved: (
        agenda_listens.on_event_moved,
        reminders_listens.on_event_moved,
    ),
    RegistrationCancelled: (
        bookings_listens.on_registration_cancelled,
        reminders_listens.on_registration_cancelled,
    ),
    RegistrationModeChanged: (bookings_listens.on_registration_mode_changed,),
    ParticipantAnonymised: (
        bookings_listens.on_participant_anonymised,
        feeds_listens.on_participant_anonymised,
    ),
    ItemCancelled: (
        reminders_listens.on_item_cancelled,
        bookings_listens.on_item_cancelled,
    ),
    ItemMoved: (
        bookings_listens.on_item_moved,
        visits_listens.on_item_moved,
        reminders_listens.on_item_moved,
    ),
    ItemChanged: (reminders_listens.on_item_changed,),
    AgendaPublished: (reminders_listens.on_agenda_published,),
    ItemRemoved: (bookings_listens.on_item_removed,),
    ItemCapacityChanged: (bookings_listens.on_item_capacity_changed,),
    BusSeatsChanged: (bookings_listens.on_bus_seats_changed,),
    RegistrationReceived: (reminders_listens.on_registration_received,),
    RegistrationConfirmed: (reminders_listens.on_registration_confirmed,),
    RegistrationWaitlisted: (reminders_listens.on_registration_waitlisted,),
    RegistrationPromoted: (reminders_listens.on_registration_promoted,),
    RegistrationOffered: (reminders_listens.on_registration_offered,),
    RegistrationRefused: (reminders_listens.on_registration_refused,),
    RegistrationRepeated: (reminders_listens.on_registration_repeated,),
    LinkRenewed: (reminders_listens.on_link_renewed,),
    BookingPromoted: (reminders_listens.on_booking_promoted,),
    BookingOffered: (reminders_listens.on_booking_offered,),
    BookingCancelled: (reminders_listens.on_booking_cancelled,),
    EventCancelled: (reminders_listens.on_event_cancelled,),
    EventPostponed: (reminders_listens.on_event_postponed,),
    DeparturesChanged: (reminders_listens.on_departures_changed,),
}

# Who then hears of every fact: what a listener refused is never told outside.
LISTENERS_TO_ALL: tuple[Listener, ...] = (webhooks_listens.on_any_fact,)

# What every writing transaction does just before it commits.
FINISHERS: tuple[transactions.Finisher, ...] = (
    agenda_listens.render_changed,
    visits_listens.render_changed,
    feeds_listens.refresh_unseen,
)


def create_app(settings: Settings | None = None) -> Flask:
    """The application of one process: web, runner, worker and command line all start here.

    Raises:
        SettingRefused: a setting is missing or wrong.
    """
    settings = settings or config.load()
    config.configure(settings)
    logs.configure(settings)
    app = Flask("eventsvc", static_folder=None)
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _engine_options(settings)
    db.init_app(app)
    Migrate(app, db, directory=str(MIGRATIONS))
    bell.hang(settings, jobs.queues())
    facts.let_listen(LISTENERS, to_all=LISTENERS_TO_ALL)
    transactions.finish_with(*FINISHERS)
    api = http.install(app, authenticate=authenticate, gates=GATES)
    health.install(app)
    for door in DOORS:
        api.register_blueprint(door)
    app.after_request(note_last_use)
    http.check_declared(app)
    return app


def _engine_options(settings: Settings) -> dict[str, Any]:
    # hide_parameters: driver messages hold values of people (security §6)
    options: dict[str, Any] = {"hide_parameters": True}
    if settings.database_url.startswith("postgresql"):
        options |= {
            "pool_pre_ping": True,
            "pool_size": settings.web_threads,
            "max_overflow": settings.web_threads,
            "connect_args": {"options": "-c statement_timeout=10000 -c timezone=UTC"},
        }
    return options
