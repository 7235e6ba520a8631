"""The command line as an operator meets it: exit codes, one sentence, one JSON."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from click.testing import CliRunner, Result

from server.cli import main
from tests.acceptance.programs import run, write_config

HEADER = ("姓名", "人员类别", "入党日期", "转正日期", "所在党支部")
GOOD = (
    ("王 芳", "正式党员", "2011-03-02", "2012-03-02", "第一党小组"),
    ("李伟", "正式党员", "2012.2.29", "2013.2.28", "第一党小组"),
    ("何雪", "预备党员", "2025年10月10日", "", "第二党小组"),
)
BAD = (
    ("王芳", "正式党员", "2011-02-30", "2012-03-02", "第一党小组"),
    ("李伟", "正式党员", "2012-02-29", "2013-02-28", "第一党小组"),
    ("", "正式党员", "2016-09-01", "2017-09-01", "第二党小组"),
)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    config = write_config(tmp_path, branch="智能制造党支部", secretary="zhaomin")
    assert call(config, "db", "upgrade").exit_code == 0
    return config


def call(config: Path, *arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, [*arguments, "--config", str(config)], input=stdin)


def read(result: Result) -> Any:
    """Read the one JSON document of a command that succeeded."""
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def write_xlsx(path: Path, rows: tuple[tuple[str, ...], ...]) -> str:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("党员名册")
        sheet.write(0, 0, "智能制造党支部党员名册")
        for at, row in enumerate((HEADER, *rows), 1):
            sheet.write_row(at, 0, row)
    return str(path)


def write_csv(path: Path, rows: tuple[tuple[str, ...], ...]) -> str:
    path.write_text("\n".join(",".join(row) for row in (HEADER, *rows)), "gbk")
    return str(path)


# --- processes of their own


def test_an_unknown_command_is_wrong_usage() -> None:
    done = run("dance")
    assert done.returncode == 2
    assert "dance" in done.stderr


def test_what_is_logged_is_no_part_of_the_answer(config: Path) -> None:
    """Nobody listens at the endpoint: the passage is shown, and stdout is JSON."""
    with config.open("a", encoding="utf-8") as file:
        file.write('[rephrase]\nbase_url = "http://127.0.0.1:9"\nmodel = "m"\n')
    asked = ("ask", "--as", "zhaomin", "支部大会多久开一次", "--json")
    done = run(*asked, "--config", str(config))
    assert "第十一条" in json.loads(done.stdout)["reply"]


def test_a_wrong_config_names_every_fault(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        'timezone = "Mars/Base"\n[server]\nport = "soon"\ncolour = "red"\n'
        '[wecom]\ncorp_id = "ww1"\nagent_id = 1\ntoken = "t"\n'
        'encoding_aes_key = "short"\n',
        "utf-8",
    )
    done = run("check", "--config", str(config))
    assert done.returncode == 1
    for name in (
        "timezone",
        "server.port",
        "server.colour",
        "wecom.secret",
        "wecom.encoding_aes_key",
    ):
        assert name in done.stderr
    assert "short" not in done.stderr  # a secret, even a wrong one, is not repeated
    assert "Traceback" not in done.stderr


def test_a_corrupt_database_is_left_alone(tmp_path: Path) -> None:
    config = write_config(tmp_path)
    database = config.with_name("branch.db")
    damaged = b"not a database at all" * 500
    database.write_bytes(damaged)
    done = run("serve", "--only", "delivery", "--config", str(config))
    assert done.returncode == 1
    assert "损坏" in done.stderr
    assert done.stderr.count("\n") == 1
    assert database.read_bytes() == damaged


def test_a_locked_database_is_one_sentence(config: Path) -> None:
    database = config.with_name("branch.db")
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        done = run("members", "import", _roster(config), "--config", str(config))
        other.execute("ROLLBACK")
    assert done.returncode == 1
    assert "占用" in done.stderr
    assert done.stderr.count("\n") == 1
    assert len(read(call(config, "members", "list", "--json"))) == 1


def _roster(config: Path) -> str:
    return write_csv(config.with_name("名册.csv"), GOOD)


# --- in this process


def test_a_right_config_is_said_so(config: Path) -> None:
    assert "没有问题" in call(config, "check").stdout


def test_check_online_names_an_unreachable_platform(config: Path) -> None:
    done = call(config, "check", "--online")
    assert done.exit_code == 1
    assert "企业微信" in done.stderr


def test_upgrading_again_changes_nothing(config: Path) -> None:
    assert "已是最新" in call(config, "db", "upgrade").stdout


@pytest.mark.parametrize("write", [write_xlsx, write_csv])
def test_a_roster_is_imported_and_updated(config: Path, write: Any) -> None:
    suffix = ".xlsx" if write is write_xlsx else ".csv"
    file = config.with_name("名册").with_suffix(suffix)
    first = read(call(config, "members", "import", write(file, GOOD), "--json"))
    assert first["added"] == ["王芳", "李伟", "何雪"]

    changed = (
        *GOOD[:2],
        ("何雪", "正式党员", "2025-10-10", "2026-10-10", "第二党小组"),
    )
    again = read(call(config, "members", "import", write(file, changed), "--json"))
    assert (again["added"], again["updated"]) == ([], ["何雪"])
    assert again["unchanged"] == 2
    assert {each["name"] for each in again["changes"]} == {"何雪"}

    members = {
        each["name"]: each for each in read(call(config, "members", "list", "--json"))
    }
    assert members["王芳"]["joined"] == "2011-03-02"
    assert members["李伟"]["joined"] == "2012-02-29"
    assert members["何雪"]["full_member_since"] == "2026-10-10"


def test_a_dry_run_imports_nothing(config: Path) -> None:
    file = write_csv(config.with_name("名册.csv"), GOOD)
    told = read(call(config, "members", "import", file, "--dry-run", "--json"))
    assert (told["dry_run"], len(told["added"])) == (True, 3)
    assert len(read(call(config, "members", "list", "--json"))) == 1  # the secretary


@pytest.mark.parametrize("write", [write_xlsx, write_csv])
def test_bad_rows_are_refused_all_at_once(config: Path, write: Any) -> None:
    file = write(
        config.with_name("名册.xlsx" if write is write_xlsx else "名册.csv"), BAD
    )
    done = call(config, "members", "import", file)
    assert done.exit_code == 1
    first = 3 if write is write_xlsx else 2
    for row in (first, first + 2):
        assert f"第 {row} 行" in done.stderr
    assert len(read(call(config, "members", "list", "--json"))) == 1

    told = call(config, "members", "import", file, "--json")
    assert told.exit_code == 1
    assert {each["row"] for each in json.loads(told.stdout)["errors"]} == {
        first,
        first + 2,
    }


def test_asking_goes_the_way_of_production(config: Path) -> None:
    told = read(call(config, "ask", "--as", "ZhaoMin", "打卡 学习强国 42分", "--json"))
    assert (told["intent"], told["changed"]) == ("checkin", True)
    again = read(call(config, "ask", "--as", "zhaomin", "打卡", "--json"))
    assert (again["intent"], again["changed"]) == ("checkin", False)


def test_a_dry_ask_changes_nothing(config: Path) -> None:
    for _ in range(2):
        told = read(
            call(config, "ask", "--as", "zhaomin", "打卡", "--dry-run", "--json")
        )
        assert "已打卡" in told["reply"]
    mine = read(call(config, "ask", "--as", "zhaomin", "我的打卡", "--json"))
    assert "还没有打过卡" in mine["reply"]


def test_asking_many_gives_a_line_each(config: Path) -> None:
    done = call(
        config, "ask", "--as", "zhaomin", "-", "--json", stdin="打卡\n\n我的打卡\n"
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["intent"] for each in told] == ["checkin", "my_checkins"]


def test_asking_at_a_time(config: Path) -> None:
    call(config, "ask", "--as", "zhaomin", "打卡", "--at", "2026-03-02T08:05")
    told = call(
        config, "ask", "--as", "zhaomin", "我的打卡", "--at", "2026-03-03T08:00"
    )
    assert "3月2日" in told.stdout


def test_a_wrong_time_is_wrong_usage(config: Path) -> None:
    done = call(config, "ask", "--as", "zhaomin", "打卡", "--at", "昨天")
    assert done.exit_code == 2
    assert "--at" in done.stderr


def test_a_stranger_asks_and_nothing_is_recorded(config: Path) -> None:
    told = read(call(config, "ask", "--as", "nobody", "打卡", "--json"))
    assert (told["intent"], told["changed"]) == ("none", False)


def test_notices_are_listed_and_shown(config: Path) -> None:
    for said in ("发通知 周五开会", "确认"):
        call(config, "ask", "--as", "zhaomin", said)
    (row,) = read(call(config, "notices", "list", "--json"))
    assert row["planned"] == row["delivered"] + row["refused"] + row["pending"] == 1
    shown = read(call(config, "notices", "show", str(row["id"]), "--json"))
    assert shown["title"] == row["title"]
    (recipient,) = shown["recipients"]
    assert recipient["userid"] == "zhaomin"
    assert (recipient["state"], recipient["acknowledged_at"]) == ("pending", None)


def test_an_unknown_notice_is_one_sentence(config: Path) -> None:
    done = call(config, "notices", "show", "99")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1


def test_a_missing_config_is_one_sentence(tmp_path: Path) -> None:
    done = call(tmp_path / "none.toml", "members", "list")
    assert done.exit_code == 1
    assert "找不到设置文件" in done.stderr
