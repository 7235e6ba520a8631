"""Commands that need no process of their own."""

import json
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from bot.config.settings import Config
from bot.storage.database import Storage
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


def stored(storage: Storage) -> dict[str, list[tuple[object, ...]]]:
    with storage.read() as session:
        return {
            name: [
                tuple(row) for row in session.execute(text(f'SELECT * FROM "{name}"'))
            ]
            for name in storage.tables()
        }


def test_check_online_writes_nothing(settings: str, storage: Storage) -> None:
    path = Path(settings)
    lines = path.read_text("utf-8").replace('["zhaomin"]', '["nobody", "ZhaoMin"]')
    path.write_text(lines.replace('name = "', 'name = "另一个', 1), "utf-8")
    before = stored(storage)
    told = run(settings, "check", "--online")
    assert told.exit_code == 1
    assert told.stderr == "branch.secretaries：名册里没有账号是 nobody 的人。\n"
    assert stored(storage) == before
    path.write_text(lines.replace('"nobody", ', ""), "utf-8")
    assert run(settings, "check", "--online").exit_code == 0
    assert stored(storage) == before


def test_check_makes_no_database(settings: str, tmp_path: Path) -> None:
    path, missing = Path(settings), tmp_path / "missing.db"
    lines = re.sub("(?m)^url = .*$", f'url = "sqlite:///{missing}"', path.read_text())
    path.write_text(lines, "utf-8")
    assert run(settings, "check").exit_code == 0
    assert "还没有建表" in run(settings, "check", "--online").stderr
    assert not missing.exists()


@pytest.mark.parametrize("corp_id", ["ww0000000000000000", "wwxxxxxxxxxxxxxxxx"])
def test_check_knows_the_sample(settings: str, corp_id: str) -> None:
    path = Path(settings)
    lines = re.sub("corp_id = .*", f'corp_id = "{corp_id}"', path.read_text("utf-8"))
    path.write_text(lines, "utf-8")
    told = run(settings, "check")
    assert (told.exit_code, "还是样例里的企业 ID" in told.stderr) == (1, True)


