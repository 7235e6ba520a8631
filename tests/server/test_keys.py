"""Phone numbers from the roster to the secretary, and a change of keys on the way."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.fernet import Fernet

from server.cli import main
from tests.server.test_cli import run, settings

__all__ = ["settings"]

KEY, NEXT = (Fernet.generate_key().decode() for _ in "12")
NUMBER = "13800001234"
ROSTER = f"姓名,账号,手机号码\n王芳,wangfang,{NUMBER}\n李伟,liwei,\n"


@pytest.fixture
def roster(tmp_path: Path) -> str:
    path = tmp_path / "roster.csv"
    path.write_text(ROSTER, "utf-8")
    return str(path)


def set_keys(settings: str, key: str, *old: str) -> None:
    path = Path(settings)
    bare = path.read_text("utf-8").partition("[roster]")[0]
    more = f'[roster]\nphones = true\n[security]\nkey = "{key}"\n'
    path.write_text(f"{bare}{more}old_keys = {json.dumps(old)}\n", "utf-8")


def test_numbers_are_not_taken_unless_wanted(settings: str, roster: str) -> None:
    told = run(settings, "members", "import", roster, "--json")
    assert json.loads(told.stdout)["unused_columns"] == ["手机号码"]
    asked = run(settings, "ask", "--as", "zhaomin", "查电话 王芳")
    assert "没有存王芳的电话" in asked.stdout


def test_the_secretary_looks_up_a_number(settings: str, roster: str) -> None:
    set_keys(settings, KEY)
    told = run(settings, "members", "import", roster)
    assert told.exit_code == 0
    assert "手机号" in told.stdout
    assert NUMBER not in told.output
    assert "没有变化 2 人" in run(settings, "members", "import", roster).stdout
    asked = ("ask", "--as", "zhaomin")
    assert NUMBER in run(settings, *asked, "查电话 王芳").stdout
    assert NUMBER in run(settings, *asked, "查一下王芳的电话").stdout
    assert "没有找到“孙丽”" in run(settings, *asked, "查电话 孙丽").stdout
    assert "查谁的电话" in run(settings, *asked, "查电话").stdout
    denied = run(settings, "ask", "--as", "liwei", "查电话 王芳", "--json")
    assert json.loads(denied.stdout)["intent"] == "denied"
    assert "138****1234" in run(settings, "ask", "--as", "wangfang", "我的信息").stdout


def test_a_column_of_nonsense_is_a_fault_only_where_it_is_read(
    settings: str, tmp_path: Path
) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("姓名,手机\n王芳,见附件\n", "utf-8")
    assert run(settings, "members", "import", str(path)).exit_code == 0
    set_keys(settings, KEY)
    told = run(settings, "members", "import", str(path))
    assert (told.exit_code, "不像电话号码" in told.stderr) == (1, True)


def test_a_new_key_is_a_good_one(settings: str) -> None:
    made = CliRunner().invoke(main, ["keys", "new"]).stdout.strip()
    set_keys(settings, made)
    assert run(settings, "check").exit_code == 0


def test_a_change_of_keys(settings: str, roster: str) -> None:
    assert "还没有设置密钥" in run(settings, "keys", "status").stdout
    set_keys(settings, KEY)
    run(settings, "members", "import", roster)
    assert "1 项（正在使用）" in run(settings, "keys", "status").stdout

    set_keys(settings, NEXT)
    lost = run(settings, "check")
    assert (lost.exit_code, lost.stdout) == (1, "")
    assert "设置里没有这一把" in lost.stderr
    assert "设置里没有这一把" in run(settings, "keys", "status").stdout
    asked = run(settings, "ask", "--as", "zhaomin", "查电话 王芳")
    assert NUMBER not in asked.output

    set_keys(settings, NEXT, KEY)
    assert "重新加密了 1 项" in run(settings, "keys", "rotate").stdout
    set_keys(settings, NEXT)
    assert run(settings, "check").exit_code == 0
    assert "重新加密了 0 项" in run(settings, "keys", "rotate").stdout
    assert NUMBER in run(settings, "ask", "--as", "zhaomin", "查电话 王芳").stdout
    for each in (KEY, NEXT, NUMBER):
        assert each not in lost.output
