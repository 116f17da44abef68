"""The one table of periodic work: the runner, the beat and `workers` are made from it."""

from __future__ import annotations

from eventsvc import retention
from eventsvc.accounts import jobs as accounts
from eventsvc.agenda import jobs as agenda
from eventsvc.audit import jobs as audit
from eventsvc.bookings import jobs as bookings
from eventsvc.core.jobs import Periodic
from eventsvc.events import jobs as events
from eventsvc.exports import jobs as exports
from eventsvc.feeds import jobs as feeds
from eventsvc.imports import jobs as imports
from eventsvc.post import jobs as post
from eventsvc.registration import jobs as registration
from eventsvc.reminders import jobs as reminders
from eventsvc.reports import jobs as reports
from eventsvc.webhooks import jobs as webhooks

PERIODIC: tuple[Periodic, ...] = (
    Periodic("events.clock", 60, "plan", events.turn_clock),
    Periodic("events.milestones", 3600, "plan", events.tell_milestones),
    Periodic("agenda.tidy_calendar", 86_400, "plan", agenda.tidy_calendar),
    Periodic("accounts.forget_sessions", 86_400, "plan", accounts.forget_sessions),
    Periodic("core.retention", 86_400, "plan", retention.tidy),
    Periodic("registration.expire_proofs", 600, "plan", registration.expire_proofs),
    Periodic("registration.expire_offers", 60, "plan", registration.expire_offers),
    Periodic("bookings.expire_offers", 60, "plan", bookings.expire_offers),
    Periodic("feeds.warm", 60, "plan", feeds.warm),
    Periodic("feeds.retire", 86_400, "plan", feeds.retire),
    Periodic("reminders.plan", 60, "plan", reminders.plan),
    Periodic("reminders.announce", 60, "plan", reminders.announce),
    Periodic("reminders.seal", 60, "plan", reminders.seal),
    Periodic("reports.open", 300, "report", reports.open_reports),
    Periodic("reports.write", 60, "report", reports.write_reports, limit_s=600),
    Periodic("reports.release", 3600, "report", reports.release_reports),
    Periodic("imports.run", 60, "report", imports.run, limit_s=600),
    Periodic("exports.run", 60, "report", exports.run, limit_s=600),
    Periodic("exports.forget", 3600, "plan", exports.forget),
    Periodic("imports.forget", 86_400, "plan", imports.forget),
    Periodic("post.drain", 10, "mail", post.drain, parallel=True, limit_s=720),
    Periodic("post.reap", 10, "mail", post.reap, parallel=True),
    Periodic("audit.seal", 3600, "plan", audit.seal),
    Periodic("webhooks.send", 10, "plan", webhooks.send, limit_s=60),
)


def queues() -> dict[str, str]:
    """Job name → queue, for the doorbell."""
    return {job.name: job.queue for job in PERIODIC}
