"""webhooks, audit seals

Revision: 0003
After: 0010
Made: 2026-11-25 06:38:49.142371
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0003'
down_revision = '0010'
branch_labels = None
depends_on = None

MAY_GO = "OLD.at < {past} AND EXISTS (SELECT 1 FROM audit_sealed s WHERE s.seq = OLD.seq)"
REFUSED = "BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END"
SQLITE_UP = (
    "DROP TRIGGER audit_entries_no_delete",
    "CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries WHEN NOT ("
    + MAY_GO.format(past="strftime('%Y-%m-%d %H:%M:%f', 'now', '-5 years')")
    + f") {REFUSED}",
    *(
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} {REFUSED}"
        for table in ("audit_seals", "audit_sealed")
        for verb in ("UPDATE", "DELETE")
    ),
)
SQLITE_DOWN = (
    "DROP TRIGGER audit_entries_no_delete",
    f"CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries {REFUSED}",
    *(
        f"DROP TRIGGER {table}_no_{verb.lower()}"
        for table in ("audit_seals", "audit_sealed")
        for verb in ("UPDATE", "DELETE")
    ),
)
REFUSE = "CREATE OR REPLACE FUNCTION audit_entries_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
POSTGRESQL_UP = (
    REFUSE
    + "BEGIN IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'audit_entries' THEN IF "
    + MAY_GO.format(past="now() - interval '5 years'")
    + " THEN RETURN OLD; END IF; END IF; RAISE EXCEPTION 'audit entries are append-only'; END $$",
    *(
        f"CREATE TRIGGER {table}_no_{word} BEFORE {verbs} ON {table} "
        f"FOR EACH {each} EXECUTE FUNCTION audit_entries_refuse()"
        for table in ("audit_seals", "audit_sealed")
        for word, verbs, each in (
            ("change", "UPDATE OR DELETE", "ROW"),
            ("truncate", "TRUNCATE", "STATEMENT"),
        )
    ),
    "CREATE FUNCTION audit_entries_expire(before timestamptz, most integer) RETURNS integer "
    "LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$ "
    "WITH gone AS (DELETE FROM audit_entries WHERE seq IN (SELECT e.seq FROM audit_entries e "
    "JOIN audit_sealed s ON s.seq = e.seq WHERE e.at < LEAST(before, "
    "now() - interval '5 years') ORDER BY e.seq LIMIT most) RETURNING 1) "
    "SELECT count(*)::integer FROM gone $$",
)
POSTGRESQL_DOWN = (
    "DROP FUNCTION audit_entries_expire(timestamptz, integer)",
    REFUSE + "BEGIN RAISE EXCEPTION 'audit entries are append-only'; END $$",
)


def _execute(sqlite: tuple[str, ...], postgresql: tuple[str, ...]) -> None:
    connection = op.get_bind()
    for statement in sqlite if connection.dialect.name == "sqlite" else postgresql:
        connection.exec_driver_sql(statement)


def upgrade() -> None:
    op.create_table('audit_seals',
    sa.Column('chain', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('entries', sa.Integer(), nullable=False),
    sa.Column('previous', sa.String(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('sealed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('chain', 'number', name=op.f('pk_audit_seals'))
    )
    op.create_table('audit_sealed',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('chain', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['chain', 'number'], ['audit_seals.chain', 'audit_seals.number'], name=op.f('fk_audit_sealed_chain_number')),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_audit_sealed'))
    )
    with op.batch_alter_table('audit_sealed', schema=None) as batch_op:
        batch_op.create_index('ix_audit_sealed_chain', ['chain', 'number', 'seq'], unique=False)

    op.create_table('webhook_endpoints',
    sa.Column('organiser_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('url', sa.String(), nullable=False),
    sa.Column('description', sa.String(), nullable=True),
    sa.Column('types', sa.JSON(), nullable=False),
    sa.Column('enabled', sa.Boolean(), nullable=False),
    sa.Column('disabled_reason', sa.String(), nullable=True),
    sa.Column('disabled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('disablings', sa.Integer(), nullable=False),
    sa.Column('secret', sa.String(), nullable=False),
    sa.Column('previous_secret', sa.String(), nullable=True),
    sa.Column('previous_secret_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failing_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_delivered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['organiser_id'], ['organisers.id'], name=op.f('fk_webhook_endpoints_organiser_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook_endpoints')),
    sa.UniqueConstraint('organiser_id', 'id', name=op.f('uq_webhook_endpoints_organiser_id_id'))
    )
    op.create_table('webhook_deliveries',
    sa.Column('organiser_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('endpoint_id', sa.Uuid(as_uuid=False), nullable=False),
    sa.Column('event_id', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('type', sa.String(), nullable=False),
    sa.Column('body', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('claim', sa.Uuid(as_uuid=False), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_attempt_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('status_code', sa.Integer(), nullable=True),
    sa.Column('error', sa.String(), nullable=True),
    sa.Column('duration_ms', sa.Integer(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(as_uuid=False), nullable=False),
    sa.ForeignKeyConstraint(['organiser_id', 'endpoint_id'], ['webhook_endpoints.organiser_id', 'webhook_endpoints.id'], name=op.f('fk_webhook_deliveries_organiser_id_endpoint_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook_deliveries'))
    )
    with op.batch_alter_table('webhook_deliveries', schema=None) as batch_op:
        batch_op.create_index('ix_webhook_deliveries_created', ['created_at'], unique=False)
        batch_op.create_index('ix_webhook_deliveries_due', ['due_at'], unique=False, postgresql_where=sa.text("state = 'pending'"), sqlite_where=sa.text("state = 'pending'"))
        batch_op.create_index('ix_webhook_deliveries_endpoint', ['endpoint_id', 'created_at'], unique=False)
        batch_op.create_index('ix_webhook_deliveries_lease', ['lease_until'], unique=False, postgresql_where=sa.text("state = 'sending'"), sqlite_where=sa.text("state = 'sending'"))

    with op.batch_alter_table('audit_entries', schema=None) as batch_op:
        batch_op.create_index('ix_audit_entries_at', ['at'], unique=False)

    _execute(SQLITE_UP, POSTGRESQL_UP)


def downgrade() -> None:
    _execute(SQLITE_DOWN, POSTGRESQL_DOWN)
    with op.batch_alter_table('audit_entries', schema=None) as batch_op:
        batch_op.drop_index('ix_audit_entries_at')

    with op.batch_alter_table('webhook_deliveries', schema=None) as batch_op:
        batch_op.drop_index('ix_webhook_deliveries_lease', postgresql_where=sa.text("state = 'sending'"), sqlite_where=sa.text("state = 'sending'"))
        batch_op.drop_index('ix_webhook_deliveries_endpoint')
        batch_op.drop_index('ix_webhook_deliveries_due', postgresql_where=sa.text("state = 'pending'"), sqlite_where=sa.text("state = 'pending'"))
        batch_op.drop_index('ix_webhook_deliveries_created')

    op.drop_table('webhook_deliveries')
    op.drop_table('webhook_endpoints')
    with op.batch_alter_table('audit_sealed', schema=None) as batch_op:
        batch_op.drop_index('ix_audit_sealed_chain')

    op.drop_table('audit_sealed')
    op.drop_table('audit_seals')
