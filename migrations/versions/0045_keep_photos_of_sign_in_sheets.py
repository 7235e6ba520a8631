"""Keep photos of sign-in sheets

Revision ID: 0045
Revises: 0044
"""

import sqlalchemy as sa
from alembic import op

revision = '0045'
down_revision = '0044'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('meeting_photo',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('meeting_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('attachment_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('given_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['attachment_id'], ['attachment.id'], name=op.f('fk_meeting_photo_attachment_id_attachment')),
    sa.ForeignKeyConstraint(['given_by'], ['member.id'], name=op.f('fk_meeting_photo_given_by_member')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_meeting_photo_meeting_id_meeting'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_photo'))
    )
    with op.batch_alter_table('meeting_photo', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_meeting_photo_attachment_id'), ['attachment_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_meeting_photo_meeting_id'), ['meeting_id'], unique=False)


def downgrade() -> None:
    op.drop_table('meeting_photo')
