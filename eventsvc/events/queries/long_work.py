"""The gate of jobs: who may see the work of an event, or of a whole organiser."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from eventsvc.core.errors import NotFound
from eventsvc.core.rights import Actor
from eventsvc.core.work import job_of
from eventsvc.events.queries.gates import event_gate


def job_gate(session: Session, actor: Actor, path: Mapping[str, str]) -> Actor:
    """Let through who may see what the job of the path is about, with what it may do there.

    Raises:
        NotFound: there is no such job, or it is about another's event or organiser.
    """
    job = job_of(session, path["job_id"])
    if job.event_id is not None:
        return event_gate(session, actor, {"event_id": job.event_id})
    found = actor.at(job.organiser_id) if job.organiser_id else actor
    if not found.places or (job.organiser_id is None and not actor.everywhere):
        raise NotFound
    return found
