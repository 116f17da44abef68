"""Data-protection notices, which one a registration was shown, milestones.

Revision: 0013
After: 0005
Made: 2026-11-25 07:23:54.322325
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0013'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('milestones',
    sa.Column('event_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=True),
    sa.Column('due_days', sa.Integer(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('owner_name', sa.String(), nullable=True),
    sa.Column('owner_email', sa.String(), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('state_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('(due_days IS NULL) <> (due_on IS NULL)', name=op.f('ck_milestones_one_due')),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_milestones_event_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_milestones')),
    sa.UniqueConstraint('event_id', 'id', name=op.f('uq_milestones_event_id_id'))
    )
    with op.batch_alter_table('milestones', schema=None) as batch_op:
        batch_op.create_index('ix_milestones_order', ['event_id', 'position', 'id'], unique=False)
        batch_op.create_index('ix_milestones_state', ['state', 'event_id'], unique=False)

    op.create_table('notices',
    sa.Column('event_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_notices_event_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notices')),
    sa.UniqueConstraint('event_id', 'language', name=op.f('uq_notices_event_id_language'))
    )
    op.create_table('notice_versions',
    sa.Column('event_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.ForeignKeyConstraint(['event_id', 'language'], ['notices.event_id', 'notices.language'], name=op.f('fk_notice_versions_event_id_language'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_versions')),
    sa.UniqueConstraint('event_id', 'language', 'number', name=op.f('uq_notice_versions_event_id_language_number'))
    )
    with op.batch_alter_table('registrations', schema=None) as batch_op:
        batch_op.add_column(sa.Column('notice_language', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('notice_version', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_registrations_event_id_notice_language_notice_version'), 'notice_versions', ['event_id', 'notice_language', 'notice_version'], ['event_id', 'language', 'number'])



def downgrade() -> None:
    with op.batch_alter_table('registrations', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_registrations_event_id_notice_language_notice_version'), type_='foreignkey')
        batch_op.drop_column('notice_version')
        batch_op.drop_column('notice_language')

    op.drop_table('notice_versions')
    op.drop_table('notices')
    with op.batch_alter_table('milestones', schema=None) as batch_op:
        batch_op.drop_index('ix_milestones_state')
        batch_op.drop_index('ix_milestones_order')

    op.drop_table('milestones')
