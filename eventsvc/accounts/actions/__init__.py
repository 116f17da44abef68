"""Organisers, people, roles and credentials: the verbs."""

from eventsvc.accounts.actions.credentials import (
    create_token,
    end_links,
    issue_link,
    issue_speaker_link,
    note_use,
    revoke,
)
from eventsvc.accounts.actions.invitations import (
    accept_invitation,
    change_invitation,
    invitation_token,
    invite,
    withdraw_invitation,
)
from eventsvc.accounts.actions.members import (
    add_member,
    change_member,
    remove_member,
)
from eventsvc.accounts.actions.people import (
    add_account,
    admit,
    confirm_totp,
    disable_account,
    known_person,
    link_identity,
    offer_totp,
    remove_totp,
    set_password,
)
from eventsvc.accounts.actions.sessions import (
    end_session,
    end_sessions,
    forget_sessions,
    note_seen,
    open_session,
)
from eventsvc.accounts.actions.tenants import (
    add_organiser,
    change_organiser,
)

__all__ = [
    "accept_invitation",
    "add_account",
    "add_member",
    "add_organiser",
    "admit",
    "change_invitation",
    "change_member",
    "change_organiser",
    "confirm_totp",
    "create_token",
    "disable_account",
    "end_links",
    "end_session",
    "end_sessions",
    "forget_sessions",
    "invitation_token",
    "invite",
    "issue_link",
    "issue_speaker_link",
    "known_person",
    "link_identity",
    "note_seen",
    "note_use",
    "offer_totp",
    "open_session",
    "remove_member",
    "remove_totp",
    "revoke",
    "set_password",
    "withdraw_invitation",
]
