"""An outbox of its own, at a moment of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.storage import Storage
from tests.bot.outbox.post import Post, create_tables


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    storage = Storage(f"sqlite:///{tmp_path / 'outbox.db'}")
    create_tables(storage)
    yield Post(storage)
    storage.close()
