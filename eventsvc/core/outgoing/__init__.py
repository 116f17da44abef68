"""Calls to addresses that people typed: the guard against requests to the inside (security row 16).

Webhooks, OIDC discovery and whatever else goes to a foreign address goes through :func:`send`:
``https`` on port 443 to a host name whose every address is global unicast, connected to the very
address that was checked, without redirects or proxies, for ten seconds in all and 64 KiB of answer.
:func:`check` says the same at the time an address is saved.
"""

from eventsvc.core.outgoing.addresses import AddressRefused, Resolver, check, resolving_with
from eventsvc.core.outgoing.calls import LARGEST_ANSWER, SECONDS, Answer, CallFailed, send

__all__ = [
    "LARGEST_ANSWER",
    "SECONDS",
    "AddressRefused",
    "Answer",
    "CallFailed",
    "Resolver",
    "check",
    "resolving_with",
    "send",
]
