"""docs/architecture.md names files and rooms: each of them is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "architecture.md"
NAMED = re.compile(r"`((?:bot|handlers|scheduler|server|tests)/[\w./]*)`")


@pytest.mark.parametrize("named", sorted(set(NAMED.findall(PAGE.read_text("utf-8")))))
def test_what_is_named_is_there(named: str) -> None:
    parts = named.split("/TOPIC/")
    assert (ROOT / parts[0]).exists()


def test_every_room_is_told() -> None:
    told = PAGE.read_text("utf-8")
    rooms = [each.parent for each in ROOT.glob("bot/*/__init__.py")]
    rooms += [each.parent for each in ROOT.glob("bot/branch/*/__init__.py")]
    assert rooms
    assert [each.name for each in rooms if f"{each.name}" not in told] == []
