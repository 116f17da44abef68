"""Questions about organisers, people, roles and credentials."""

from eventsvc.accounts.queries.invitations import invitation, invitations_of, open_invitation
from eventsvc.accounts.queries.people import (
    account_known_as,
    account_of_member,
    account_with,
    admins_left,
    grants_of,
    member,
    members_of,
    names_of,
    owner_of,
    session_shown,
    with_roles,
)
from eventsvc.accounts.queries.reach import reach
from eventsvc.accounts.queries.tenants import (
    api_token,
    audit_entries_of,
    credential_shown,
    credentials_of,
    organiser_for,
    organisers_of,
    with_persons,
)

__all__ = [
    "account_known_as",
    "account_of_member",
    "account_with",
    "admins_left",
    "api_token",
    "audit_entries_of",
    "credential_shown",
    "credentials_of",
    "grants_of",
    "invitation",
    "invitations_of",
    "member",
    "members_of",
    "names_of",
    "open_invitation",
    "organiser_for",
    "organisers_of",
    "owner_of",
    "reach",
    "session_shown",
    "with_persons",
    "with_roles",
]
