"""Organisations (clusters, hosts, authorities, firms) and persons (speakers)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsvc.core.db import Base, Document, Id, Identified, Versioned


class Organisation(Identified, Versioned, Base):
    """An entry of the directory. ``kind_basis`` says whether the kind is printed or inferred."""

    __tablename__ = "organisations"
    __table_args__ = (
        UniqueConstraint("organiser_id", "id"),
        UniqueConstraint("organiser_id", "slug"),
        Index("uq_organisations_external_id", "organiser_id", "external_id", unique=True),
        Index("ix_organisations_name", "organiser_id", "name_key", "id"),
        ForeignKeyConstraint(
            ["organiser_id", "merged_into_id"],
            ["organisations.organiser_id", "organisations.id"],
        ),
    )

    organiser_id: Mapped[str] = mapped_column(ForeignKey("organisers.id"))
    slug: Mapped[str]
    external_id: Mapped[str | None]
    name: Mapped[str]
    # the folded name, and one line per folded name, legal name, short name and alias
    # (policy.search_lines), for look-ups and merge suggestions
    name_key: Mapped[str]
    search_text: Mapped[str]
    legal_name: Mapped[str | None]
    short_name: Mapped[str | None]
    aliases: Mapped[list[str]] = mapped_column(default=list)
    kind: Mapped[str]
    secondary_kind: Mapped[str | None]
    kind_basis: Mapped[str] = mapped_column(default="printed")
    initiative: Mapped[bool] = mapped_column(default=False)
    leading_edge: Mapped[bool] = mapped_column(default=False)
    city: Mapped[str | None]
    region: Mapped[str | None]
    country: Mapped[str | None]
    country_basis: Mapped[str | None]
    website: Mapped[str | None]
    description: Mapped[str | None]
    tags: Mapped[list[str]] = mapped_column(default=list)
    # countries that only the description names; they are no targets
    countries_in_description: Mapped[list[str]] = mapped_column(default=list)
    sources: Mapped[list[str]] = mapped_column(default=list)
    # facts of the source without a column of their own: partners, project, notes, discrepancies
    archive: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    # set: it is an alias of that entry, and in no list
    merged_into_id: Mapped[str | None] = mapped_column(Id)
    created_at: Mapped[datetime]

    targets: Mapped[list[TargetCountry]] = relationship(
        order_by="TargetCountry.position", cascade="all, delete-orphan", lazy="raise"
    )


class TargetCountry(Identified, Base):
    """What a cluster names as target in one phase of its project, as printed and read.

    Either a country (ISO 3166-1), or a region that is none ("Asia-Pacific"), which counts in no
    ranking and is not expanded to countries.
    """

    __tablename__ = "target_countries"
    __table_args__ = (
        UniqueConstraint("organisation_id", "phase", "country"),
        Index("ix_target_countries_country", "country", "phase"),
        CheckConstraint("(country IS NULL) <> (region IS NULL)", name="country_or_region"),
    )

    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"))
    phase: Mapped[str]
    country: Mapped[str | None]
    region: Mapped[str | None]
    printed: Mapped[str | None]
    position: Mapped[int]


class FigureFields:
    """A stated figure: its operator and source are part of the fact (design law 8)."""

    metric: Mapped[str]
    operator: Mapped[str]
    value: Mapped[int]
    unit: Mapped[str | None]
    printed: Mapped[str | None]
    note: Mapped[str | None]
    source: Mapped[str | None]
    preferred: Mapped[bool] = mapped_column(default=False)
    context: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)


class OrganisationFigure(FigureFields, Identified, Versioned, Base):
    """A stated figure about an organisation, e.g. 126 members."""

    __tablename__ = "organisation_figures"

    organisation_id: Mapped[str] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), index=True
    )


class Person(Identified, Versioned, Base):
    """A speaker of public events. Affiliations belong to a role at one event, not to the person."""

    __tablename__ = "persons"
    __table_args__ = (
        UniqueConstraint("organiser_id", "id"),
        Index("ix_persons_name", "organiser_id", "name_key", "id"),
        ForeignKeyConstraint(
            ["organiser_id", "merged_into_id"], ["persons.organiser_id", "persons.id"]
        ),
    )

    organiser_id: Mapped[str] = mapped_column(ForeignKey("organisers.id"))
    name: Mapped[str]
    # folded, without academic titles; search_text has one line per name and alias
    name_key: Mapped[str]
    search_text: Mapped[str]
    aliases: Mapped[list[str]] = mapped_column(default=list)
    biography: Mapped[str | None]
    country: Mapped[str | None]
    sources: Mapped[list[str]] = mapped_column(default=list)
    # set: it is an alias of that entry, and in no list
    merged_into_id: Mapped[str | None] = mapped_column(Id)
    created_at: Mapped[datetime]


class MergeSuggestion(Identified, Versioned, Base):
    """Two persons or organisations that may be one; a person of flesh decides."""

    __tablename__ = "merge_suggestions"
    __table_args__ = (
        UniqueConstraint("subject_type", "first_id", "second_id"),
        Index(
            "ix_merge_suggestions_open",
            "organiser_id",
            postgresql_where=text("state = 'open'"),
            sqlite_where=text("state = 'open'"),
        ),
        ForeignKeyConstraint(["organiser_id"], ["organisers.id"]),
    )

    organiser_id: Mapped[str] = mapped_column(Id)
    subject_type: Mapped[str]
    first_id: Mapped[str] = mapped_column(Id)
    second_id: Mapped[str] = mapped_column(Id)
    confidence: Mapped[str]
    reason: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    created_at: Mapped[datetime]


class Merge(Identified, Base):
    """One entry of the directory became an alias of another; it can be undone until
    ``undo_until``.

    ``moved``: table → column → ids of the rows that now refer to the other entry. ``set_aside``:
    table → rows that said of the other entry what another row says already. ``names_added``: the
    aliases that the other entry got.
    """

    __tablename__ = "merges"
    __table_args__ = (
        ForeignKeyConstraint(["organiser_id"], ["organisers.id"]),
        Index("ix_merges_order", "organiser_id", "at", "id"),
    )

    organiser_id: Mapped[str] = mapped_column(Id)
    subject_type: Mapped[str]
    from_id: Mapped[str] = mapped_column(Id)
    into_id: Mapped[str] = mapped_column(Id)
    moved: Mapped[dict[str, Any]]
    set_aside: Mapped[dict[str, Any]]
    names_added: Mapped[list[str]]
    at: Mapped[datetime]
    by: Mapped[str]
    undo_until: Mapped[datetime]
    undone_at: Mapped[datetime | None]
