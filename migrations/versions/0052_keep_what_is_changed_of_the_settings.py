"""Keep what is changed of the settings

Revision ID: 0052
Revises: 0051
"""

import sqlalchemy as sa
from alembic import op

revision = '0052'
down_revision = '0051'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('setting_change',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('before', sa.String(), nullable=True),
    sa.Column('value', sa.String(), nullable=True),
    sa.Column('changed_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['changed_by'], ['member.id'], name=op.f('fk_setting_change_changed_by_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_setting_change'))
    )


def downgrade() -> None:
    op.drop_table('setting_change')
