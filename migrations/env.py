"""Runs the migrations on the connection that bot.schema hands over."""

from typing import Any, Literal

from alembic import context

from bot.maintenance.schema import METADATA
from bot.storage.database import Moment
from bot.storage.encrypted import Sealed


def render_type(kind: str, thing: Any, autogen: Any) -> str | Literal[False]:
    """Write our own type as the plain one: migrations do not change with the code."""
    if kind == "type" and isinstance(thing, Moment | Sealed):
        return "sa.DateTime()" if isinstance(thing, Moment) else "sa.Text()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    render_item=render_type,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
