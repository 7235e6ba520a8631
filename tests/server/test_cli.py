"""Commands that need no process of their own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.config import Config
from bot.storage import Storage
from server.cli import main
from server.twin.world import World
from tests.people import find_member


@pytest.fixture
def settings(tmp_path: Path, config: Config, storage: Storage) -> str:
    """Write the test's settings down as a file."""
    assert config.wecom
    path = tmp_path / "config.toml"
    path.write_text(
        f"""
[database]
url = "{config.database.address}"
[branch]
name = "{config.branch.name}"
secretaries = ["zhaomin"]
[wecom]
corp_id = "{config.wecom.corp_id}"
agent_id = {config.wecom.agent_id}
secret = "{config.wecom.secret.get_secret_value()}"
token = "{config.wecom.token.get_secret_value()}"
encoding_aes_key = "{config.wecom.encoding_aes_key.get_secret_value()}"
api_base = "{config.wecom.api_base}"
""",
        "utf-8",
    )
    return str(path)


def run(settings: str, *arguments: str, said: str = "") -> Result:
    return CliRunner().invoke(main, [*arguments, "--config", settings], input=said)


def test_when(settings: str) -> None:
    at = ("--at", "2026-11-25T10:00")
    told = run(settings, "when", "明早九点", *at, "--json")
    assert json.loads(told.stdout) == {
        "next": ["2026-11-26T09:00:00+08:00"],
        "recurring": False,
        "deadline": False,
        "unclear": None,
    }
    lines = run(settings, "when", "-", *at, "--json", said="三点\n每周一\n").stdout
    unclear, weekly = map(json.loads, lines.splitlines())
    assert unclear["unclear"]
    assert len(weekly["next"]) == 3
    assert "09:00" in run(settings, "when", "明早九点", *at).stdout
    assert run(settings, "when", "明早", "--at", "x").exit_code == 2


def test_a_card_is_a_picture(settings: str, tmp_path: Path) -> None:
    out = tmp_path / "card.png"
    told = run(settings, "card", "--member", "wangfang", "--out", str(out))
    assert told.exit_code == 0
    assert out.read_bytes().startswith(b"\x89PNG")
    nobody = run(settings, "card", "--member", "nobody")
    assert (nobody.exit_code, nobody.stderr) == (1, "名册里没有账号 nobody。\n")
    nowhere = str(tmp_path / "no" / "card.png")
    told = run(settings, "card", "--member", "wangfang", "--out", nowhere)
    assert told.exit_code == 1
    assert told.stderr == f"不能写 {nowhere}：No such file or directory。\n"


def test_check_online(settings: str, world: World) -> None:
    assert run(settings, "check").stdout == "设置没有问题。\n"
    told = run(settings, "check", "--online")
    assert told.exit_code == 0
    assert "没有试回调地址" in told.stdout


def test_check_without_wecom_or_with_a_wrong_schedule(
    settings: str, tmp_path: Path
) -> None:
    bare = tmp_path / "bare.toml"
    bare.write_text(f"""
database.url = "sqlite:///{tmp_path / "new.db"}"
schedule.tea = "x"
""")
    told = run(str(bare), "check")
    assert "缺 [wecom]" in told.stderr
    assert "schedule.tea" in told.stderr
    wrong = Path(settings)
    wrong.write_text(wrong.read_text("utf-8") + '[schedule]\ntea = "x"\nstudy = "y"\n')
    told = run(settings, "check")
    assert told.exit_code == 1
    assert "schedule.tea" in told.stderr
    assert "schedule.study" in told.stderr


def test_a_channel_that_is_not_built_is_not_accepted_in_silence(settings: str) -> None:
    path = Path(settings)
    keys = f'secret = "s"\ntoken = "t"\nencoding_aes_key = "{"k" * 43}"\n'
    kept = path.read_text("utf-8")
    path.write_text(f'{kept}[official]\napp_id = "wx1"\n{keys}')
    told = run(settings, "check")
    assert (told.exit_code, told.stdout) == (0, "设置没有问题。\n")
    assert told.stderr == (
        "注意：这一版还没有做公众号，[official] 这一节填了也不起作用。\n"
    )


@pytest.mark.parametrize("command", ["check", "serve"])
def test_a_wrong_schedule_is_told_beside_other_faults(
    settings: str, command: str
) -> None:
    wrong = Path(settings)
    more = 'tea = "x"\nstudy = "y"\ndigest = 5\n[quiet]\nweekly_budget = "much"\n'
    wrong.write_text(f"{wrong.read_text('utf-8')}[schedule]\n{more}")
    told = run(settings, command)
    assert told.exit_code == 1
    assert "有 4 处要改" in told.stderr
    for place in ("tea", "study", "digest"):
        assert f"schedule.{place}" in told.stderr
    assert "quiet.weekly_budget" in told.stderr


