"""xiangyang meetings: the contract's JSON, the minutes as a file, the year's meter."""

import json
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner, Result

from bot.branch.meetings.year_plan import HEADS
from bot.config.settings import Config
from bot.files.xlsx import Sheet, write_book
from bot.storage.database import Storage
from server.cli import main
from tests.people import BRANCH
from tests.stage import Stage

KEYS = {
    *("id", "kind", "title", "at", "place", "state", "host", "recorder", "expected"),
    *("present", "voters", "voters_present", "observers", "people", "agenda"),
    *("resolutions", "late_entry"),
}


@pytest.fixture
def settings(tmp_path: Path, config: Config, storage: Storage) -> str:
    path = tmp_path / "config.toml"
    path.write_text(
        f'[database]\nurl = "{config.database.address}"\n[branch]\nname = "{BRANCH}"\n',
        "utf-8",
    )
    return str(path)


def run(settings: str, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["meetings", *arguments, "--config", settings])


def test_a_meeting_is_told_by_the_contract(
    settings: str, stage: Stage, tmp_path: Path
) -> None:
    stage.move_to("2026-03-02 10:00")
    stage.say("赵敏", "周三下午两点在301开支部大会，讨论何雪转正")
    stage.say("赵敏", "确认")
    stage.move_to("2026-03-04 14:01")
    for name in ("王芳", "陈静", "赵敏"):
        assert "签到好了" in stage.say(name, "签到")
    stage.say("赵敏", "决议：同意何雪转正，赞成3反对0弃权0")
    [told] = json.loads(run(settings, "list", "--json").stdout)
    assert told.keys() >= KEYS
    assert (told["kind"], told["place"], told["host"]) == ("general", "301", "zhaomin")
    assert told["at"] == "2026-03-04T14:00:00+08:00"
    assert (told["expected"], told["present"]) == (6, 3)
    assert (told["voters"], told["voters_present"]) == (5, 3)
    assert told["agenda"] == ["讨论何雪转正"]
    assert told["resolutions"] == [
        {
            "text": "同意何雪转正",
            "for": 3,
            "against": 0,
            "abstain": 0,
            "written_for": 0,
            "passed": True,
        }
    ]
    assert told["late_entry"] is False
    states = {each["userid"]: each["state"] for each in told["people"]}
    assert states["wangfang"] == "present"
    assert len(states) == 6
    file = tmp_path / "记录.docx"
    shown = run(settings, "show", "1", "--json", "--docx", str(file))
    assert json.loads(shown.stdout)["id"] == 1
    assert docx.Document(str(file)).tables
    missing = run(settings, "show", "9")
    assert missing.exit_code == 1
    assert "没有找到" in missing.stderr


def test_the_meter_of_a_year(settings: str, stage: Stage) -> None:
    told = json.loads(run(settings, "frequency", "--year", "2025", "--json").stdout)
    by_kind = {each["kind"]: each for each in told}
    assert by_kind["general"]["due"] == 4
    assert by_kind["general"]["missing"] == [3, 6, 9, 12]
    assert by_kind["committee"]["missing"] == list(range(1, 13))
    assert by_kind["lecture"]["missing"] == []
    assert all(each.keys() >= {"rule", "held", "applies"} for each in told)
    said = run(settings, "frequency", "--year", "2025").stdout
    assert "支部党员大会  应 4 次，已开 0 次" in said


def test_a_plan_comes_in_from_the_sheet_that_it_goes_out_as(
    settings: str, storage: Storage, tmp_path: Path
) -> None:
    rows = [
        ("5月", "党课", "廉洁教育", "2027-05-13", "报告厅", "全体党员", "王芳", "", ""),
        ("6", "支部大会", "", "", "", "", "", "陈静", ""),
        ("7月", "参观", "红色基地", "", "", "", "", "", "—"),
    ]
    file = tmp_path / "plan.xlsx"
    file.write_bytes(write_book([Sheet("计划", HEADS, rows)]))
    arguments = ("plan", "--year", "2027", "--import", str(file), "--json")
    assert json.loads(run(settings, *arguments, "--dry-run").stdout)["added"] == 3
    told = json.loads(run(settings, *arguments).stdout)
    assert [each["kind"] for each in told["items"]] == ["lecture", "general", "other"]
    assert told["items"][0]["day"] == "2027-05-13"
    assert json.loads(run(settings, *arguments).stdout)["added"] == 0, "twice is once"


def test_a_faulty_plan_is_refused_as_a_whole(settings: str, tmp_path: Path) -> None:
    rows = [
        ("13月", "党课", *[""] * 7),
        ("5月", "党课", "廉洁", "2027-06-01", *[""] * 5),
        ("5月", "聚会", *[""] * 7),
        ("5月", "党课", *[""] * 7),
    ]
    file = tmp_path / "plan.xlsx"
    file.write_bytes(write_book([Sheet("计划", HEADS, rows)]))
    done = run(settings, "plan", "--year", "2027", "--import", str(file))
    assert done.exit_code == 1
    for row, words in ((2, "1 到 12"), (3, "不在 2027 年 5月"), (4, "聚会")):
        assert f"第 {row} 行" in done.stderr
        assert words in done.stderr
    assert "0 项" in run(settings, "plan", "--year", "2027").stdout
