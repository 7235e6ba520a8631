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
    print_ballot,
    print_count,
    print_graded,
    print_grading,
    print_motion,
    print_motion_count,
    print_voters,
    say_order_doubt,
    write_report,
)
from bot.branch.meetings.kinds import Matter
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


@pytest.mark.parametrize("votes", [Votes(4, 4, 2), Votes(0, 10, 0), Votes(10)])
def test_figures_that_just_can_be(votes: Votes) -> None:
    """All came, all took a ballot, gave it back, and marked it well: or none did."""
    for all_ in (11, 10):
        check_sheets(Sheets(11, all_, all_, all_, 10, {"王芳": votes}))
    check_sheets(Sheets(11, 0, 0, 0, 0))
    check_election(Election("支部", ("王芳",), 1))


def test_over_half_is_told_of_whom_and_of_nobody() -> None:
    for votes, said in ((5, "的：没有。"), (6, "的：王芳、李伟。")):
        both = {"王芳": Votes(votes), "李伟": Votes(votes)}
        sheets = replace(GOOD, votes=both)
        paper = docx.Document(BytesIO(write_report("支部", sheets, AT.date(), "")))
        assert any(said in each.text for each in paper.paragraphs)
    last = paper.paragraphs[-1]
    assert not last.paragraph_format.first_line_indent
    rows = [[cell.text for cell in row.cells] for row in paper.tables[0].rows]
    assert [row[0] for row in rows] == ["姓名", "王芳", "李伟"]


BLOCK = {"kind": "table", "height": 10}
NOTHING = ["", "", ""]
THREE = Election("支部", ("王芳", "李伟", "丁一"), 3)


@pytest.mark.parametrize(
    ("matter", "told"),
    [
        (Matter.ELECTION, "选举至少到会 4 人"),
        (Matter.ADMISSION, "讨论接收、转正至少到会 3 人"),
        (Matter.ORDINARY, "4 人，至少到会 2 人。"),
    ],
)
def test_who_has_a_vote_is_listed_by_strokes(matter: Matter, told: str) -> None:
    names = ["赵敏", "王芳", "李伟", "丁一"]
    _, table, _ = blocks = print_voters("支部", names, matter, AT.date())["blocks"]
    assert told in str(blocks)
    assert table == BLOCK | {
        "heads": ("序号", "姓名", "签名", "备注"),
        "widths": (1, 3, 3, 4),
        "rows": [
            ["1", "丁一", "", ""],
            ["2", "王芳", "", ""],
            ["3", "李伟", "", ""],
            ["4", "赵敏", "", ""],
        ],
    }


def test_a_ballot_has_a_line_for_each_and_one_free_for_each_seat() -> None:
    ballot = print_ballot(THREE)
    assert ballot["rows"] == [
        *(["丁一", *NOTHING], ["王芳", *NOTHING], ["李伟", *NOTHING]),
        *[["", *NOTHING]] * 3,
    ]
    assert [each[:3] for each in ballot["below"]] == ["1. ", "2. ", "3. ", "候选人"]
    assert ballot["twice"], "six lines still go twice on a page"
    more = replace(THREE, candidates=(*THREE.candidates, "赵敏"))
    assert not print_ballot(more)["twice"]
    assert print_motion("支部", "同意转正")["twice"]


def test_counts_have_room_for_who_was_chosen_besides() -> None:
    table = print_count(THREE)["blocks"][1]
    assert table == BLOCK | {
        "heads": ("姓名", "画“正”计赞成票", "赞成", "不赞成", "弃权"),
        "widths": (2, 5, 1.4, 1.4, 1.4),
        "rows": [[each, "", *NOTHING] for each in ("丁一", "王芳", "李伟", *[""] * 3)],
        "height": 14,
    }
    table = print_motion_count("支部", ["甲转正", "乙转正"], 9)["blocks"][1]
    assert table == BLOCK | {
        "heads": ("表决事项", "应到", "实到", "有效票", "同意", "不同意", "弃权"),
        "widths": (4, 1, 1, 1.2, 1, 1.2, 1),
        "rows": [[each, "9", "", "", *NOTHING] for each in ("甲转正", "乙转正")],
        "height": 16,
    }


def test_whoever_is_graded_has_a_line_on_the_ballot_and_where_they_are_counted() -> (
    None
):
    names, grades = ["赵敏", "丁一"], ("优秀", "合格", "基本合格", "不合格")
    rows = [[each, *[""] * 5] for each in ("丁一", "赵敏")]
    assert print_grading("支部", names, 2026)["blocks"][1] == BLOCK | {
        "heads": ("姓名", *grades, "存在问题"),
        "widths": (2, 1.2, 1.2, 1.4, 1.4, 4),
        "rows": rows,
        "height": 11,
    }
    assert print_graded("支部", names, 2026)["blocks"][1] == BLOCK | {
        "heads": ("姓名", *(f"{each}（画“正”）" for each in grades), "无效"),
        "widths": (2, 3, 3, 3, 3, 1.2),
        "rows": rows,
        "height": 12,
    }


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
