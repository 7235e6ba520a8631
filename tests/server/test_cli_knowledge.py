"""xiangyang knowledge: what was imported is quoted to who asks."""

import json
from pathlib import Path

from tests.bot.files.documents.files import make_docx, make_pdf
from tests.server.test_cli import run
from tests.server.test_cli import settings as settings


def test_a_document_is_imported_quoted_listed_and_removed(
    settings: str, tmp_path: Path
) -> None:
    path = tmp_path / "支部工作细则.docx"
    path.write_bytes(make_docx())
    done = json.loads(run(settings, "knowledge", "import", str(path), "--json").stdout)
    assert done == {
        "id": 1,
        "title": "支部工作细则",
        "branch": "智能制造教工党支部",
        "passages": 1,
        "unchanged": False,
    }
    assert "没有改动" in run(settings, "knowledge", "import", str(path)).stdout
    asked = ("ask", "--as", "wangfang", "差旅报销找谁", "--json")
    heard = json.loads(run(settings, *asked).stdout)
    assert heard["intent"] == "ask"
    assert "每周三下午找李老师" in heard["reply"]
    assert "出处：《支部工作细则》“经费使用”" in heard["reply"]
    assert heard["changed"] is False
    assert "支部工作细则" in run(settings, "knowledge", "list").stdout
    (row,) = json.loads(run(settings, "knowledge", "list", "--json").stdout)
    assert row["file"]
    assert "已删掉" in run(settings, "knowledge", "remove", "1").stdout
    assert run(settings, "knowledge", "remove", "1").exit_code == 1
    assert json.loads(run(settings, "knowledge", "list", "--json").stdout) == []


def test_what_cannot_be_imported_is_one_sentence_and_nothing_else(
    settings: str, tmp_path: Path
) -> None:
    scan = tmp_path / "扫描.pdf"
    scan.write_bytes(make_pdf(""))
    told = run(settings, "knowledge", "import", str(scan))
    assert told.exit_code == 1
    assert told.stderr.count("\n") == 1
    assert "扫描" in told.stderr
    text = tmp_path / "大.txt"
    text.write_bytes(b"a" * (20 * 1024 * 1024 + 1))
    assert "太大" in run(settings, "knowledge", "import", str(text)).stderr
    text.write_text("打印机在二楼。", "utf-8")
    other = ("--branch", "机关党支部")
    assert (
        "已导入机关党支部"
        in run(settings, "knowledge", "import", str(text), *other).stdout
    )
    wrong = run(settings, "knowledge", "import", str(text), "--branch", "没有")
    assert wrong.exit_code == 1
    assert json.loads(run(settings, "knowledge", "list", "--json").stdout) == []