def test_a_newer_schema_is_not_upgraded(settings: str, storage: Storage) -> None:
    assert run(settings, "db", "upgrade").stdout == "已是最新。\n"
    with storage.exclusive() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    told = run(settings, "db", "upgrade")
    assert (told.exit_code, told.stderr) == (
        1,
        "数据库比这个程序新，请换用新版程序。\n",
    )


def test_people_of_the_address_book_are_linked_and_added(settings: str) -> None:
    told = run(settings, "members", "sync")
    assert told.exit_code == 0
    assert "不在名册里：路人" in told.stdout
    added = json.loads(run(settings, "members", "sync", "--add", "--json").stdout)
    assert added["added"] == ["路人"]
    assert "路人" in run(settings, "members", "list").stdout


def test_notices_list_and_show(settings: str, tmp_path: Path) -> None:
    assert run(settings, "notices", "list").stdout == "还没有通知。\n"
    assert run(settings, "ask", "--as", "zhaomin", "发通知 周三开会").exit_code == 0
    assert run(settings, "ask", "--as", "zhaomin", "立即发").exit_code == 0
    assert "计划 6" in run(settings, "notices", "list").stdout
    xlsx = tmp_path / "ledger.xlsx"
    told = run(settings, "notices", "show", "1", "--xlsx", str(xlsx)).stdout
    assert "王芳  发送中  未回复" in told
    assert xlsx.stat().st_size > 1000
    missing = run(settings, "notices", "show", "9")
    assert (missing.exit_code, missing.stderr) == (1, "没有找到这条通知。\n")
    asked = run(settings, "ask", "--as", "wangfang", "谁看过我的信息").stdout
    assert "服务器管理员：导出通知台账" in asked
    why = run(settings, "ask", "--as", "wangfang", "党龄", "--why").stdout
    assert "my_birthday" in why


@pytest.mark.parametrize(
    "arguments",
    [
        ("notices", "show", "9" * 30),
        ("notices", "show", str(2**63 - 1)),
        ("when", "明天三点", "--at", "0001-01-01T00:00"),
        ("ask", "--as", "wangfang", "打卡", "--at", "9999-12-31T23:59"),
        ("rehearse", "--from", "9999-12-31", "--days", "2"),
        ("card", "--member", "w\udcff"),
        ("ask", "--as", "w\udcff", "打卡"),
        ("card", "--member", "wangfang", "--out", "/dev/full"),
    ],
)
def test_odd_words_are_told_in_a_sentence(
    settings: str, arguments: tuple[str, ...]
) -> None:
    told = run(settings, *arguments)
    assert told.exit_code in (1, 2)
    assert told.exception is None or isinstance(told.exception, SystemExit)
    assert told.output


def test_a_name_that_cannot_be_drawn_has_no_card(
    settings: str, storage: Storage, tmp_path: Path
) -> None:
    with storage.write() as session:
        find_member(session, "王芳").name = "王\U0002a6a5"
    out = str(tmp_path / "card.png")
    told = run(settings, "card", "--member", "wangfang", "--out", out)
    assert (told.exit_code, "字体缺的字" in told.output) == (1, True)


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_a_terminal_in_another_code_shows_what_it_can(
    settings: str, storage: Storage, more: tuple[str, ...]
) -> None:
    with storage.write() as session:
        find_member(session, "王芳").name = "王\U0002a6a5"
    words = [sys.executable, "-m", "server", "members", "list", "--config", settings]
    spoken = {"PYTHONIOENCODING": "gbk", "PATH": "/usr/bin:/bin"}
    told = subprocess.run([*words, *more], capture_output=True, env=spoken, check=False)
    assert (told.returncode, told.stderr) == (0, b"")
    names = [each["name"] for each in json.loads(told.stdout)] if more else []
    assert "王\U0002a6a5" in names or "王?" in told.stdout.decode("gbk")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
def test_what_cannot_be_written_is_said(settings: str) -> None:
    words = [sys.executable, "-m", "server", "members", "list", "--config", settings]
    with Path("/dev/full").open("wb") as full:
        told = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, check=False)
    assert told.returncode == 1
    assert len(told.stderr.decode().splitlines()) == 1
