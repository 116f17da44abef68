"""People who sign in, their roles, sessions and invitations.

Revision: 0002
After: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0002'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('accounts',
    sa.Column('email', sa.String(), nullable=False),
    sa.Column('email_key', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('password_hash', sa.String(), nullable=True),
    sa.Column('totp_secret', sa.String(), nullable=True),
    sa.Column('totp_confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('totp_step', sa.Integer(), nullable=True),
    sa.Column('session_epoch', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('disabled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accounts')),
    sa.UniqueConstraint('email_key', name=op.f('uq_accounts_email_key'))
    )
    op.create_table('identities',
    sa.Column('account_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('issuer', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_identities_account_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_identities')),
    sa.UniqueConstraint('issuer', 'subject', name=op.f('uq_identities_issuer_subject'))
    )
    with op.batch_alter_table('identities', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_identities_account_id'), ['account_id'], unique=False)

    op.create_table('sessions',
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('account_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('epoch', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_sessions_account_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sessions')),
    sa.UniqueConstraint('digest', name=op.f('uq_sessions_digest'))
    )
    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sessions_account_id'), ['account_id'], unique=False)

    op.create_table('member_invitations',
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(), nullable=False),
    sa.Column('email_key', sa.String(), nullable=False),
    sa.Column('organiser_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('series_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('event_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('sensitive', sa.Boolean(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('invited_by', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('account_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('series_id IS NULL OR event_id IS NULL', name=op.f('ck_member_invitations_series_or_event')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_member_invitations_account_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['organiser_id', 'event_id'], ['events.organiser_id', 'events.id'], name=op.f('fk_member_invitations_organiser_id_event_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organiser_id', 'series_id'], ['series.organiser_id', 'series.id'], name=op.f('fk_member_invitations_organiser_id_series_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organiser_id'], ['organisers.id'], name=op.f('fk_member_invitations_organiser_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_member_invitations')),
    sa.UniqueConstraint('digest', name=op.f('uq_member_invitations_digest'))
    )
    with op.batch_alter_table('member_invitations', schema=None) as batch_op:
        batch_op.create_index('ix_member_invitations_organiser', ['organiser_id', 'id'], unique=False)

    op.create_table('memberships',
    sa.Column('account_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('organiser_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('series_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('event_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('sensitive', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(role = 'platform-admin') = (organiser_id IS NULL)", name=op.f('ck_memberships_platform_has_no_organiser')),
    sa.CheckConstraint('series_id IS NULL OR event_id IS NULL', name=op.f('ck_memberships_series_or_event')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_memberships_account_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organiser_id', 'event_id'], ['events.organiser_id', 'events.id'], name=op.f('fk_memberships_organiser_id_event_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organiser_id', 'series_id'], ['series.organiser_id', 'series.id'], name=op.f('fk_memberships_organiser_id_series_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organiser_id'], ['organisers.id'], name=op.f('fk_memberships_organiser_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_memberships'))
    )
    with op.batch_alter_table('memberships', schema=None) as batch_op:
        batch_op.create_index('ix_memberships_account', ['account_id'], unique=False)
        batch_op.create_index('ix_memberships_organiser', ['organiser_id', 'id'], unique=False)

    # no batch: it would copy the table and lose the triggers that keep it append-only
    op.add_column("audit_entries", sa.Column("account_id", sa.Uuid(as_uuid=False), nullable=True))

    with op.batch_alter_table('credentials', schema=None) as batch_op:
        batch_op.add_column(sa.Column('account_id', sa.Uuid(as_uuid=False), nullable=True))
        batch_op.create_index('ix_credentials_account', ['account_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_credentials_account_id'), 'accounts', ['account_id'], ['id'], ondelete='CASCADE')



def downgrade() -> None:
    with op.batch_alter_table('credentials', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_credentials_account_id'), type_='foreignkey')
        batch_op.drop_index('ix_credentials_account')
        batch_op.drop_column('account_id')

    op.drop_column("audit_entries", "account_id")

    with op.batch_alter_table('memberships', schema=None) as batch_op:
        batch_op.drop_index('ix_memberships_organiser')
        batch_op.drop_index('ix_memberships_account')

    op.drop_table('memberships')
    with op.batch_alter_table('member_invitations', schema=None) as batch_op:
        batch_op.drop_index('ix_member_invitations_organiser')

    op.drop_table('member_invitations')
    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sessions_account_id'))

    op.drop_table('sessions')
    with op.batch_alter_table('identities', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_identities_account_id'))

    op.drop_table('identities')
    op.drop_table('accounts')
