"""Questions about invitations."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Select

from eventsvc.accounts.models import Invitation
from eventsvc.core.errors import NotFound
from eventsvc.core.ids import digest, is_id


def invitations_of(organiser_id: str) -> Select[Invitation]:
    """The invitations of an organiser, accepted and expired ones too."""
    return select(Invitation).where(Invitation.organiser_id == organiser_id)


def invitation(session: Session, organiser_id: str, invitation_id: str) -> Invitation:
    """One invitation of an organiser.

    Raises:
        NotFound: there is none, or it is another organiser's.
    """
    if not is_id(invitation_id):
        raise NotFound
    wanted = invitations_of(organiser_id).where(Invitation.id == invitation_id)
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def open_invitation(
    session: Session, token: str, *, now: datetime, lock: bool = False
) -> Invitation | None:
    """The invitation that ``token`` is, or None: unknown, over, or taken."""
    wanted = select(Invitation).where(
        Invitation.digest == digest(token),
        Invitation.accepted_at.is_(None),
        Invitation.expires_at > now,
    )
    return session.scalars(wanted.with_for_update() if lock else wanted).one_or_none()
