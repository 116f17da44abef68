"""Who may do what: roles and scopes (api.md §10). Pure; declared at doors, judged in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

AREAS = (
    "directory", "series", "events", "agenda", "speakers", "visits", "registrations",
    "matchmaking", "documents", "announcements", "feedback", "reports", "messages", "webhooks",
    "audit",
)  # fmt: skip
OF_LINKS = frozenset({"my", "speaking"})
"""The scopes of private links: a guest's and a speaker's."""
SCOPES = frozenset(
    {f"{area}:{verb}" for area in AREAS for verb in ("read", "write")}
    | {"checkin", "imports", "sensitive", "members", "platform"}
    | OF_LINKS
)

_READ_ALL = frozenset(scope for scope in SCOPES if scope.endswith(":read"))
_AGENDA = frozenset({"agenda", "speakers", "visits", "documents"})
_OWNER = SCOPES - {"platform"} - OF_LINKS
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
    "platform-admin": SCOPES - {"sensitive"} - OF_LINKS,
    "organiser-admin": _OWNER,
    "series-owner": _OWNER,
    "event-manager": _MANAGER,
    "programme-editor": _EDITOR,
    "check-in-staff": frozenset(
        {"checkin", "events:read", "agenda:read", "registrations:read", "reports:read"}
    ),
    "attendee": frozenset({"my"}),
    "speaker": frozenset({"speaking"}),
    "read-only": _READ_ALL - {"audit:read", "webhooks:read", "messages:read"},
}
# Who sees e-mail, phone and answers of registrations, and may send If-Match: * (api.md §3, §10).
MANAGING = frozenset({"platform-admin", "organiser-admin", "series-owner", "event-manager"})


# From all rights to few: nobody hands out a role above the own one.
RANKS = (
    "platform-admin",
    "organiser-admin",
    "series-owner",
    "event-manager",
    "programme-editor",
    "check-in-staff",
    "read-only",
)


@dataclass(frozen=True)
class Grant:
    """A role and where it holds: everywhere, or in one organiser, of that in one series or event.

    ``sensitive``: whether it opens diet and access answers, where the role allows it (api.md §10:
    a person has that right only when it was given). ``owner_role``: of a token, the role that its
    owner has there now; both must hold a scope.
    """

    role: str
    organiser_id: str | None = None
    series_id: str | None = None
    event_id: str | None = None
    sensitive: bool = True
    owner_role: str | None = None

    @property
    def everywhere(self) -> bool:
        """Whether it holds for every organiser."""
        return self.role == "platform-admin"

    @property
    def whole(self) -> bool:
        """Whether it holds for all of an organiser."""
        return self.series_id is None and self.event_id is None

    def holds(self, scope: str) -> bool:
        """Whether the role has ``scope`` where the grant holds."""
        roles = (self.role, self.owner_role or self.role)
        held = all(scope in ROLES.get(role, frozenset()) for role in roles)
        return held and (self.sensitive or scope != "sensitive")

    def covers(self, organiser_id: str, series_id: str | None, event_id: str | None) -> bool:
        """Whether it holds for this organiser, or this series or event of it."""
        return self.everywhere or (
            self.organiser_id == organiser_id
            and self.series_id in (None, series_id)
            and self.event_id in (None, event_id)
        )


@dataclass(frozen=True)
class Actor:
    """Who asks. ``organiser_id`` None: every organiser (platform administrator) or the public.

    kind: ``account`` (a person signed in), ``token`` (``evt_``), ``link`` (``evl_``, an attendee),
    ``public`` or ``system`` (a job). ``account_id``: the person, also behind a token it made.

    A person may have several roles in several places. ``grants`` lists them; ``role``,
    ``organiser_id``, ``series_id`` and ``event_id`` are those of the highest one, as far as all
    agree. A gate narrows the actor to the thing of the path (:meth:`at`): from then on only what
    was granted there counts, and ``elsewhere`` keeps the rest, which still may be looked at.
    """

    kind: str
    name: str
    credential_id: str | None = None
    role: str | None = None
    scopes: frozenset[str] = field(default_factory=frozenset)
    organiser_id: str | None = None
    event_id: str | None = None
    subject_id: str | None = None
    series_id: str | None = None
    account_id: str | None = None
    grants: tuple[Grant, ...] = ()
    elsewhere: tuple[Grant, ...] = ()

    @property
    def places(self) -> tuple[Grant, ...]:
        """What was granted, where it counts now."""
        if self.grants or self.role is None:
            return self.grants
        return (Grant(self.role, self.organiser_id, self.series_id, self.event_id),)

    @property
    def seen(self) -> tuple[Grant, ...]:
        """What was granted anywhere: it says what the actor may look at."""
        return self.places + self.elsewhere

    def may(self, scope: str) -> bool:
        """Whether both the credential's scopes and its owner's role hold ``scope``."""
        return scope in self.scopes and any(grant.holds(scope) for grant in self.places)

    def at(
        self, organiser_id: str, series_id: str | None = None, event_id: str | None = None
    ) -> Actor:
        """The actor as it stands to an organiser, or to a series or event of it."""
        return self.where(lambda grant: grant.covers(organiser_id, series_id, event_id))

    def within(self, organiser_id: str) -> Actor:
        """The actor with all it was granted in an organiser, for the whole or a part of it."""
        return self.where(lambda grant: grant.everywhere or grant.organiser_id == organiser_id)

    def where(self, counts: Callable[[Grant], bool]) -> Actor:
        """The actor with those of its grants that count."""
        found = [grant for grant in self.seen if counts(grant)]
        rest = tuple(grant for grant in self.seen if grant not in found)
        return with_grants(self, found, elsewhere=rest)

    def kept(self) -> dict[str, Any]:
        """The actor as JSON, for a job that acts later in its name (:func:`actor_kept`)."""
        return {**asdict(self), "scopes": sorted(self.scopes)}

    @property
    def manages(self) -> bool:
        """Whether the role is event manager or above."""
        return self.role in MANAGING

    @property
    def everywhere(self) -> bool:
        """Whether the actor works for every organiser."""
        return self.role == "platform-admin" or self.kind == "system"


def with_grants(actor: Actor, grants: Iterable[Grant], *, elsewhere: Iterable[Grant] = ()) -> Actor:
    """``actor`` with these grants, the highest role first; no grants, no rights."""
    ordered = sorted(grants, key=_rank)
    organisers = {grant.organiser_id for grant in ordered}
    broadest = next((grant for grant in ordered if grant.whole), ordered[0] if ordered else None)
    alone = broadest if len(ordered) == 1 or (broadest and broadest.whole) else None
    return replace(
        actor,
        role=ordered[0].role if ordered else None,
        organiser_id=organisers.pop() if len(organisers) == 1 else None,
        series_id=alone.series_id if alone else None,
        event_id=alone.event_id if alone else None,
        grants=tuple(ordered),
        elsewhere=tuple(elsewhere),
    )


def _rank(grant: Grant) -> int:
    return RANKS.index(grant.role) if grant.role in RANKS else len(RANKS)


def lower_role(one: str, other: str) -> str:
    """The lower of two staff roles: what a token can do of what its owner may."""
    return max(one, other, key=RANKS.index)


PUBLIC = Actor(kind="public", name="public")


def actor_kept(kept: Mapping[str, Any]) -> Actor:
    """The actor that :meth:`Actor.kept` wrote down."""
    granted = {name: tuple(Grant(**one) for one in kept[name]) for name in ("grants", "elsewhere")}
    return Actor(**{**kept, **granted, "scopes": frozenset(kept["scopes"])})


def system(name: str) -> Actor:
    """The house itself, acting for a job or the command line called ``name``."""
    return Actor(kind="system", name=name, role="platform-admin", scopes=SCOPES)
