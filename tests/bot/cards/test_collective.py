"""The collective card: from one name to sixty."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from PIL import Image

from bot.cards.collective import (
    CollectiveCard,
    draw_collective_card,
    lay_out_collective,
)
from bot.cards.roll import Celebrant, count_columns, write_years
from bot.cards.sheet import SIZES, Layout, SizeName
from bot.cards.styles import STYLES
from bot.errors import Refusal

Check = Callable[[Layout], None]
LONG_NAME = "阿卜杜热合曼·麦麦提敏·吐尔逊江"
NAMES = ["王芳", "李建国", "欧阳翀犇", LONG_NAME, "龑㛃"]  # invented people


def texts(layout: Layout) -> list[str]:
    return [line.text for line in layout.lines]


def make_card(people: int) -> CollectiveCard:
    roll = tuple(
        Celebrant(NAMES[i % 5], date(1976 + i % 50, 7, 1 + i % 28), 50 - i % 50)
        for i in range(people)
    )
    return CollectiveCard(roll, "七月", "智能制造教工党支部", date(2026, 7, 1))


def lay_out(card: CollectiveCard, style: str = "red") -> Layout:
    return lay_out_collective(card, STYLES[style], SIZES["phone"])


@pytest.mark.parametrize("style", list(STYLES))
@pytest.mark.parametrize("size", ["phone", "a5"])
@pytest.mark.parametrize("people", [1, 2, 8, 9, 24, 40, 41, 60])
def test_the_roll_stays_inside_the_margins_and_apart(
    assert_tidy: Check, people: int, style: str, size: SizeName
) -> None:
    layout = lay_out_collective(make_card(people), STYLES[style], SIZES[size])
    assert_tidy(layout)
    said = "".join(texts(layout))
    assert all(name in said for name in NAMES[:people])


def test_what_the_card_says() -> None:
    said = texts(lay_out(make_card(3)))
    assert {"集体政治生日", "2026", "七月", "3位"} <= set(said)
    assert {"王芳", "1976年7月1日", "50 周年", "李建国", "49 周年"} <= set(said)
    assert said[-2:] == ["智能制造教工党支部", "2026年7月1日"]


def test_dates_are_short_where_columns_are_narrow() -> None:
    assert "1976.07.01" in texts(lay_out(make_card(9)))


def test_names_run_down_the_columns_in_the_order_given() -> None:
    joined = date(2000, 7, 1)
    people = tuple(Celebrant(f"王{c}", joined, 26) for c in "甲乙丙丁戊己庚辛壬")
    lines = lay_out(replace(make_card(1), people=people)).lines
    names = [line for line in lines if line.ink == "name"]
    assert [line.text[1] for line in names] == list("甲乙丙丁戊己庚辛壬")
    assert names[4].x == names[0].x
    assert names[5].x > names[0].x
    assert names[5].baseline == names[0].baseline


@pytest.mark.parametrize(
    ("people", "columns"), [(1, 1), (8, 1), (9, 2), (40, 2), (41, 3)]
)
def test_columns(people: int, columns: int) -> None:
    assert count_columns(people) == columns


def test_who_joined_this_year_has_no_anniversary_yet() -> None:
    assert write_years(0) == "新入党"
    assert write_years(1) == "1 周年"


def test_a_long_name_in_a_narrow_column_breaks_after_its_dot() -> None:
    said = texts(lay_out(make_card(60)))
    assert "阿卜杜热合曼·" in said
    assert "麦麦提敏·吐尔逊江" in said


def test_a_long_name_without_a_dot_breaks_in_the_middle() -> None:
    people = (Celebrant("阿卜杜热合曼麦麦提敏吐尔逊江", date(2000, 7, 1), 26),) * 60
    said = texts(lay_out(replace(make_card(1), people=people)))
    assert "阿卜杜热合曼麦" in said
    assert "麦提敏吐尔逊江" in said


def test_a_card_without_wishes_gives_the_room_to_the_names(assert_tidy: Check) -> None:
    layout = lay_out(replace(make_card(60), wishes=""))
    assert_tidy(layout)
    assert not [line for line in layout.lines if line.ink == "body"]


@pytest.mark.parametrize(
    ("card", "words"),
    [
        (make_card(0), "现在是0人"),
        (make_card(61), "现在是61人"),
        (replace(make_card(60), wishes="初心" * 200), "请缩短寄语"),
        (replace(make_card(3), period="二〇二六年第三季度集体政治生日会"), "太长"),
        (replace(make_card(3), period="𠮷月"), "𠮷"),
        (
            replace(
                make_card(1), people=(Celebrant("王" * 60, date(2000, 7, 1), 26),) * 60
            ),
            "太长，集体贺卡上放不下",
        ),
    ],
)
def test_what_cannot_be_set_is_refused_in_words(
    card: CollectiveCard, words: str
) -> None:
    with pytest.raises(Refusal, match=words):
        draw_collective_card(card)


def test_the_picture_is_a_png_and_the_same_each_time() -> None:
    drawn = draw_collective_card(make_card(60), "dawn")
    assert Image.open(BytesIO(drawn)).size == (1080, 1440)
    assert len(drawn) < 600_000
    assert draw_collective_card(make_card(60), "dawn") == drawn
