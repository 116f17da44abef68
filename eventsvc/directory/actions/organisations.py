"""Organisations: added, changed, removed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified, set_committed_value

from eventsvc.audit.actions import record
from eventsvc.core.errors import Conflict, Invalid
from eventsvc.core.rights import Actor
from eventsvc.directory import policy
from eventsvc.directory.actions.naming import key_names, suggest_merges
from eventsvc.directory.actions.removal import refuse_alias, remove
from eventsvc.directory.models import Organisation, TargetCountry

NAMES = frozenset({"name", "legal_name", "short_name", "aliases"})


def add_organisation(
    session: Session, actor: Actor, organiser_id: str, values: Mapping[str, Any], *, now: datetime
) -> Organisation:
    """Add an organisation to the directory.

    Args:
        session: where to write.
        actor: who adds it.
        organiser_id: whose directory.
        values: columns of :class:`Organisation`, at least ``name`` and ``kind``; ``slug`` is made
            from the name when left out; ``targets`` as in :func:`set_targets`.
        now: the instant of the act.

    Raises:
        Conflict: ``slug-taken``.
        Invalid: a target names neither or both of country and region, or comes twice.
    """
    values = dict(values)
    targets = values.pop("targets", [])
    _check(targets)
    slug = values.pop("slug", None)
    if slug is None:
        slug = _free_slug(session, organiser_id, policy.slug_from(values["name"]))
    else:
        _check_slug(session, organiser_id, slug)
    values = {"aliases": [], **values}
    organisation = Organisation(organiser_id=organiser_id, slug=slug, created_at=now, **values)
    organisation.targets = _rows(targets)
    key_names(organisation)
    session.add(organisation)
    session.flush()
    record(session, actor, "organisation.added", organisation, now=now)
    suggest_merges(session, actor, organisation, now=now)
    return organisation


def change_organisation(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    values: Mapping[str, Any],
    *,
    now: datetime,
) -> Organisation:
    """Change an organisation; ``values`` holds only what changes, ``targets`` the whole list.

    Raises:
        Conflict: ``slug-taken``, ``already-merged``: it is an alias.
        Invalid: as :func:`add_organisation`.
    """
    refuse_alias(organisation)
    values = dict(values)
    targets = values.pop("targets", None)
    if targets is not None:
        set_targets(session, actor, organisation, targets, now=now)
    changed = sorted(name for name, value in values.items() if getattr(organisation, name) != value)
    if "slug" in changed:
        _check_slug(session, organisation.organiser_id, values["slug"])
    for name in changed:
        setattr(organisation, name, values[name])
    if not changed:
        return organisation
    key_names(organisation)
    session.flush()
    fields = {"fields": changed}
    record(session, actor, "organisation.changed", organisation, now=now, changes=fields)
    if NAMES & set(changed):
        suggest_merges(session, actor, organisation, now=now)
    return organisation


def set_targets(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    targets: Sequence[Mapping[str, Any]],
    *,
    now: datetime,
) -> Organisation:
    """Replace the targets of an organisation.

    ``targets``: in order, ``phase`` (concept or implementation), ``country`` (ISO 3166-1) or
    ``region`` (no country, e.g. "Asia-Pacific"), and ``printed``, the word of the source.

    Raises:
        Invalid: a target names neither or both of country and region, or comes twice.
    """
    _check(targets)
    standing = select(TargetCountry).where(TargetCountry.organisation_id == organisation.id)
    before = session.scalars(standing.order_by(TargetCountry.position)).all()
    rows = _rows(targets)
    if [_facts(row) for row in before] == [_facts(row) for row in rows]:
        return organisation
    # gone before the new ones come: the unit of work inserts first, and a pair is unique
    session.execute(delete(TargetCountry).where(TargetCountry.organisation_id == organisation.id))
    set_committed_value(organisation, "targets", [])
    organisation.targets = rows
    flag_modified(organisation, "search_text")  # the version counts targets too
    session.flush()
    changes = {"fields": ["targets"]}
    record(session, actor, "organisation.changed", organisation, now=now, changes=changes)
    return organisation


def remove_organisation(
    session: Session, actor: Actor, organisation: Organisation, *, now: datetime
) -> None:
    """Remove an organisation that nothing refers to, with its targets and figures.

    Raises:
        Conflict: ``in-use``.
    """
    remove(session, actor, organisation, "organisation.removed", now=now)


def _rows(targets: Sequence[Mapping[str, Any]]) -> list[TargetCountry]:
    return [
        TargetCountry(
            phase=target["phase"],
            country=target.get("country"),
            region=target.get("region"),
            printed=target.get("printed"),
            position=position,
        )
        for position, target in enumerate(targets)
    ]


def _facts(row: TargetCountry) -> tuple[str | None, ...]:
    return row.phase, row.country, row.region, row.printed


def _check(targets: Sequence[Mapping[str, Any]]) -> None:
    errors = policy.check_targets(targets)
    if errors:
        raise Invalid(errors)


def _check_slug(session: Session, organiser_id: str, slug: str) -> None:
    same = Organisation.organiser_id == organiser_id, Organisation.slug == slug
    taken = session.scalars(select(Organisation.id).where(*same)).first()
    if taken is not None:
        raise Conflict("slug-taken", "Another organisation has this slug.", conflicts_with=[taken])


def _free_slug(session: Session, organiser_id: str, wanted: str) -> str:
    like = Organisation.slug.startswith(wanted, autoescape=True)
    taken = set(
        session.scalars(
            select(Organisation.slug).where(Organisation.organiser_id == organiser_id, like)
        )
    )
    numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return wanted if wanted not in taken else next(slug for slug in numbered if slug not in taken)
