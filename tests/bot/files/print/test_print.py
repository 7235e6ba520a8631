"""What is printed: A4, every name drawn, the same bytes for the same values."""

import os
import re
from itertools import pairwise

import pypdfium2
import pytest

from bot.branch.ballots import formal
from bot.branch.ballots.formal import Election
from bot.branch.meetings.kinds import Matter
from bot.errors import Refusal
from bot.files.print import Template, Values, must_have, print_pdf
from bot.files.qr import draw_code
from tests.bot.branch.meetings.test_doors import AT
from tests.bot.cards.conftest import read_chars
from tests.conftest import ZONE

A4 = (595, 842)
DAY = AT.astimezone(ZONE).date()
ELECTION = Election("智能制造教工党支部", ("赵敏", "王芳", "陈静𬭎"), 2)
MANY = [f"党员{number}" for number in range(200)]
POSTER = {
    "title": "支部党员大会",
    "lines": ["2026年3月4日（周三）14:00"],
    "code": draw_code("https://branch.example.org/m/sign-in/1-a"),
    "how": "扫一扫",
}


def pages(content: bytes) -> list[str]:
    paper = pypdfium2.PdfDocument(content)
    assert {tuple(round(x) for x in page.get_size()) for page in paper} == {A4}
    return [page.get_textpage().get_text_range() for page in paper]


def printed(template: Template, values: Values) -> str:
    return re.sub(r"\s", "", "".join(pages(must_have(print_pdf(template, values)))))


@pytest.mark.parametrize(
    ("template", "values", "told"),
    [
        ("ballot", formal.print_ballot(ELECTION), ["应选2名", "王芳", "陈静𬭎"]),
        ("ballot", formal.print_motion("支部", "同意何雪转正"), ["同意何雪转正"]),
        ("sheet", formal.print_count(ELECTION), ["监票人", "画“正”计赞成票"]),
        ("sheet", formal.print_motion_count("支部", ["转正"], 5), ["不同意"]),
        ("poster", POSTER, ["支部党员大会", "扫一扫"]),
    ],
)
def test_papers(template: Template, values: Values, told: list[str]) -> None:
    text = printed(template, values)
    assert [each for each in told if each not in text] == []


def test_a_ballot_has_no_number_and_stands_in_the_order_of_strokes() -> None:
    text = printed("ballot", formal.print_ballot(ELECTION))
    at = [text.index(each) for each in ("王芳", "陈静", "赵敏")]
    assert at == sorted(at)
    first, second = text.split("选票")[1:]
    assert first == second


def test_a_long_list_has_its_head_on_every_page() -> None:
    values = formal.print_voters("支部", MANY, Matter.ELECTION, DAY)
    shown = pages(must_have(print_pdf("sheet", values)))
    assert len(shown) > 4
    assert all("姓名" in each for each in shown[:-1])
    assert "至少到会160人" in re.sub(r"\s", "", shown[0])


def test_the_same_values_give_the_same_bytes() -> None:
    values = formal.print_ballot(ELECTION)
    assert print_pdf("ballot", values) == print_pdf("ballot", values)


def test_what_cannot_be_printed_is_said_so() -> None:
    assert print_pdf("sheet", {"title": "x"}) is None
    with pytest.raises(Refusal):
        must_have(None)


def test_words_are_words_and_no_markup() -> None:
    odd = '#panic("x") *a* $b$ <c> @d \\ " {e}'
    assert "#panic" in printed("ballot", formal.print_motion("支部", odd))


def test_nothing_of_typst_is_in_the_process_that_serves() -> None:
    with open(f"/proc/{os.getpid()}/maps") as maps:  # noqa: PTH123
        assert "_typst" not in maps.read()


@pytest.mark.parametrize("template", ["sheet", "poster"])
def test_a_character_that_no_face_has_is_framed_with_its_sound(
    template: Template,
) -> None:
    values = {**POSTER, "title": "陈静\U0002c386", "blocks": []}
    assert "陈静yíng" in printed(template, values)


def test_a_name_of_two_lines_makes_its_row_higher() -> None:
    names = ["李伟", "阿卜杜热合曼·麦麦提敏·吐尔逊江", "王芳"]
    table = {
        "kind": "table",
        "heads": ["序号", "姓名", "签名"],
        "widths": [1, 2, 4],
        "height": 9,
        "rows": [[str(number), name, ""] for number, name in enumerate(names)],
    }
    values = {"title": "签到表", "blocks": [table]}
    chars = {c.char: c for c in read_chars(must_have(print_pdf("sheet", values)))}
    between = [chars[char] for char in "伟阿江芳"]
    gaps = [b.top - a.bottom for a, b in pairwise(between)]
    assert gaps[0] >= 7
    assert gaps[1] >= 2
    assert gaps[2] >= 7
