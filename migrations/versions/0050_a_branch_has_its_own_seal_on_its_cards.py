"""A branch has its own seal on its cards

Revision ID: 0050
Revises: 0045
"""

import sqlalchemy as sa
from alembic import op

revision = '0050'
down_revision = '0045'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('card_look', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('seal', sa.String(), server_default='不忘初心', nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table('card_look', schema=None) as batch_op:
        batch_op.drop_column('seal')
