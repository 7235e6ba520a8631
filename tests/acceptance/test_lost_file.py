"""The database's file is taken away or exchanged under `serve`: it says so and ends."""

import os
from collections.abc import Callable
from pathlib import Path
from shutil import copyfile

import pytest

from tests.acceptance.programs import (
    PATIENCE,
    run,
    serving,
    started,
    until,
    write_config,
)


def exchange(path: Path) -> None:
    copyfile(path, path.with_suffix(".copy"))
    path.with_suffix(".copy").rename(path)


def move_away(path: Path) -> None:
    path.rename(path.with_suffix(".away"))


@pytest.mark.parametrize("harm", [os.unlink, exchange, move_away])
def test_the_file_is_lost_under_the_whole(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    config, path = write_config(tmp_path), tmp_path / "branch.db"
    with serving(config) as program:
        harm(path)
        assert program.process.wait(PATIENCE) == 1, program.said()
        assert "被删除或换掉了" in program.said()
        assert '"database_lost"' in program.said()
    if path.exists():
        with serving(config):
            return
    again = run("serve", "--config", str(config), "--only", "scheduler")
    assert (again.returncode, "不在了" in again.stderr) == (1, True), again.stderr
    assert not path.exists(), "an empty one would take in messages of nobody it knows"


def test_the_file_is_lost_under_a_part(tmp_path: Path) -> None:
    config = write_config(tmp_path)
    arguments = ("serve", "--config", str(config), "--only", "delivery")
    with started(tmp_path / "log", *arguments) as program:
        until(lambda: '"serving"' in program.said(), "it works")
        (tmp_path / "branch.db").unlink()
        assert program.process.wait(PATIENCE) == 1, program.said()
        assert "被删除或换掉了" in program.said()
