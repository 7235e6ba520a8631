"""Keep texts of any length

PostgreSQL enforced what SQLite does not, so that a batch of real receipts was written
down on the one and refused by the other. How long a thing may be is a rule of its book.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

BOUNDED = {
    "answered": ("channel", "message_id"),
    "attachment": ("digest", "source"),
    "audit": ("actor", "action", "details"),
    "branch": ("kind", "name", "path"),
    "deadline_warned": ("key",),
    "letter": ("key", "kind", "topic", "cause", "channel"),
    "mute": ("kind",),
    "occasion": ("job",),
    "pause": ("channel",),
    "question": ("thread", "kind"),
    "token": ("app", "renewer"),
    "batch": ("channel", "owner", "receipt"),
    "card_look": ("style", "size", "leap_day", "collective"),
    "knowledge": ("title", "digest"),
    "member": ("userid", "account", "name", "category", "position", "state"),
    "recipient": ("user", "state"),
    "check_in": ("note", "platform", "unit"),
    "material": ("title",),
    "milestone": ("subject", "step"),
    "notice": ("title", "state"),
    "observance": ("name",),
    "passage": ("place",),
    "planned_day": ("text",),
    "reminder": ("text", "rule", "state"),
    "training": ("title",),
    "collective_birthday": ("title", "place"),
    "passage_gram": ("gram",),
    "receipt": ("how", "choice"),
    "study_hours": ("what",),
}


def upgrade() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        return  # it reads the length of a VARCHAR and does not care
    for table, columns in BOUNDED.items():
        for column in columns:
            op.alter_column(table, column, type_=sa.String())


def downgrade() -> None:
    """Leave them: what is longer by now would have to be cut."""
