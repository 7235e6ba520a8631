"""List records by their day

Revision ID: 0027
Revises: 0024
"""

from alembic import op

revision = "0027"
down_revision = "0024"
branch_labels = None
depends_on = None

COLUMNS = ["kind", "branch_id", "withdrawn_at", "day", "id"]


def upgrade() -> None:
    op.create_index("ix_record_list", "record", COLUMNS, unique=False)
    op.drop_index("ix_record_kind_branch_id_day", table_name="record")


def downgrade() -> None:
    op.create_index(
        "ix_record_kind_branch_id_day",
        "record",
        ["kind", "branch_id", "day"],
        unique=False,
    )
    op.drop_index("ix_record_list", table_name="record")
