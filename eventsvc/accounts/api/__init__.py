"""The doors of organisers, people and credentials."""

from eventsvc.accounts.api.signing_in import auth
from eventsvc.accounts.api.tenants import api_tokens, audit_entries, organisers

doors = (auth, organisers, api_tokens, audit_entries)
