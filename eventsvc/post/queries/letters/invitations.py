"""The letter that offers a role to an address (api.md §6, organisers' invitations)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from eventsvc.accounts.actions import invitation_token
from eventsvc.accounts.models import Invitation, Organiser
from eventsvc.accounts.queries import account_with, names_of
from eventsvc.core import config
from eventsvc.core.ids import digest, is_id
from eventsvc.events.models import Event, Series
from eventsvc.mail.models import OutboxMessage
from eventsvc.post.policy import Ended, Letter


def member_invitation(session: Session, message: OutboxMessage, now: datetime) -> Letter | Ended:
    """Who offers which role, where, until when, and the link to take it."""
    invitation = session.get(Invitation, message.subject_id)
    if invitation is None or invitation.number != message.revision:
        return Ended("cancelled", "withdrawn")
    if invitation.accepted_at is not None or invitation.expires_at <= now:
        return Ended("cancelled", "over")
    link = _link(invitation)
    if link is None:
        return Ended("cancelled", "secret key changed")
    organiser = session.get_one(Organiser, invitation.organiser_id)
    account = account_with(session, invitation.email)
    return Letter(
        template="member_invitation",
        context={
            "name": account.name if account is not None else invitation.email,
            "organiser": {"name": organiser.name, "email": organiser.email},
            "event": {"title": _place(session, invitation) or organiser.name},
            "inviter": _inviter(session, invitation),
            "role": invitation.role,
            "expires": invitation.expires_at,
            "zone": organiser.timezone,
            "known": account is not None,
            "invitation_link": link,
        },
        sender_name=organiser.name,
        reply_to=organiser.email,
    )


def _link(invitation: Invitation) -> str | None:
    """The page to take it. The token stands in the fragment, which no server sees (row 10)."""
    settings = config.current()
    for secret in settings.secret_keys:
        token = invitation_token(secret, invitation.id, invitation.number)
        if digest(token) == invitation.digest:
            return f"{settings.base_url}/join#{token}"
    return None


def _place(session: Session, invitation: Invitation) -> str | None:
    if invitation.event_id is not None:
        return session.get_one(Event, invitation.event_id).title
    if invitation.series_id is not None:
        return session.get_one(Series, invitation.series_id).name
    return None


def _inviter(session: Session, invitation: Invitation) -> str | None:
    """The name of the person who invites; None where a token or the command line did it."""
    by = invitation.invited_by
    return names_of(session, {by}).get(by) if is_id(by) else None
