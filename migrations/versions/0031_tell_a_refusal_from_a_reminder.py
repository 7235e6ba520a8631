"""Tell a reply that refused from one that named what waits

Revision ID: 0031
Revises: 0030
"""

from alembic import op

revision = '0031'
down_revision = '0030'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute('UPDATE question SET stale = stale + 1 WHERE stale > 0')


def downgrade() -> None:
    op.execute('UPDATE question SET stale = stale - 1 WHERE stale > 0')
