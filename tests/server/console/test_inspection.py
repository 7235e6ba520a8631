"""What a year lacks is told by the console as by the chat; its papers are one zip."""

from io import BytesIO
from zipfile import ZipFile

from tests.server.console.visitor import Visitor
from tests.stage import Stage

PAGE = "/console/inspection/"


def test_what_lacks_is_the_same_as_in_chat(secretary: Visitor, stage: Stage) -> None:
    page = secretary.get(PAGE, year="2026").text
    told = stage.say("赵敏", "今年迎检还缺什么")
    count = page.partition("2026 年还缺 ")[2].partition(" 项")[0]
    assert f"2026 年迎检还缺 {count} 项" in told
    assert "查看迎检缺项" in secretary.get("/console/audit/").text
    assert "还缺" not in secretary.get(PAGE, year="3000").text.partition("<section>")[2]


def test_the_papers_are_one_zip(secretary: Visitor) -> None:
    answer = secretary.get(f"{PAGE}pack.zip", year="2026")
    assert answer.mimetype == "application/zip"
    names = ZipFile(BytesIO(answer.data)).namelist()
    assert "00 缺项与自查.xlsx" in names
