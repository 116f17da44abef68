"""The doors of organisers, people, credentials and long work."""

from eventsvc.accounts.api.join_page import join_page
from eventsvc.accounts.api.joining import joining
from eventsvc.accounts.api.long_work import jobs
from eventsvc.accounts.api.members import invitations, members
from eventsvc.accounts.api.sign_on import sign_on
from eventsvc.accounts.api.signing_in import auth
from eventsvc.accounts.api.tenants import api_tokens, audit_entries, organisers

doors = (
    auth,
    sign_on,
    joining,
    join_page,
    organisers,
    members,
    invitations,
    api_tokens,
    audit_entries,
    jobs,
)
