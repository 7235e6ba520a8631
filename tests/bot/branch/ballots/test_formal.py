"""What ballots came to: impossible figures are refused; nobody is called elected."""

from dataclasses import replace
from io import BytesIO

import docx
import pytest

from bot.branch.ballots.formal import (
    Election,
    Sheets,
    check_election,
    check_sheets,
    say_order_doubt,
    write_report,
)
from bot.branch.meetings.quorum import Votes
from bot.errors import Refusal
from bot.text.strokes import sort_names
from tests.bot.branch.meetings.test_doors import AT

GOOD = Sheets(12, 11, 11, 11, 10, {"王芳": Votes(6, 3, 1), "李伟": Votes(5, 4, 1)})


@pytest.mark.parametrize(
    "changed",
    [
        {"here": 13},
        {"given": 12},
        {"back": 12},
        {"good": 12},
        {"votes": {"王芳": Votes(11)}},
        {"votes": {"王芳": Votes(6, 4, 1)}},
    ],
)
def test_figures_that_cannot_be(changed: dict[str, object]) -> None:
    check_sheets(GOOD)
    with pytest.raises(Refusal):
        check_sheets(replace(GOOD, **changed))  # type: ignore[arg-type]


@pytest.mark.parametrize("seats", [0, 3])
def test_seats_that_cannot_be(seats: int) -> None:
    check_election(Election("支部", ("王芳", "李伟"), 2))
    with pytest.raises(Refusal):
        check_election(Election("支部", ("王芳", "李伟"), seats))


def test_the_report_has_what_was_told_and_no_word_of_who_is_elected() -> None:
    """Of eleven who were there more than half are six; of ten valid ones it is six."""
    paper = docx.Document(BytesIO(write_report("支部", GOOD, AT.date(), "存疑。")))
    text = "\n".join(each.text for each in paper.paragraphs)
    for told in ("应到会有选举权的党员 12 人", "有效 10 张，无效 1 张", "存疑。"):
        assert told in text
    assert "赞成票达到 6 票（超过实到会有选举权人数的半数）的：王芳。" in text
    assert "当选" not in text
    rows = [[cell.text for cell in row.cells] for row in paper.tables[0].rows]
    assert rows[1:] == [["王芳", "6", "3", "1"], ["李伟", "5", "4", "1"]]


def test_names_by_strokes() -> None:
    names = ["赵敏", "陈静", "刘洋", "王芳", "李伟", "何雪", "丁一", "王丽", "欧阳芳"]
    told = ["丁一", "王芳", "王丽", "刘洋", "李伟", "何雪", "陈静", "欧阳芳", "赵敏"]
    assert sort_names(names) == told


@pytest.mark.parametrize(
    ("name", "doubted"), [("𬭎王", True), ("古丽娜尔·艾山", False), ("王芳", False)]
)
def test_strokes_that_nobody_knows_are_told(name: str, doubted: bool) -> None:  # noqa: FBT001
    assert bool(say_order_doubt([name])) == doubted
    assert sort_names(["赵敏", name])[-1] == (name if doubted else "赵敏")
