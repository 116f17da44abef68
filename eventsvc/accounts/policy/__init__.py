"""Rules of roles, tokens, sessions and passwords. Pure."""

from eventsvc.accounts.policy.grants import (
    EVENT_ROLES,
    INVITATION_LIFE,
    LONGEST_TOKEN_LIFE,
    NOTED_EVERY,
    ORGANISER_ROLES,
    SEEN_EVERY,
    SESSION_IDLE,
    SESSION_WHOLE,
    check_offer,
    check_outranks,
    effective_scopes,
    grantable_scopes,
    may_grant_role,
    rights_of_token,
    use_is_due,
)
from eventsvc.accounts.policy.passwords import LOGIN_REFUSED, LONGEST, SHORTEST, password_errors
from eventsvc.accounts.policy.paths import local_path
from eventsvc.accounts.policy.totp import code_step, new_secret, secret_uri

__all__ = [
    "EVENT_ROLES",
    "INVITATION_LIFE",
    "LOGIN_REFUSED",
    "LONGEST",
    "LONGEST_TOKEN_LIFE",
    "NOTED_EVERY",
    "ORGANISER_ROLES",
    "SEEN_EVERY",
    "SESSION_IDLE",
    "SESSION_WHOLE",
    "SHORTEST",
    "check_offer",
    "check_outranks",
    "code_step",
    "effective_scopes",
    "grantable_scopes",
    "local_path",
    "may_grant_role",
    "new_secret",
    "password_errors",
    "rights_of_token",
    "secret_uri",
    "use_is_due",
]
