"""Documents and pages of events.

Revision: 0010
After: 0011
Made: 2026-11-25 07:00:31.755812
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0010'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('documents',
    sa.Column('event_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=True),
    sa.Column('description', sa.String(), nullable=True),
    sa.Column('visibility', sa.String(), nullable=False),
    sa.Column('url', sa.String(), nullable=True),
    sa.Column('file_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('source', sa.String(), nullable=True),
    sa.Column('downloads', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('url IS NULL OR file_id IS NULL', name=op.f('ck_documents_one_content')),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_documents_event_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['file_id'], ['stored_files.id'], name=op.f('fk_documents_file_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_documents')),
    sa.UniqueConstraint('event_id', 'id', name=op.f('uq_documents_event_id_id'))
    )
    with op.batch_alter_table('documents', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_documents_file_id'), ['file_id'], unique=False)
        batch_op.create_index('ix_documents_order', ['event_id', 'position', 'id'], unique=False)

    op.create_table('event_pages',
    sa.Column('event_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('visibility', sa.String(), nullable=False),
    sa.Column('blocks', sa.JSON(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_event_pages_event_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event_pages')),
    sa.UniqueConstraint('event_id', 'id', name=op.f('uq_event_pages_event_id_id'))
    )
    with op.batch_alter_table('event_pages', schema=None) as batch_op:
        batch_op.create_index('ix_event_pages_order', ['event_id', 'position', 'id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('event_pages', schema=None) as batch_op:
        batch_op.drop_index('ix_event_pages_order')

    op.drop_table('event_pages')
    with op.batch_alter_table('documents', schema=None) as batch_op:
        batch_op.drop_index('ix_documents_order')
        batch_op.drop_index(batch_op.f('ix_documents_file_id'))

    op.drop_table('documents')
