"""xiangyang ballots: only how many before the close, what was voted after it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.config.settings import Config
from bot.storage.database import Storage
from server.cli import main
from tests.people import BRANCH
from tests.stage import Stage


@pytest.fixture
def settings(tmp_path: Path, config: Config, storage: Storage) -> str:
    path = tmp_path / "config.toml"
    path.write_text(
        f'[database]\nurl = "{config.database.address}"\n[branch]\nname = "{BRANCH}"\n',
        "utf-8",
    )
    return str(path)


def test_results_come_with_the_close(settings: str, stage: Stage) -> None:
    stage.move_to("2026-03-02 10:00")
    stage.say("赵敏", "发起投票 党日去哪：纪念馆、敬老院")
    stage.say("赵敏", "确认")
    for name in ("赵敏", "陈静", "刘洋", "王芳", "李伟"):
        stage.say(name, "投票 2")
    arguments = ["ballots", "show", "1", "--json", "--config", settings]
    shown = CliRunner().invoke(main, arguments)
    assert shown.exit_code == 0, (shown.stderr, shown.exception)
    told = json.loads(shown.stdout)
    assert (told["eligible"], told["voted"], told["state"]) == (6, 5, "open")
    assert told["choices"] == ["纪念馆", "敬老院"]
    assert told["results"] is None
    stage.say("赵敏", "结束投票")
    [told] = json.loads(
        CliRunner()
        .invoke(main, ["ballots", "list", "--json", "--config", settings])
        .stdout
    )
    assert told["state"] == "closed"
    assert told["results"] == {"纪念馆": 0, "敬老院": 5}
