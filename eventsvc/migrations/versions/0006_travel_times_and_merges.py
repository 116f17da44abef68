"""Travel times, merges, houses with a capacity, stops of bookings.

Revision: 0006
After: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0006"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('merges',
    sa.Column('organiser_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('subject_type', sa.String(), nullable=False),
    sa.Column('from_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('into_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('moved', sa.JSON(), nullable=False),
    sa.Column('set_aside', sa.JSON(), nullable=False),
    sa.Column('names_added', sa.JSON(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('undo_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.ForeignKeyConstraint(['organiser_id'], ['organisers.id'], name=op.f('fk_merges_organiser_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_merges'))
    )
    with op.batch_alter_table('merges', schema=None) as batch_op:
        batch_op.create_index('ix_merges_order', ['organiser_id', 'at', 'id'], unique=False)

    # travel times refer to stops by (event_id, id)
    with op.batch_alter_table('stops', schema=None) as batch_op:
        batch_op.create_unique_constraint(batch_op.f('uq_stops_event_id_id'), ['event_id', 'id'])

    op.create_table('travel_times',
    sa.Column('organiser_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('event_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('from_venue_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('from_stop_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('to_venue_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('to_stop_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('one_way', sa.Boolean(), nullable=False),
    sa.Column('note', sa.String(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('(from_venue_id IS NULL) <> (from_stop_id IS NULL)', name=op.f('ck_travel_times_one_from')),
    sa.CheckConstraint('(to_venue_id IS NULL) <> (to_stop_id IS NULL)', name=op.f('ck_travel_times_one_to')),
    sa.CheckConstraint('minutes >= 0', name=op.f('ck_travel_times_minutes')),
    sa.ForeignKeyConstraint(['event_id', 'from_stop_id'], ['stops.event_id', 'stops.id'], name=op.f('fk_travel_times_event_id_from_stop_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['event_id', 'from_venue_id'], ['venues.event_id', 'venues.id'], name=op.f('fk_travel_times_event_id_from_venue_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['event_id', 'to_stop_id'], ['stops.event_id', 'stops.id'], name=op.f('fk_travel_times_event_id_to_stop_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['event_id', 'to_venue_id'], ['venues.event_id', 'venues.id'], name=op.f('fk_travel_times_event_id_to_venue_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organiser_id', 'event_id'], ['events.organiser_id', 'events.id'], name=op.f('fk_travel_times_organiser_id_event_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_travel_times'))
    )
    with op.batch_alter_table('travel_times', schema=None) as batch_op:
        batch_op.create_index('ix_travel_times_event', ['event_id', 'id'], unique=False)

    with op.batch_alter_table('bookings', schema=None) as batch_op:
        batch_op.add_column(sa.Column('stop_id', sa.Uuid(as_uuid=False), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_bookings_stop_id'), 'stops', ['stop_id'], ['id'], ondelete='SET NULL')

    with op.batch_alter_table('organisations', schema=None) as batch_op:
        batch_op.add_column(sa.Column('merged_into_id', sa.Uuid(as_uuid=False), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_organisations_organiser_id_merged_into_id'), 'organisations', ['organiser_id', 'merged_into_id'], ['organiser_id', 'id'])

    with op.batch_alter_table('persons', schema=None) as batch_op:
        batch_op.add_column(sa.Column('merged_into_id', sa.Uuid(as_uuid=False), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_persons_organiser_id_merged_into_id'), 'persons', ['organiser_id', 'merged_into_id'], ['organiser_id', 'id'])

    with op.batch_alter_table('venues', schema=None) as batch_op:
        batch_op.add_column(sa.Column('capacity', sa.Integer(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f('ck_venues_capacity'), 'capacity IS NULL OR capacity >= 0'
        )



def downgrade() -> None:
    with op.batch_alter_table('venues', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_venues_capacity'), type_='check')
        batch_op.drop_column('capacity')

    with op.batch_alter_table('persons', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_persons_organiser_id_merged_into_id'), type_='foreignkey')
        batch_op.drop_column('merged_into_id')

    with op.batch_alter_table('organisations', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_organisations_organiser_id_merged_into_id'), type_='foreignkey')
        batch_op.drop_column('merged_into_id')

    with op.batch_alter_table('bookings', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_bookings_stop_id'), type_='foreignkey')
        batch_op.drop_column('stop_id')

    with op.batch_alter_table('travel_times', schema=None) as batch_op:
        batch_op.drop_index('ix_travel_times_event')

    op.drop_table('travel_times')
    with op.batch_alter_table('stops', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_stops_event_id_id'), type_='unique')

    with op.batch_alter_table('merges', schema=None) as batch_op:
        batch_op.drop_index('ix_merges_order')

    op.drop_table('merges')
