"""xiangyang study: a plan imported whole or not at all, a file that members can get."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.config.settings import Config
from bot.storage.database import Storage
from server.cli import main
from tests.people import BRANCH, OTHER_BRANCH
from tests.stage import Stage

PLAN = "日期,学习内容\n2026-03-03,党章\n2026-03-04,条例\n"


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
    path = tmp_path / "计划.csv"
    path.write_text(PLAN, "utf-8")
    return path


def run(settings: str, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["study", *arguments, "--config", settings])


def test_import_and_import_again(settings: str, sheet: Path, stage: Stage) -> None:
    tried = run(settings, "import", str(sheet), "--dry-run")
    assert "试导入，没有改动：新增 2 天" in tried.stdout
    assert json.loads(run(settings, "import", str(sheet), "--json").stdout) == {
        "dry_run": False,
        "added": ["2026-03-03", "2026-03-04"],
        "changed": [],
        "removed": [],
        "unchanged": [],
    }
    sheet.write_text(PLAN.replace("条例", "准则"), "utf-8")
    assert "改动 1 天，没有变化 1 天" in run(settings, "import", str(sheet)).stdout
    assert "准则" in stage.say("王芳", "这周学什么")
    assert "准则" not in stage.say("孙丽", "这周学什么")


def test_one_wrong_row_and_nothing_is_imported(
    settings: str, sheet: Path, stage: Stage
) -> None:
    sheet.write_text(PLAN + "2月30日,准则\n,准则\n", "utf-8")
    told = run(settings, "import", str(sheet))
    assert told.exit_code == 1
    assert "第 4 行" in told.stderr
    assert "第 5 行" in told.stderr
    told = run(settings, "import", str(sheet), "--json")
    assert [each["row"] for each in json.loads(told.stdout)["errors"]] == [4, 5]
    assert "还没有学习安排" in stage.say("王芳", "这周学什么")


def test_into_another_branch(settings: str, sheet: Path, stage: Stage) -> None:
    assert run(settings, "import", str(sheet), "--branch", "没有").exit_code == 1
    assert run(settings, "import", str(sheet), "--branch", OTHER_BRANCH).exit_code == 0
    assert "条例" in stage.say("孙丽", "这周学什么")


def test_a_file_for_the_materials(settings: str, tmp_path: Path, stage: Stage) -> None:
    file = tmp_path / "党课.pdf"
    file.write_bytes(b"%PDF-1.4 sample")
    told = run(settings, "material", str(file), "--title", "党课讲义", "--json")
    assert json.loads(told.stdout) == {"id": 1, "title": "党课讲义"}
    assert run(settings, "material", str(file)).exit_code == 0
    assert "2. 党课" in stage.say("王芳", "学习资料")
    assert "正在发到您的手机上" in stage.say("王芳", "资料 1")
    assert stage.arrived() == [" 王芳< 〔文件〕"]
    assert "没有" in stage.say("孙丽", "资料 1")


def test_a_picture_for_the_materials(
    settings: str, tmp_path: Path, stage: Stage
) -> None:
    file = tmp_path / "海报.png"
    file.write_bytes(b"\x89PNG\r\n\x1a\n sample")
    assert run(settings, "material", str(file)).exit_code == 0
    stage.say("王芳", "资料 1")
    assert stage.arrived() == [" 王芳< 〔图片〕"]


def test_an_empty_file_is_refused(settings: str, tmp_path: Path) -> None:
    file = tmp_path / "空.pdf"
    file.write_bytes(b"")
    told = run(settings, "material", str(file))
    assert told.exit_code == 1
    assert "空的或太大" in told.stderr
