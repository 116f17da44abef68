"""The credit line of an edition, made from the roles of organisations (editions.md §1.2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

ROLES = (
    "organiser", "on_behalf_of", "co_organiser", "host", "partner", "sponsor", "venue", "attending",
)  # fmt: skip

_PHRASES = (
    ("organiser", "organised by", " "),
    ("on_behalf_of", "on behalf of", " "),
    ("co_organiser", "co-organised by", ", "),
    ("host", "hosted by", ", "),
    ("partner", "in partnership with", ", "),
)
# English takes an article before bodies that are named by such a noun, and none before firms.
_NOUNS = frozenset(
    {
        "agency", "alliance", "association", "chamber", "commission", "committee", "council",
        "directorate-general", "federation", "institute", "ministry", "network", "office",
        "parliament", "platform", "union",
    }
)  # fmt: skip


def credit_line(roles: Iterable[tuple[str, str]]) -> str | None:
    """The credit line for (role, name) pairs in order, or None when nobody is credited.

    "Organised by the European Cluster Collaboration Platform on behalf of the European
    Commission, hosted by …". Sponsors, venues and who merely attended are not in it.
    """
    by_role: dict[str, list[str]] = {}
    for role, name in roles:
        by_role.setdefault(role, []).append(_with_article(name))
    line = ""
    for role, phrase, joint in _PHRASES:
        if role in by_role:
            line += f"{joint if line else ''}{phrase} {_listed(by_role[role])}"
    return line[0].upper() + line[1:] if line else None


def _with_article(name: str) -> str:
    words = name.lower().split()
    return f"the {name}" if words[0] in _NOUNS or words[-1] in _NOUNS else name


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
