"""Open the database, checked and complete."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from bot import schema
from bot.config import Config
from bot.sealed import Ring, give_ring
from bot.storage import Base, Storage


def open_storage(config: Config, statement_ms: int = 0) -> Storage:
    """Open the database; an empty one gets its tables, an old one is refused.

    Raises StorageError.
    """
    storage = connect(config, statement_ms)
    with ExitStack() as unsound:
        unsound.callback(storage.close)
        storage.check_health()
        if not storage.tables():
            import_module("bot.upgrades").upgrade(storage)  # Alembic, once in its life
        schema.check(storage)
        unsound.pop_all()
    return storage


def connect(config: Config, statement_ms: int = 0) -> Storage:
    """Open the database as it is, with the keys to what is sealed in it."""
    storage = Storage(config.database.address, statement_ms)
    give_ring(storage.engine, Ring.of(config.security))
    return storage


@contextmanager
def open_scratch() -> Iterator[Storage]:
    """Open an empty database of its own, which is gone afterwards."""
    with (
        TemporaryDirectory() as folder,
        closing(Storage(f"sqlite:///{Path(folder) / 'scratch.db'}")) as storage,
    ):
        with storage.exclusive() as connection:
            Base.metadata.create_all(connection)
        yield storage
