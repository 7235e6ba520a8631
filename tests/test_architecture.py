"""docs/architecture.md names files, rooms and layers: they are so."""

import re
import tomllib
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


def test_the_layers_are_those_that_are_held() -> None:
    settings = tomllib.loads(ROOT.joinpath("pyproject.toml").read_text("utf-8"))
    whole, bot, *_ = [
        each["layers"]
        for each in settings["tool"]["importlinter"]["contracts"]
        if each["type"] == "layers"
    ]
    assert whole[-1] == "bot"
    held = [set(each.split(" | ")) for each in (*whole[:-1], *bot)]
    _, _, drawn = PAGE.read_text("utf-8").partition("## Layers")
    lines = drawn.split("```")[1].strip("\n").splitlines()
    named = [re.split(r" {2,}", each.strip())[0] for each in lines]
    assert [set(each.split(" · ")) for each in named] == held
