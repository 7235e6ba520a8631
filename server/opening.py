"""Open the database, checked and complete."""

from bot import schema, upgrades
from bot.config import Config
from bot.storage import Storage


def open_storage(config: Config) -> Storage:
    """Open the database; an empty one gets its tables, an old one is refused.

    Raises StorageError.
    """
    storage = Storage(config.database.url)
    storage.check_health()
    if not storage.tables():
        upgrades.upgrade(storage)
    schema.check(storage)
    return storage
