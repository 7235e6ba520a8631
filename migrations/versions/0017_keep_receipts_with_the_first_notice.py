"""Keep receipts with the first notice of a matter, and the reason of a choice

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

notice = sa.table("notice", sa.column("id"), sa.column("corrects"))
receipt = sa.table(
    "receipt",
    *(sa.column(each) for each in ("notice_id", "member_id", "at", "how", "choice")),
)


def upgrade() -> None:
    op.add_column('receipt', sa.Column('note', sa.String(), nullable=True))
    op.create_index(op.f('ix_notice_corrects'), 'notice', ['corrects'], unique=False)
    first = _name_the_first()
    _move_receipts(first)


def _name_the_first() -> dict[int, int]:
    """Let a correction of a correction name the first notice; return the first of each."""
    bind = op.get_bind()
    rows = bind.execute(
        sa.select(notice.c.id, notice.c.corrects).where(notice.c.corrects.is_not(None))
    )
    corrects = {number: earlier for number, earlier in rows}
    first = {}
    for number, earlier in sorted(corrects.items()):
        first[number] = first.get(earlier, earlier)  # what is corrected is older
        if first[number] != earlier:
            bind.execute(
                sa.update(notice)
                .where(notice.c.id == number)
                .values(corrects=first[number])
            )
    return first


def _move_receipts(first: dict[int, int]) -> None:
    """Move the receipts of corrections; a choice takes the place of none."""
    bind = op.get_bind()
    for number, matter in sorted(first.items()):
        mine = receipt.c.notice_id == number
        rows = bind.execute(sa.select(receipt).where(mine)).all()
        bind.execute(sa.delete(receipt).where(mine))
        for row in rows:
            its = (receipt.c.notice_id == matter, receipt.c.member_id == row.member_id)
            known = bind.execute(sa.select(receipt).where(*its)).first()
            values = row._asdict() | {"notice_id": matter}
            if known is None:
                bind.execute(sa.insert(receipt).values(values))
            elif row.choice is not None:
                bind.execute(sa.update(receipt).where(*its).values(values))


def downgrade() -> None:
    op.drop_index(op.f('ix_notice_corrects'), table_name='notice')
    op.drop_column('receipt', 'note')
