"""messages that were blanked say so

Revision: 0003b
After: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0003b'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        'outbox', sa.Column('blanked', sa.Boolean(), server_default=sa.false(), nullable=False)
    )


def downgrade() -> None:
    op.drop_column('outbox', 'blanked')
