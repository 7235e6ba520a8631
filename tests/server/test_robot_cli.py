"""xiangyang robot: who wrote, who it is, what members think."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.channels.aibot import feedback
from bot.inbox import callers
from bot.message import Message
from bot.storage.database import Storage
from server.cli import main
from tests.conftest import LONG_AGO
from tests.people import BRANCH


@pytest.fixture
def settings(storage: Storage, tmp_path: Path) -> str:
    path = tmp_path / "config.toml"
    path.write_text(
        f'[database]\nurl = "{storage.location}"\n[branch]\nname = "{BRANCH}"\n'
        '[aibot]\nbot_id = "b"\nsecret = "s"\n'
    )
    with storage.write() as session:
        callers.note(session, "aibot", "woSomebodyNobodyKnows0001", LONG_AGO)
    return str(path)


def run(settings: str, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["robot", *arguments, "--config", settings])


def test_the_first_secretary_is_made_known(settings: str) -> None:
    (row,) = json.loads(run(settings, "callers", "--json").stdout)
    assert row["userid"] == "woSomebodyNobodyKnows0001"
    done = run(settings, "admit", str(row["id"]), "赵敏")
    assert done.stdout == f"第 {row['id']} 号认作赵敏。\n"
    assert run(settings, "callers").stdout == "没有不认识的账号。\n"


def test_who_is_on_no_roster(settings: str) -> None:
    done = run(settings, "admit", "1", "无名氏")
    assert (done.exit_code, done.stderr) == (1, "名册里没有“无名氏”。\n")
    assert "没有第 99 号来人" in run(settings, "admit", "99", "赵敏").stderr


def test_opinions(settings: str, storage: Storage) -> None:
    told = {"id": "m1", "type": 2, "content": "不对", "inaccurate_reason_list": [3, 9]}
    fields = {"feedback": json.dumps(told)}
    message = Message("aibot", "liwei", "f1", "event", fields=fields)
    with storage.write() as session:
        feedback.keep(session, message, LONG_AGO.replace(year=2099))
    assert (
        run(settings, "feedback").stdout
        == "有用 0，没用 1。\n  有错误 1\n  没用：不对\n"
    )
    assert json.loads(run(settings, "feedback", "--json").stdout)["bad"] == 1
    taken_back = Message(
        "aibot", "liwei", "f2", fields={"feedback": json.dumps(told | {"type": 3})}
    )
    with storage.write() as session:
        feedback.keep(session, taken_back, LONG_AGO)
    assert run(settings, "feedback").stdout == "有用 0，没用 0。\n"
