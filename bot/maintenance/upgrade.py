"""Bring a database to the newest schema, with Alembic."""

from typing import Any

from alembic import command
from alembic.config import Config

from bot.maintenance.schema import FOLDER
from bot.storage.database import Storage


def upgrade(storage: Storage) -> None:
    """Bring the database to the newest schema; an empty one gets all tables."""
    with storage.exclusive() as connection:
        command.upgrade(make_config(connection=connection), "head")


def make_config(**attributes: Any) -> Config:
    """Describe the migrations to Alembic, with the connection they run on."""
    config = Config(attributes=attributes)
    config.set_main_option("script_location", str(FOLDER))
    return config
