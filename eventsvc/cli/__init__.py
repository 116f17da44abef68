"""The console script ``eventsvc``."""

from __future__ import annotations

import signal
from typing import Any

import click
from alembic.util.exc import CommandError
from granian import Granian
from granian.constants import Interfaces
from sqlalchemy.exc import DBAPIError

from eventsvc import jobs, metrics
from eventsvc.app import create_app
from eventsvc.cli.accounts import account
from eventsvc.cli.care import audit_group, db_grants, doctor, retention_group, serve_metrics
from eventsvc.cli.database import db_group, invariants, seed
from eventsvc.cli.mailbox import mailbox
from eventsvc.cli.tokens import token
from eventsvc.cli.up import up
from eventsvc.core import config
from eventsvc.core.config import SettingRefused
from eventsvc.core.runner import Runner, request_stop


class Commands(click.Group):
    """Says what is for the person at the keyboard as one sentence, not as a stack of frames."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (SettingRefused, CommandError) as refused:
            raise click.ClickException(str(refused)) from refused
        except DBAPIError as error:
            reason = str(error.orig).strip().partition("\n")[0]
            raise click.ClickException(
                f"The database does not do it: {reason}. "
                "Is EVENTSVC_DATABASE_URL right, and was `eventsvc db upgrade` run?"
            ) from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """The back office of a conference series.

    \b
    To try it:           eventsvc up
    To run it by parts:  eventsvc db upgrade, then eventsvc web and eventsvc runner
    Settings:            environment variables EVENTSVC_…, listed by eventsvc config table
    """


@main.command()
def web() -> None:
    """Serve the web API on EVENTSVC_BIND."""
    settings = config.load()
    host, _, port = settings.bind.rpartition(":")
    Granian(
        "eventsvc.app:create_app",
        factory=True,
        interface=Interfaces.WSGI,
        address=host,
        port=int(port),
        workers=settings.web_workers,
        blocking_threads=settings.web_threads,
        # granian is typed for its enum, and takes its names as well
        log_level="warning",  # type: ignore[arg-type]
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        websockets=False,
    ).serve()


@main.command()
def runner() -> None:
    """Do the periodic work here, without a broker. Ends softly on SIGTERM or Ctrl-C."""
    settings = config.load()
    if not settings.embedded:
        raise click.ClickException("EVENTSVC_BROKER_URL is set: Celery workers do the jobs.")
    app = create_app(settings)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: request_stop())
    if settings.metrics_bind:
        metrics.serve(settings.metrics_bind, jobs.PERIODIC, app.app_context)
    Runner(jobs.PERIODIC, app.app_context).run()


@main.group("config")
def config_group() -> None:
    """Look at the settings."""


@config_group.command("check")
def config_check() -> None:
    """Read the settings and print them with secrets masked; exit 1 when one is wrong."""
    for name, value, _ in config.shown(config.load()):
        click.echo(f"{name:<34} {value}")


@config_group.command("table")
def config_table() -> None:
    """Print every setting as a Markdown table (docs/reference/settings.md)."""
    click.echo(config.table(), nl=False)


main.add_command(up)
main.add_command(db_group)
main.add_command(seed)
main.add_command(account)
main.add_command(token)
main.add_command(mailbox)
main.add_command(doctor)
main.add_command(serve_metrics)
main.add_command(audit_group)
main.add_command(retention_group)
db_group.add_command(db_grants)
main.add_command(invariants)
