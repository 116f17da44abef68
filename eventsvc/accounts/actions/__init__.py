"""Organisers, people, roles and credentials: the verbs."""

from eventsvc.accounts.actions.credentials import (
    create_token,
    end_links,
    issue_link,
    note_use,
    revoke,
)
from eventsvc.accounts.actions.members import add_member, change_member, remove_member
from eventsvc.accounts.actions.people import (
    add_account,
    admit,
    confirm_totp,
    disable_account,
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
from eventsvc.accounts.actions.tenants import add_organiser, change_organiser

__all__ = [
    "add_account",
    "add_member",
    "add_organiser",
    "admit",
    "change_member",
    "change_organiser",
    "confirm_totp",
    "create_token",
    "disable_account",
    "end_links",
    "end_session",
    "end_sessions",
    "forget_sessions",
    "issue_link",
    "link_identity",
    "note_seen",
    "note_use",
    "offer_totp",
    "open_session",
    "remove_member",
    "remove_totp",
    "revoke",
    "set_password",
]
