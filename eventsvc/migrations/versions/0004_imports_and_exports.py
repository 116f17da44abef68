"""Imports and exports, external ids, jobs at the door

Revision: 0004
After: 0006
Made: 2026-11-25 06:34:46.248624
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0004'
down_revision = '0006'
branch_labels = None
depends_on = None


# what has an id of another system, and within what it is unique
KNOWN_ELSEWHERE = {
    "rooms": "event_id",
    "agenda_items": "event_id",
    "speaker_roles": "event_id",
    "organisations": "organiser_id",
}
ACTIVE = sa.text("state <> 'cancelled' AND external_id IS NOT NULL")
# the first keeps the id of the other system; later ones get their code behind it
DOUBLES = """
UPDATE registrations SET external_id = external_id || '#' || code
WHERE state <> 'cancelled' AND external_id IS NOT NULL AND EXISTS (
  SELECT 1 FROM registrations AS first
  WHERE first.event_id = registrations.event_id AND first.external_id = registrations.external_id
  AND first.state <> 'cancelled' AND first.sequence < registrations.sequence)
"""
DEFECT = "'code', 'internal-error', 'title', 'Something went wrong on our side'"


def upgrade() -> None:
    op.create_table('exports',
    sa.Column('organiser_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('event_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('job_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('file_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('file_name', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('format', sa.String(), nullable=False),
    sa.Column('asked_by', sa.JSON(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['stored_files.id'], name=op.f('fk_exports_file_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['job_id'], ['jobs.id'], name=op.f('fk_exports_job_id')),
    sa.ForeignKeyConstraint(['organiser_id', 'event_id'], ['events.organiser_id', 'events.id'], name=op.f('fk_exports_organiser_id_event_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exports')),
    sa.UniqueConstraint('job_id', name=op.f('uq_exports_job_id'))
    )
    with op.batch_alter_table('exports', schema=None) as batch_op:
        batch_op.create_index('ix_exports_event', ['event_id', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_exports_expires', ['expires_at'], unique=False)

    op.create_table('imports',
    sa.Column('organiser_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('event_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('job_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('file_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('file_name', sa.String(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('format', sa.String(), nullable=False),
    sa.Column('mode', sa.String(), nullable=False),
    sa.Column('match', sa.String(), nullable=False),
    sa.Column('notify', sa.Boolean(), nullable=False),
    sa.Column('charset', sa.String(), nullable=True),
    sa.Column('sent_by', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['stored_files.id'], name=op.f('fk_imports_file_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['job_id'], ['jobs.id'], name=op.f('fk_imports_job_id')),
    sa.ForeignKeyConstraint(['organiser_id', 'event_id'], ['events.organiser_id', 'events.id'], name=op.f('fk_imports_organiser_id_event_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_imports')),
    sa.UniqueConstraint('job_id', name=op.f('uq_imports_job_id'))
    )
    with op.batch_alter_table('imports', schema=None) as batch_op:
        batch_op.create_index('ix_imports_created', ['created_at'], unique=False)
        batch_op.create_index('ix_imports_event', ['event_id', 'created_at', 'id'], unique=False)

    # unique indexes, not constraints: SQLite would copy and drop whole tables for those
    for table, parent in KNOWN_ELSEWHERE.items():
        op.add_column(table, sa.Column("external_id", sa.String(), nullable=True))
        op.create_index(f"uq_{table}_external_id", table, [parent, "external_id"], unique=True)
    op.execute(DOUBLES)
    op.create_index(
        "uq_registrations_external_id",
        "registrations",
        ["event_id", "external_id"],
        unique=True,
        postgresql_where=ACTIVE,
        sqlite_where=ACTIVE,
    )
    op.add_column("jobs", sa.Column("event_id", sa.Uuid(as_uuid=False), nullable=True))
    op.add_column("jobs", sa.Column("scope", sa.String(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        made = f"CASE WHEN problem IS NULL THEN NULL ELSE json_build_object({DEFECT}) END"
        op.execute(f"ALTER TABLE jobs ALTER COLUMN problem TYPE JSON USING {made}")
    else:
        op.execute(f"UPDATE jobs SET problem = json_object({DEFECT}) WHERE problem IS NOT NULL")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE jobs ALTER COLUMN problem TYPE VARCHAR USING problem::text")
    op.execute("ALTER TABLE jobs DROP COLUMN scope")
    op.execute("ALTER TABLE jobs DROP COLUMN event_id")
    op.drop_index("uq_registrations_external_id", "registrations")
    for table in KNOWN_ELSEWHERE:
        op.drop_index(f"uq_{table}_external_id", table)
        op.execute(f"ALTER TABLE {table} DROP COLUMN external_id")
    op.drop_table("imports")
    op.drop_table("exports")
