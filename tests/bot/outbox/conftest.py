"""An outbox of its own, at a moment of its own."""

from collections.abc import Iterator

import pytest

from bot.storage.database import Storage
from tests.bot.outbox.post import Post, create_tables
from tests.databases import Databases, Server


@pytest.fixture
def post(database: str, databases: Databases) -> Iterator[Post]:
    if isinstance(databases, Server):
        databases.create(database)
    storage = Storage(database)
    create_tables(storage)
    post = Post(storage)
    yield post
    assert post.disproved() == []
    storage.close()
    databases.drop(database)
