"""Announcements, reminder rules of one item, whose suppression it is, registration forms.

Revision: 0008
After: 0002
Made: 2026-11-25 06:27:47.473406
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0008'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('announcements',
    sa.Column('organiser_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('event_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('texts', sa.JSON(), nullable=False),
    sa.Column('audience', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=True),
    sa.Column('scheduled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('queued_up_to', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('queued_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['organiser_id', 'event_id'], ['events.organiser_id', 'events.id'], name=op.f('fk_announcements_organiser_id_event_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_announcements')),
    sa.UniqueConstraint('event_id', 'id', name=op.f('uq_announcements_event_id_id'))
    )
    with op.batch_alter_table('announcements', schema=None) as batch_op:
        batch_op.create_index('ix_announcements_due', ['scheduled_at'], unique=False, postgresql_where=sa.text("state IN ('scheduled', 'sending')"), sqlite_where=sa.text("state IN ('scheduled', 'sending')"))
        batch_op.create_index('ix_announcements_event', ['event_id', 'created_at', 'id'], unique=False)

    op.create_table('registration_forms',
    sa.Column('event_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('questions', sa.JSON(), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_registration_forms_event_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registration_forms')),
    sa.UniqueConstraint('event_id', name=op.f('uq_registration_forms_event_id'))
    )
    op.create_table('registration_form_versions',
    sa.Column('form_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('questions', sa.JSON(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.ForeignKeyConstraint(['form_id'], ['registration_forms.id'], name=op.f('fk_registration_form_versions_form_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registration_form_versions')),
    sa.UniqueConstraint('form_id', 'number', name=op.f('uq_registration_form_versions_form_id_number'))
    )
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.create_index('ix_outbox_batch', ['batch_id', 'state'], unique=False, postgresql_where=sa.text('batch_id IS NOT NULL'), sqlite_where=sa.text('batch_id IS NOT NULL'))

    with op.batch_alter_table('reminder_rules', schema=None) as batch_op:
        batch_op.add_column(sa.Column('item_id', sa.Uuid(as_uuid=False), nullable=True))
        batch_op.drop_constraint(batch_op.f('uq_reminder_rules_event_id_purpose_offset_s'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_reminder_rules_event_id_item_id_purpose_offset_s'), ['event_id', 'item_id', 'purpose', 'offset_s'])
        batch_op.create_index('uq_reminder_rules_of_event', ['event_id', 'purpose', 'offset_s'], unique=True, postgresql_where=sa.text('item_id IS NULL'), sqlite_where=sa.text('item_id IS NULL'))
        batch_op.create_foreign_key(batch_op.f('fk_reminder_rules_event_id_item_id'), 'agenda_items', ['event_id', 'item_id'], ['event_id', 'id'], ondelete='CASCADE')

    with op.batch_alter_table('suppressions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('organiser_id', sa.Uuid(as_uuid=False), nullable=True))
        batch_op.create_index('ix_suppressions_organiser', ['organiser_id', 'created_at', 'id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('suppressions', schema=None) as batch_op:
        batch_op.drop_index('ix_suppressions_organiser')
        batch_op.drop_column('organiser_id')

    # the older form knows no rules of single items
    op.execute(sa.text("DELETE FROM reminder_rules WHERE item_id IS NOT NULL"))
    with op.batch_alter_table('reminder_rules', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_reminder_rules_event_id_item_id'), type_='foreignkey')
        batch_op.drop_index('uq_reminder_rules_of_event', postgresql_where=sa.text('item_id IS NULL'), sqlite_where=sa.text('item_id IS NULL'))
        batch_op.drop_constraint(batch_op.f('uq_reminder_rules_event_id_item_id_purpose_offset_s'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_reminder_rules_event_id_purpose_offset_s'), ['event_id', 'purpose', 'offset_s'])
        batch_op.drop_column('item_id')

    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.drop_index('ix_outbox_batch', postgresql_where=sa.text('batch_id IS NOT NULL'), sqlite_where=sa.text('batch_id IS NOT NULL'))

    op.drop_table('registration_form_versions')
    op.drop_table('registration_forms')
    with op.batch_alter_table('announcements', schema=None) as batch_op:
        batch_op.drop_index('ix_announcements_event')
        batch_op.drop_index('ix_announcements_due', postgresql_where=sa.text("state IN ('scheduled', 'sending')"), sqlite_where=sa.text("state IN ('scheduled', 'sending')"))

    op.drop_table('announcements')
