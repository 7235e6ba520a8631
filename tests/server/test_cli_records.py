"""xiangyang records: imported whole or not at all, listed, shown, exported."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from python_calamine import CalamineWorkbook

from bot.config.settings import Config
from bot.storage.database import Storage
from server.cli import main
from tests.people import BRANCH
from tests.stage import Stage

ROWS = """服务台账,,,,,,
日期,企业名称,参加人员,时长（小时）,类别,有偿无偿,内容
2025-11-03,苏州轴承厂股份有限公司,王芳、李伟,4,技术服务,无偿,调主轴
2025年11月5日,轴承厂,陈静,3,咨询,有偿,看图纸
2025.12.1,文明里社区,王芳,2,志愿服务,,扫雪
合计,,,9,,,
"""


@pytest.fixture
def settings(tmp_path: Path, config: Config, storage: Storage) -> str:
    path = tmp_path / "config.toml"
    path.write_text(
        f'[database]\nurl = "{config.database.address}"\n[branch]\nname = "{BRANCH}"\n',
        "utf-8",
    )
    return str(path)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "服务.csv"
    path.write_text(ROWS, "utf-8")
    return path


def run(settings: str, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["records", *arguments, "--config", settings])


def test_what_is_imported_is_listed_summed_and_asked_for(
    settings: str, sheet: Path, stage: Stage
) -> None:
    tried = run(settings, "import", "service", str(sheet), "--dry-run")
    assert "试导入，没有改动：服务记录 3 条" in tried.stdout
    assert json.loads(run(settings, "list", "service", "--json").stdout) == []
    run(settings, "import", "service", str(sheet))
    last, *_, first = json.loads(run(settings, "list", "service", "--json").stdout)
    assert first == {
        "id": first["id"],
        "kind": "service",
        "state": "told",
        "by": None,
        "on": "2025-11-03",
        "fields": {
            "day": "2025-11-03",
            "company": "苏州轴承厂股份有限公司",
            "people": ["王芳", "李伟"],
            "hours": 4.0,
            "sort": "技术服务",
            "paid": "无偿",
            "what": "调主轴",
        },
        "evidence": [],
    }
    assert last["fields"]["company"] == "文明里社区"
    told = stage.say("王芳", "轴承厂去年去了几趟")
    assert "无偿 1 次，2 人次，8 工时" in told
    assert "有偿 1 次，1 人次，3 工时" in told, "one company by two names"
    shown = json.loads(run(settings, "show", str(first["id"]), "--json").stdout)
    assert [each["act"] for each in shown["changes"]] == ["record"]


def test_one_bad_row_and_nothing_is_imported(
    settings: str, sheet: Path, stage: Stage
) -> None:
    bad = "2027-01-01,轴承厂,王芳,4,,,预知\n,轴承厂,王芳,半天,,,\n"
    bad += "2025-11-09,轴承厂,李小龙,4,,,\n"
    sheet.write_text(ROWS + bad, "utf-8")
    told = run(settings, "import", "service", str(sheet))
    assert told.exit_code == 1
    for place in (
        "第 7 行：2027年1月1日还没到",
        "第 8 行「时长」“半天”：要一个数（小时）",
        "第 9 行「人员」“李小龙”：名册里没有“李小龙”",
    ):
        assert place in told.stderr
    faults = json.loads(
        run(settings, "import", "service", str(sheet), "--json").stdout
    )["errors"]
    assert [each["row"] for each in faults] == [7, 8, 9]
    assert json.loads(run(settings, "list", "service", "--json").stdout) == []


def test_a_file_twice_is_noticed(settings: str, sheet: Path, stage: Stage) -> None:
    run(settings, "import", "service", str(sheet))
    again = run(settings, "import", "service", str(sheet))
    assert again.exit_code == 1
    assert "第 3 行：这一条已经记过了（第 1 条）" in again.stderr
    sheet.write_text(ROWS + "2025-11-20,轴承厂,王芳,1,,,\n" * 2, "utf-8")
    assert (
        "第 8 行：和第 7 行是同一条"
        in run(settings, "import", "service", str(sheet)).stderr
    )


def test_the_ledger_is_a_table_with_its_sums_apart(
    settings: str, sheet: Path, tmp_path: Path, stage: Stage
) -> None:
    run(settings, "import", "service", str(sheet))
    out = tmp_path / "台账.xlsx"
    assert run(settings, "export", "service", str(out)).exit_code == 0
    book = CalamineWorkbook.from_path(str(out))
    ledger = book.get_sheet_by_name("服务台账").to_python()
    assert ledger[0][:4] == ["编号", "日期", "服务对象", "内容"]
    assert len(ledger) == 4
    number, day = ledger[1][:2]
    assert isinstance(number, float)
    assert isinstance(day, date)
    sums = {row[0]: row[1:4] for row in book.get_sheet_by_name("合计").to_python()}
    assert sums["无偿"] == [2, 3, 10]
    assert sums["有偿"] == [1, 1, 3]


@pytest.mark.parametrize("month", ["2026年3月", "2026-03", "2026-03-17", "202603"])
def test_a_month_of_dues_is_its_first_day(
    settings: str, tmp_path: Path, stage: Stage, month: str
) -> None:
    path = tmp_path / "党费.csv"
    path.write_text(f"所属月份,姓名,金额\n{month},王芳,42\n", "utf-8")
    assert run(settings, "import", "dues", str(path)).exit_code == 0
    (row,) = json.loads(run(settings, "list", "dues", "--json").stdout)
    assert row["on"] == "2026-03-01"


def test_what_is_no_kind_is_said_so(settings: str, stage: Stage) -> None:
    told = run(settings, "list", "nothing")
    assert told.exit_code == 1
    assert "没有“nothing”这种记录" in told.stderr
    assert "service（服务）" in told.stderr
