"""Commands that look after a running service: is it well, does the audit trail hold, what goes."""

from __future__ import annotations

import re
import signal
import sys
import threading

import click

from eventsvc import jobs, metrics, retention
from eventsvc.app import create_app
from eventsvc.audit import actions as audit
from eventsvc.audit import queries as audit_queries
from eventsvc.core import clock, config
from eventsvc.core.transactions import transaction


@click.command()
def doctor() -> None:
    """Show jobs and queues, green or red; exit 1 when something is red."""
    with create_app().app_context(), transaction(write=False) as session:
        found = metrics.look(session, jobs.PERIODIC, now=clock.now(session))
    for job in found.jobs:
        ended = job.last_ok_at.isoformat(timespec="seconds") if job.last_ok_at else "never"
        state = job.last_error or _green("ok")
        if job.silent:
            state = _red(f"SILENT {job.last_error or ''}".rstrip())
        click.echo(
            f"{job.name:<28} every {job.period_s:>6} s   last ended well {ended:<26} {state}"
        )
    click.echo(
        f"mail: {found.mail_due} due, oldest {found.mail_oldest_s:.0f} s; "
        f"{found.mail['failed']} failed, {found.mail['unknown']} unknown"
    )
    click.echo(
        f"webhooks: {found.webhooks['pending']} due, oldest {found.webhooks_oldest_s:.0f} s; "
        f"{found.webhooks['failed']} failed"
    )
    alarms = found.alarms()
    for alarm in alarms:
        click.echo(_red(f"RED: {alarm}."))
    if alarms:
        sys.exit(1)
    click.echo(_green("All is well."))


def _green(text: str) -> str:
    return click.style(text, fg="green")


def _red(text: str) -> str:
    return click.style(text, fg="red")


@click.command("metrics")
def serve_metrics() -> None:
    """Answer Prometheus on EVENTSVC_METRICS_BIND. Ends on SIGTERM or Ctrl-C."""
    settings = config.load()
    if not settings.metrics_bind:
        raise click.ClickException("Set EVENTSVC_METRICS_BIND, e.g. 127.0.0.1:9464.")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    end = metrics.serve(settings.metrics_bind, jobs.PERIODIC, create_app(settings).app_context)
    stop.wait()
    end()


@click.group("audit")
def audit_group() -> None:
    """Seal the audit trail, and see whether it holds."""


@audit_group.command("seal")
def audit_seal() -> None:
    """Seal now what the hourly job would seal."""
    sealed = 0
    with create_app().app_context():
        while True:
            with transaction() as session:
                taken = audit.seal(session, now=clock.now(session))
            if not taken:
                break
            sealed += taken
    click.echo(f"{sealed} entries sealed.")


@audit_group.command("verify")
@click.option(
    "--head", "noted", multiple=True, metavar="DIGEST",
    help="A head that you noted earlier: it must still be in its chain.",
)  # fmt: skip
def audit_verify(noted: tuple[str, ...]) -> None:
    """Check every seal; exit 1 when an entry was changed, removed or inserted.

    It prints the head of each chain. Keep them outside the database: whoever can write the
    database could make a chain anew, but not one that ends in a head that you have noted.
    """
    with create_app().app_context(), transaction(write=False) as session:
        broken = list(audit_queries.broken(session, now=clock.now(session)))
        lost = audit_queries.unknown_digests(session, noted)
        heads = audit_queries.heads(session)
    for chain, head in heads.items():
        click.echo(f"{chain}  seal {head.number}  {head.digest}")
    for sentence in (*broken, *(f"head {digest}: it is in no chain." for digest in lost)):
        click.echo(sentence)
    if broken or lost:
        sys.exit(1)
    click.echo("All seals hold.")


@click.group("retention")
def retention_group() -> None:
    """What goes by time."""


@retention_group.command("run")
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
def retention_run(*, dry_run: bool) -> None:
    """Let everything go whose time is over, as the daily job does."""
    with create_app().app_context():
        if not dry_run:
            for name, gone in retention.run():
                click.echo(f"{name:<30} {gone:>8}")
            return
        found = retention.due()
    click.echo(f"{'rule':<30} {'rows':>8}  what")
    for rule, number in found:
        click.echo(f"{rule.name:<30} {number:>8}  {rule.what}")


HISTORY = "audit_entries, audit_seals, audit_sealed"
LATER = "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public"
GRANTS = (
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    f"{LATER} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {{role}}",
    f"{LATER} GRANT USAGE, SELECT ON SEQUENCES TO {{role}}",
    f"REVOKE UPDATE, DELETE, TRUNCATE ON {HISTORY} FROM {{role}}",
    "REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON alembic_version FROM {role}",
    "REVOKE EXECUTE ON FUNCTION audit_entries_expire(timestamptz, integer) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION audit_entries_expire(timestamptz, integer) TO {role}",
)


def grants(role: str, owner: str) -> list[str]:
    """The statements that give a service role its rights on PostgreSQL (security.md §4, row 30).

    Raises:
        ClickException: a name that would have to be quoted.
    """
    for name in (role, owner):
        if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", name):
            raise click.ClickException(f"{name!r} is no plain role name.")
    return [statement.format(role=role, owner=owner) for statement in GRANTS]


@click.command("grants")
@click.option("--role", default="eventsvc", show_default=True, help="Of web, workers and runner.")
@click.option(
    "--owner", default="eventsvc_owner", show_default=True, help="Of the tables; it migrates."
)
def db_grants(role: str, owner: str) -> None:
    """Print the PostgreSQL rights of a service role that can change no table and no history.

    Pipe it into psql as the owner of the tables, after each `eventsvc db upgrade`.
    """
    for statement in grants(role, owner):
        click.echo(f"{statement};")
