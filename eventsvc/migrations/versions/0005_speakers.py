"""Speakers: answers to invitations, profile for an event, consents; takeaways of sessions.

Revision: 0005
After: 0003b
Made: 2026-11-25 06:55:51.919785
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op


revision = '0005'
down_revision = '0003b'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('speaker_profiles',
    sa.Column('organiser_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('event_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('person_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('contact_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('language', sa.String(), nullable=True),
    sa.Column('badge_name', sa.String(), nullable=True),
    sa.Column('affiliation', sa.String(), nullable=True),
    sa.Column('job_title', sa.String(), nullable=True),
    sa.Column('biography', sa.String(), nullable=True),
    sa.Column('slides_url', sa.String(), nullable=True),
    sa.Column('attendance', sa.String(), nullable=True),
    sa.Column('gender_stated', sa.String(), nullable=True),
    sa.Column('photo_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('thumbnail_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('invitations', sa.Integer(), nullable=False),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['contact_id'], ['contacts.id'], name=op.f('fk_speaker_profiles_contact_id')),
    sa.ForeignKeyConstraint(['organiser_id', 'event_id'], ['events.organiser_id', 'events.id'], name=op.f('fk_speaker_profiles_organiser_id_event_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organiser_id', 'person_id'], ['persons.organiser_id', 'persons.id'], name=op.f('fk_speaker_profiles_organiser_id_person_id')),
    sa.ForeignKeyConstraint(['photo_id'], ['stored_files.id'], name=op.f('fk_speaker_profiles_photo_id')),
    sa.ForeignKeyConstraint(['thumbnail_id'], ['stored_files.id'], name=op.f('fk_speaker_profiles_thumbnail_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_speaker_profiles')),
    sa.UniqueConstraint('event_id', 'id', name=op.f('uq_speaker_profiles_event_id_id')),
    sa.UniqueConstraint('event_id', 'person_id', name=op.f('uq_speaker_profiles_event_id_person_id'))
    )
    with op.batch_alter_table('speaker_profiles', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_speaker_profiles_contact_id'), ['contact_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_speaker_profiles_person_id'), ['person_id'], unique=False)

    op.create_table('speaker_consents',
    sa.Column('profile_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('given', sa.Boolean(), nullable=False),
    sa.Column('text_version', sa.String(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.ForeignKeyConstraint(['profile_id'], ['speaker_profiles.id'], name=op.f('fk_speaker_consents_profile_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_speaker_consents')),
    sa.UniqueConstraint('profile_id', 'number', name=op.f('uq_speaker_consents_profile_id_number'))
    )
    op.create_table('takeaways',
    sa.Column('organiser_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('event_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('item_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('messages', sa.JSON(), nullable=False),
    sa.Column('note', sa.String(), nullable=True),
    sa.Column('slides_url', sa.String(), nullable=True),
    sa.Column('recording_url', sa.String(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['event_id', 'item_id'], ['agenda_items.event_id', 'agenda_items.id'], name=op.f('fk_takeaways_event_id_item_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_takeaways')),
    sa.UniqueConstraint('event_id', 'id', name=op.f('uq_takeaways_event_id_id')),
    sa.UniqueConstraint('event_id', 'item_id', name=op.f('uq_takeaways_event_id_item_id'))
    )
    op.create_table('takeaway_quotes',
    sa.Column('event_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('takeaway_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('role_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('cleared', sa.Boolean(), nullable=False),
    sa.Column('cleared_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cleared_by', sa.String(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.ForeignKeyConstraint(['event_id', 'role_id'], ['speaker_roles.event_id', 'speaker_roles.id'], name=op.f('fk_takeaway_quotes_event_id_role_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['event_id', 'takeaway_id'], ['takeaways.event_id', 'takeaways.id'], name=op.f('fk_takeaway_quotes_event_id_takeaway_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_takeaway_quotes'))
    )
    with op.batch_alter_table('takeaway_quotes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_takeaway_quotes_role_id'), ['role_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_takeaway_quotes_takeaway_id'), ['takeaway_id'], unique=False)

    with op.batch_alter_table('speaker_roles', schema=None) as batch_op:
        batch_op.add_column(sa.Column('state_reason', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('invited_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('replaced_by_id', sa.Uuid(as_uuid=False), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_speaker_roles_event_id_replaced_by_id'), 'speaker_roles', ['event_id', 'replaced_by_id'], ['event_id', 'id'])

    _profiles_of_standing_roles()


def downgrade() -> None:
    with op.batch_alter_table('speaker_roles', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_speaker_roles_event_id_replaced_by_id'), type_='foreignkey')
        batch_op.drop_column('replaced_by_id')
        batch_op.drop_column('answered_at')
        batch_op.drop_column('invited_at')
        batch_op.drop_column('state_reason')

    with op.batch_alter_table('takeaway_quotes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_takeaway_quotes_takeaway_id'))
        batch_op.drop_index(batch_op.f('ix_takeaway_quotes_role_id'))

    op.drop_table('takeaway_quotes')
    op.drop_table('takeaways')
    op.drop_table('speaker_consents')
    with op.batch_alter_table('speaker_profiles', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_speaker_profiles_person_id'))
        batch_op.drop_index(batch_op.f('ix_speaker_profiles_contact_id'))

    op.drop_table('speaker_profiles')


def _profiles_of_standing_roles() -> None:
    """Each speaker of an event gets a profile; who was published had agreed (api.md, publish)."""
    bind = op.get_bind()
    roles = sa.table(
        "speaker_roles",
        *(sa.column(name, sa.Uuid(as_uuid=False)) for name in ("organiser_id", "event_id", "person_id")),
        sa.column("publish", sa.Boolean()),
    )
    profiles = sa.table(
        "speaker_profiles",
        *(sa.column(name, sa.Uuid(as_uuid=False)) for name in ("id", "organiser_id", "event_id", "person_id")),
        *(sa.column(name, sa.Integer()) for name in ("version", "invitations")),
        *(sa.column(name, sa.DateTime(timezone=True)) for name in ("created_at", "updated_at")),
    )
    consents = sa.table(
        "speaker_consents",
        *(sa.column(name, sa.Uuid(as_uuid=False)) for name in ("id", "profile_id")),
        sa.column("number", sa.Integer()),
        *(sa.column(name, sa.String()) for name in ("kind", "text_version", "source")),
        sa.column("given", sa.Boolean()),
        sa.column("at", sa.DateTime(timezone=True)),
    )
    whose = (roles.c.organiser_id, roles.c.event_id, roles.c.person_id)
    agreed = sa.func.max(sa.cast(roles.c.publish, sa.Integer)).label("agreed")
    now = datetime.now(UTC)
    for organiser_id, event_id, person_id, published in bind.execute(
        sa.select(*whose, agreed).group_by(*whose)
    ).all():
        profile_id = str(uuid.uuid4())
        bind.execute(
            profiles.insert().values(
                id=profile_id, organiser_id=organiser_id, event_id=event_id, person_id=person_id,
                version=1, invitations=0, created_at=now, updated_at=now,
            )
        )
        if published:
            bind.execute(
                consents.insert().values(
                    id=str(uuid.uuid4()), profile_id=profile_id, number=1, kind="publish",
                    given=True, text_version="1", source="organiser", at=now,
                )
            )
