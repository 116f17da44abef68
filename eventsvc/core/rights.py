"""Who may do what: roles and scopes (api.md §10). Pure; declared at doors, judged in one place."""

from __future__ import annotations

from dataclasses import dataclass, field

AREAS = (
    "directory", "series", "events", "agenda", "speakers", "visits", "registrations",
    "matchmaking", "documents", "announcements", "feedback", "reports", "messages", "webhooks",
    "audit",
)  # fmt: skip
SCOPES = frozenset(
    {f"{area}:{verb}" for area in AREAS for verb in ("read", "write")}
    | {"checkin", "imports", "sensitive", "members", "platform", "my"}
)

_READ_ALL = frozenset(scope for scope in SCOPES if scope.endswith(":read"))
_AGENDA = frozenset({"agenda", "speakers", "visits", "documents"})
_OWNER = SCOPES - {"platform", "my"}
_MANAGER = _OWNER - {
    "members",
    "webhooks:write",
    "webhooks:read",
    "audit:read",
    "audit:write",
    "series:write",
}
_EDITOR = frozenset(
    {f"{area}:{verb}" for area in _AGENDA for verb in ("read", "write")}
    | {"series:read", "events:read", "directory:read", "reports:read"}
)

ROLES: dict[str, frozenset[str]] = {
    "platform-admin": SCOPES - {"sensitive", "my"},
    "organiser-admin": _OWNER,
    "series-owner": _OWNER,
    "event-manager": _MANAGER,
    "programme-editor": _EDITOR,
    "check-in-staff": frozenset(
        {"checkin", "events:read", "agenda:read", "registrations:read", "reports:read"}
    ),
    "attendee": frozenset({"my"}),
    "read-only": _READ_ALL - {"audit:read", "webhooks:read", "messages:read"},
}
# Who sees e-mail, phone and answers of registrations, and may send If-Match: * (api.md §3, §10).
MANAGING = frozenset({"platform-admin", "organiser-admin", "series-owner", "event-manager"})


@dataclass(frozen=True)
class Actor:
    """Who asks. ``organiser_id`` None: every organiser (platform administrator) or the public.

    kind: ``token`` (``evt_``), ``link`` (``evl_``, an attendee), ``public`` or ``system`` (a job).
    """

    kind: str
    name: str
    credential_id: str | None = None
    role: str | None = None
    scopes: frozenset[str] = field(default_factory=frozenset)
    organiser_id: str | None = None
    event_id: str | None = None
    subject_id: str | None = None

    def may(self, scope: str) -> bool:
        """Whether both the credential's scopes and its owner's role hold ``scope``."""
        return scope in self.scopes and scope in ROLES.get(self.role or "", frozenset())

    @property
    def manages(self) -> bool:
        """Whether the role is event manager or above."""
        return self.role in MANAGING

    @property
    def everywhere(self) -> bool:
        """Whether the actor works for every organiser."""
        return self.role == "platform-admin" or self.kind == "system"


PUBLIC = Actor(kind="public", name="public")


def system(name: str) -> Actor:
    """The house itself, acting for a job or the command line called ``name``."""
    return Actor(kind="system", name=name, role="platform-admin", scopes=SCOPES)
