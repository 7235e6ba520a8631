"""let an answer be improved until it is told

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('answered', schema=None) as batch_op:
        batch_op.add_column(sa.Column('open', sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('answered', schema=None) as batch_op:
        batch_op.drop_column('open')
