"""The only place where every room meets."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask
from flask_migrate import Migrate

from eventsvc import jobs
from eventsvc.accounts.auth import authenticate, organiser_gate
from eventsvc.core import bell, config, http, logs, transactions
from eventsvc.core.config import Settings
from eventsvc.core.db import db
from eventsvc.core.http import Door
from eventsvc.facts import actions as facts
from eventsvc.facts.actions import Listener
from eventsvc.facts.policy import Fact

DOORS: tuple[Door, ...] = ()

GATES = {"organiser": organiser_gate}

# Who listens to which fact, in order: seats first, then promises, then mail.
LISTENERS: dict[type[Fact], Sequence[Listener]] = {}

# What every writing transaction does just before it commits.
FINISHERS: tuple[transactions.Finisher, ...] = ()


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
    facts.let_listen(LISTENERS)
    transactions.finish_with(*FINISHERS)
    http.install(app, doors=DOORS, authenticate=authenticate, gates=GATES)
    return app
