"""The collective card: from one name to sixty."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from PIL import Image

from bot.cards.collective import (
    Celebrant,
    CollectiveCard,
    draw_collective_card,
    gather_values,
    halve,
    write_years,
)
from bot.cards.sheet import STYLES, Sheet, StyleName
from bot.errors import Refusal
from tests.bot.cards.conftest import assert_tidy, read_chars, read_text

LONG_NAME = "阿卜杜热合曼·麦麦提敏·吐尔逊江"
NAMES = ["王芳", "李建国", "欧阳翀犇", LONG_NAME, "龑㛃"]  # invented people
WHITE = Sheet("red", "white")


def make_card(people: int) -> CollectiveCard:
    roll = tuple(
        Celebrant(NAMES[i % 5], date(1976 + i % 50, 7, 1 + i % 28), 50 - i % 50)
        for i in range(people)
    )
    return CollectiveCard(roll, "七月", "智能制造教工党支部", date(2026, 7, 1))


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("people", [1, 8, 9, 24, 40, 60])
def test_the_roll_stays_inside_the_margins_and_apart(
    people: int, style: StyleName
) -> None:
    drawn = draw_collective_card(make_card(people), Sheet(style, "white"))
    assert_tidy(drawn, edge=14)
    said = read_text(drawn)
    assert all(name in said for name in {*NAMES[:people]} - {LONG_NAME})


def test_what_the_card_says() -> None:
    said = read_text(draw_collective_card(make_card(3), WHITE))
    for words in ("集体政治生日", "2026", "七月", "3位", "1976年7月1日", "50周年"):
        assert words in said
    assert said.endswith("智能制造教工党支部2026年7月1日")


def test_dates_are_short_where_columns_are_narrow() -> None:
    assert gather_values(make_card(8))["people"][0]["day"] == "1976年7月1日"
    assert gather_values(make_card(9))["people"][0]["day"] == "1976.07.01"


def test_names_run_down_the_columns_in_the_order_given() -> None:
    people = tuple(
        Celebrant(f"王{c}", date(2000, 7, 1), 26) for c in "甲乙丙丁戊己庚辛壬"
    )
    drawn = draw_collective_card(replace(make_card(1), people=people), WHITE)
    places = {c.char: c for c in read_chars(drawn) if c.char in "甲戊己"}
    assert places["甲"].left == pytest.approx(places["戊"].left, abs=2)
    assert places["己"].left > places["甲"].left + 50
    assert places["己"].top == pytest.approx(places["甲"].top, abs=2)


def test_who_joined_this_year_has_no_anniversary_yet() -> None:
    assert write_years(0) == "新入党"
    assert write_years(1) == "1 周年"


def test_a_long_name_breaks_after_its_dot_or_in_the_middle() -> None:
    assert halve(LONG_NAME) == ("阿卜杜热合曼·", "麦麦提敏·吐尔逊江")
    assert halve("阿卜杜热合曼麦麦提敏吐尔逊江") == ("阿卜杜热合曼麦", "麦提敏吐尔逊江")


def test_a_card_without_wishes_gives_the_room_to_the_names() -> None:
    card = replace(make_card(60), wishes="")
    assert_tidy(draw_collective_card(card, WHITE), edge=14)


@pytest.mark.parametrize(
    ("card", "words"),
    [
        (make_card(0), "现在是0人"),
        (make_card(61), "现在是61人"),
        (replace(make_card(60), wishes="初心" * 200), "请缩短寄语"),
        (replace(make_card(3), period="二〇二六年第三季度集体政治生日会"), "太长"),
        (
            replace(
                make_card(1), people=(Celebrant("王" * 60, date(2000, 7, 1), 26),) * 60
            ),
            "太长（60字），贺卡上放不下",
        ),
    ],
)
def test_what_cannot_be_set_is_refused_in_words(
    card: CollectiveCard, words: str
) -> None:
    with pytest.raises(Refusal, match=words):
        draw_collective_card(card)


def test_the_picture_is_a_png_and_the_same_each_time() -> None:
    drawn = draw_collective_card(make_card(60), Sheet("dawn"))
    assert Image.open(BytesIO(drawn)).size == (1080, 1440)
    assert len(drawn) < 600_000
    assert draw_collective_card(make_card(60), Sheet("dawn")) == drawn
