"""Sum records by company from an index

Revision ID: 0029
Revises: 0028
"""

from alembic import op

revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('record', schema=None) as batch_op:
        batch_op.create_index('ix_record_by_organisation', ['kind', 'branch_id', 'withdrawn_at', 'organisation_id', 'level', 'sort', 'state', 'day', 'heads', 'total'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('record', schema=None) as batch_op:
        batch_op.drop_index('ix_record_by_organisation')