@pytest.mark.parametrize("line", ["agent_id = 0", 'secret = "a b"', "odd = 1"])
def test_check_tells_of_every_fault_at_once(
    settings: str, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TK", '"tok en"\r')
    monkeypatch.setenv("XIANGYANG_SERVER__PUBLIC_URL", "http://dang.example.edu.cn")
    path = Path(settings)
    lines = path.read_text("utf-8").replace('["zhaomin"]', '["nobody"]')
    lines = re.sub("(?m)^token = .*", 'token = "env:TK"', lines)
    lines = re.sub("corp_id = .*", 'corp_id = "ww0000000000000000"', lines)
    lines = re.sub(f"(?m)^{line.split()[0]} = .*\n", "", lines) + line + "\n"
    path.write_text(lines + '[schedule]\nnone = "0 8 * * *"\n', "utf-8")
    told = run(settings, "check")
    assert told.exit_code == 1
    assert "public_url 是 http" in told.stdout
    assert "有 5 处要改" in told.stderr
    for place in (
        "wecom.token：里面有空白",
        f"wecom.{line.split()[0]}：",
        "schedule.none：",
        "wecom.corp_id：还是样例",
        "branch.secretaries：名册里没有账号是 nobody",
    ):
        assert told.stderr.count(place) == 1


def test_check_looks_into_no_other_database(settings: str) -> None:
    path = Path(settings)
    lines = re.sub("(?m)^url = .*$", 'url = "mysql://here/x"', path.read_text("utf-8"))
    path.write_text(lines.replace('["zhaomin"]', '["nobody"]'), "utf-8")
    told = run(settings, "check")
    assert "有 1 处要改：\n  database.url：" in told.stderr


@pytest.mark.parametrize(
    ("url", "remarked"),
    [
        ("http://dang.example.edu.cn", True),
        ("http://10.1.2.3:8080", True),
        ("https://dang.example.edu.cn", False),
        ("http://127.0.0.1:8080", False),
        ("http://localhost:8080", False),
    ],
)
def test_check_remarks_on_plain_http(
    settings: str, url: str, *, remarked: bool
) -> None:
    with Path(settings).open("a", encoding="utf-8") as file:
        file.write(f'[server]\npublic_url = "{url}"\n')
    told = run(settings, "check")
    assert told.exit_code == 0
    assert ("public_url 是 http" in told.stdout) == remarked


def test_a_taken_port_says_what_to_do(settings: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        told = run(settings, "serve", "--port", port)
        assert run(settings, "serve", "--host", "no.such.invalid").exit_code == 1
    assert told.exit_code == 1
    assert told.stderr == (
        f"不能在 127.0.0.1:{port} 上监听："
        "端口已经有程序在用。换一个用 --port，例：--port 8081。\n"
    )


def test_check_without_wecom_or_with_a_wrong_schedule(
    settings: str, tmp_path: Path
) -> None:
    bare = tmp_path / "bare.toml"
    bare.write_text(f"""
database.url = "sqlite:///{tmp_path / "new.db"}"
schedule.tea = "x"
""")
    told = run(str(bare), "check")
    assert "缺 [wecom]、[official] 或 [aibot] 一节" in told.stderr
    assert "schedule.tea" in told.stderr
    wrong = Path(settings)
    wrong.write_text(wrong.read_text("utf-8") + '[schedule]\ntea = "x"\nstudy = "y"\n')
    told = run(settings, "check")
    assert told.exit_code == 1
    assert "schedule.tea" in told.stderr
    assert "schedule.study" in told.stderr


def test_an_official_account_beside_wecom_is_well(settings: str) -> None:
    path = Path(settings)
    keys = f'secret = "s"\ntoken = "t"\nencoding_aes_key = "{"k" * 43}"\n'
    kept = path.read_text("utf-8")
    path.write_text(f'{kept}[official]\napp_id = "wx1"\n{keys}')
    told = run(settings, "check")
    assert (told.exit_code, told.stdout) == (0, "设置没有问题。\n")
    assert told.stderr == ""


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
    assert run(settings, "ask", "--as", "zhaomin", "确认").exit_code == 0
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


def bring(settings: str, tmp_path: Path, text: str, *more: str) -> Result:
    file = tmp_path / "名册.csv"
    file.write_text(text, "utf-8")
    return run(settings, "members", "import", str(file), *more)


def test_an_import_lists_what_it_gives_takes_and_asks(
    settings: str, tmp_path: Path
) -> None:
    rows = "姓名,职务\n赵敏,\n陈静,团支部书记\n李伟,支部宣传委员\n王芳,校党委书记\n"
    said = bring(settings, tmp_path, rows).stdout
    assert "给权限 1 项：\n  李伟：支部委员（智能制造教工党支部）" in said
    assert "收回权限 1 项：\n  陈静：支部委员（智能制造教工党支部）" in said
    assert "注意 赵敏 仍是智能制造教工党支部书记：设置文件" in said
    assert "注意 职务“团支部书记”（陈静）没有给权限：" in said
    told = json.loads(bring(settings, tmp_path, rows, "--dry-run", "--json").stdout)
    assert (told["granted"], told["revoked"]) == ([], [])
    assert [each[:12] for each in told["asked"]] == [
        "职务“团支部书记”（陈静",
        "职务“校党委书记”（王芳",
    ]


def test_an_import_says_who_will_not_be_greeted(settings: str, tmp_path: Path) -> None:
    rows = "姓名,账号,入党日期\n周一,zhouyi,2010-03-01\n周二,zhouer,\n"
    said = bring(settings, tmp_path, rows, "--dry-run").stdout
    assert (
        "注意 名册里有 2 人没有写人员类别，1 人没有写入党时间，政治生日的祝福" in said
    )
    told = json.loads(bring(settings, tmp_path, rows, "--json").stdout)
    assert "2 人没有写人员类别" in told["warnings"][-1]
    for order in (
        "祝福预告",
        "祝福预告 周一",
        "寄语 周一 愿您永葆初心",
        "停发祝福 周一",
    ):
        answer = run(settings, "ask", "--as", "zhaomin", order).stdout
        assert "写“正式党员”或“预备党员”" in answer
    mended = (
        "姓名,账号,人员类别,入党日期\n周一,zhouyi,正式党员,\n周二,zhouer,积极分子,\n"
    )
    assert "没有写人员类别" not in bring(settings, tmp_path, mended).stdout
    note = run(settings, "ask", "--as", "zhaomin", "寄语 周一 愿您永葆初心").stdout
    assert note.startswith("记下了")


def test_states_are_told_in_words(settings: str, tmp_path: Path) -> None:
    rows = "姓名,账号,入党日期,党籍状态\n王芳,wangfang,2011-03-02,{}\n"
    gone = bring(settings, tmp_path, rows.format("转出")).stdout
    assert "王芳：状态 正常 → 转出" in gone
    run(settings, "members", "remove", "liwei")
    here, away = run(settings, "members", "list").stdout.split("已不在支部 3 人：\n")
    assert "王芳" not in here
    assert "李伟" not in here
    assert [line.split("  ")[::2] for line in away.splitlines()] == [
        ["王芳", "转出"],
        ["李伟", "转出"],
        ["邵棠", "转出"],
    ]
    assert (
        "王芳：状态 转出 → 正常"
        in bring(settings, tmp_path, rows.format("正常")).stdout
    )


def test_an_account_that_is_used_again(settings: str, tmp_path: Path) -> None:
    rows = "姓名,账号,入党日期\n王蕾,wangfang,2021-06-30\n"
    told = bring(settings, tmp_path, rows)
    assert told.exit_code == 1
    assert "账号 wangfang 在名册里是王芳（2011-03-02 入党）" in told.stderr
    removed = run(settings, "members", "remove", "WangFang", "--why", "调走")
    assert removed.stdout.startswith("已把王芳移出名册，账号 WangFang 可以给别人用了。")
    assert "新增 1 人" in bring(settings, tmp_path, rows).stdout
    assert "王芳" not in run(settings, "ask", "--as", "wangfang", "我的信息").stdout
    again = "姓名,账号,入党日期\n王雷,wangfang,2021-07-01\n"
    vouched = bring(settings, tmp_path, again, "--same", "wangfang")
    assert "王蕾：姓名" not in vouched.stdout
    assert "更新 1 人" in vouched.stdout


def test_rights_are_taken_by_a_command(settings: str) -> None:
    asked = ("ask", "--as", "chenjing", "审批通知", "--json")
    assert json.loads(run(settings, *asked).stdout)["intent"] == "approve"
    told = run(settings, "members", "revoke", "ChenJing").stdout
    assert told.startswith("已收回权限：\n  陈静：支部委员（智能制造教工党支部）\n")
    assert json.loads(run(settings, *asked).stdout)["intent"] == "denied"
    assert run(settings, "members", "revoke", "chenjing").stdout == (
        "陈静没有权限可收回。\n"
    )
    for verb in ("revoke", "remove"):
        kept = run(settings, "members", verb, "ZhaoMin")
        assert kept.exit_code == 1
        assert "secretaries 里写着 ZhaoMin" in kept.stderr
        nobody = run(settings, "members", verb, "nobody")
        assert nobody.stderr == "名册里没有账号是“nobody”的人。\n"


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


def test_a_card_for_a_name_that_no_face_has_tells_what_stands_there(
    settings: str, storage: Storage, tmp_path: Path
) -> None:
    with storage.write() as session:
        find_member(session, "王芳").name = "王\U0002c386"
    out = tmp_path / "card.pdf"
    how = ("--size", "white", "--out", str(out))
    told = run(settings, "card", "--member", "wangfang", *how)
    assert (told.exit_code, "写着读音的方框" in told.output) == (0, True)
    assert out.read_bytes().startswith(b"%PDF")


def test_a_name_that_has_no_room_has_no_card(
    settings: str, storage: Storage, tmp_path: Path
) -> None:
    with storage.write() as session:
        find_member(session, "王芳").name = "王" * 60
    out = str(tmp_path / "card.png")
    told = run(settings, "card", "--member", "wangfang", "--out", out)
    assert (told.exit_code, "太长" in told.output) == (1, True)


@pytest.mark.thorough
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


@pytest.mark.thorough
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
@pytest.mark.parametrize("said", ["members list --config {}", "-h", "notices -h"])
def test_what_cannot_be_written_is_said(settings: str, said: str) -> None:
    words = [sys.executable, "-m", "server", *said.format(settings).split()]
    with Path("/dev/full").open("wb") as full:
        told = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, check=False)
    assert told.returncode == 1
    assert len(told.stderr.decode().splitlines()) == 1
