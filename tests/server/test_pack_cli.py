"""xiangyang pack: a year's papers in one zip by their index, and what lacks."""

import json
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from bot.branch.people.tree import find_branch
from bot.branch.records import book, evidence
from bot.branch.records.book import Teller
from bot.branch.records.tables import Record
from bot.config.settings import Config
from bot.outbox import attachments
from bot.storage.database import Storage
from server.cli import main
from tests.people import BRANCH
from tests.stage import Stage

PICTURE = b"\xff\xd8\xff123"


@pytest.fixture
def settings(tmp_path: Path, config: Config, storage: Storage) -> str:
    path = tmp_path / "config.toml"
    path.write_text(
        f'[database]\nurl = "{config.database.address}"\n[branch]\nname = "{BRANCH}"\n',
        "utf-8",
    )
    return str(path)


def tell_of_a_year(stage: Stage, storage: Storage) -> None:
    stage.move_to("2026-04-02 16:30")
    for said in ("今天去万盛机械调试设备半天", "昨天和李伟谈心了，记一下"):
        stage.say("王芳", said)
        stage.say("王芳", "确认")
    stage.say("王芳", "反映一下，教室的投影仪坏了")
    stage.say("王芳", "1")
    stage.say("王芳", "确认")
    stage.say("赵敏", "补录 3月10日下午两点 支部党员大会")
    stage.say("赵敏", "确认")
    now = stage.clock.now()
    with storage.write() as session:
        branch = find_branch(session, BRANCH)
        assert branch
        row = book.get(session, 1)
        kept = attachments.keep(session, "盖章.jpg", "image/jpeg", PICTURE, now)
        evidence.add_evidence(session, row, kept, "盖章", Teller(None, branch), now)


def test_a_year_in_one_zip(
    settings: str, tmp_path: Path, stage: Stage, storage: Storage
) -> None:
    tell_of_a_year(stage, storage)
    out = tmp_path / "迎检.zip"
    asked = ["pack", "--year", "2026", "--out", str(out), "--json"]
    told = CliRunner().invoke(main, [*asked, "--config", settings])
    assert told.exit_code == 0, told.stderr
    document = json.loads(told.stdout)
    numbers = [each["no"] for each in document["items"]]
    assert numbers == [f"{number:02}" for number in range(1, 21)]
    assert set(document["gaps"][0]) == {
        *("item", "rule", "due", "has", "missing", "who", "can_add"),
    }
    with ZipFile(out) as zipped:
        names = zipped.namelist()
        listed = [name for each in document["items"] for name in each["files"]]
        assert sorted(names) == sorted([*listed, "00 目录.docx", "00 缺项与自查.xlsx"])
        assert any(name.endswith("（补录）.docx") for name in names)
        assert "17 荣誉·媒体·佐证/佐证/服务-0001-1.jpg" in names
        concerns = zipped.read("18 困难与意见（去名）/困难与意见台账.xlsx")
        counts = zipped.read("11 谈心谈话（只有数）/谈心谈话统计.xlsx")
    assert "王芳" not in _text(concerns), "nobody is named"
    assert "投影仪" in _text(concerns)
    assert "李伟" not in _text(counts), "who talked with whom stays with them"


def test_a_year_without_anything_is_all_gaps(
    settings: str, tmp_path: Path, stage: Stage
) -> None:
    out = tmp_path / "迎检.zip"
    asked = ["pack", "--year", "2025", "--out", str(out), "--config", settings]
    told = CliRunner().invoke(main, asked)
    assert told.exit_code == 0
    assert "缺 支部委员会会议：1 至 12 月没有" in told.stdout
    assert out.exists()
    assert [path.name for path in tmp_path.glob("*.zip")] == ["迎检.zip"]


def test_it_leaves_nothing_behind_where_it_cannot_write(
    settings: str, tmp_path: Path, stage: Stage, storage: Storage
) -> None:
    out = tmp_path / "没有" / "迎检.zip"
    asked = ["pack", "--year", "2026", "--out", str(out), "--config", settings]
    told = CliRunner().invoke(main, asked)
    assert told.exit_code == 1
    assert "这个文件夹" in told.stderr
    with storage.read() as session:
        assert session.scalars(select(Record)).all() == []


def _text(content: bytes) -> str:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return str([book.get_sheet_by_name(each).to_python() for each in book.sheet_names])
