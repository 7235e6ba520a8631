"""What no query put in order is read backwards, in every test of the books."""

from collections.abc import Iterator

import pytest

from bot.storage.database import Storage
from tests.databases import read_backwards


@pytest.fixture(autouse=True)
def _read_backwards(request: pytest.FixtureRequest) -> Iterator[None]:
    if "storage" not in request.fixturenames:
        yield
        return
    storage: Storage = request.getfixturevalue("storage")
    with read_backwards(storage):
        yield
