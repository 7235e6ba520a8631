"""The political-birthday card: where its text stands, and the picture itself."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from bot.cards.backdrop import open_backdrop
from bot.cards.birthday import (
    DEFAULT_WISHES,
    BirthdayCard,
    draw_birthday_card,
    lay_out_birthday,
)
from bot.cards.sheet import SIZES, Layout, Size, SizeName
from bot.cards.styles import STYLES, Style, StyleName
from bot.errors import Refusal

WANG = BirthdayCard(  # an invented person
    name="王芳",
    joined=date(2011, 7, 1),
    years=15,
    party_age=14,
    branch="智能制造教工党支部",
    motto="让支部在一线行动、行动在一线",
    signature="支部书记 赵敏",
)
LONG_WISHES = "愿您初心如磐，步履不停；在一线行动，在行动中出彩。" * 8  # 200 characters
LONG_NAME = "阿卜杜热合曼·麦麦提敏·吐尔逊江"
CARDS = {
    "usual": WANG,
    "long": replace(
        WANG,
        name=LONG_NAME,
        wishes=LONG_WISHES,
        branch="中共苏州市示例职业技术学院精密制造工程系智能制造教工党支部",
    ),
    "rare": replace(WANG, name="龑㛃䶮", joined=date(2026, 11, 3), years=0),
    "sparse": replace(WANG, wishes="", motto="", signature="", party_age=None),
    "century": replace(WANG, joined=date(1926, 7, 1), years=100, party_age=99),
}
every_look = pytest.mark.parametrize("style", ["red", "paper", "dawn"])
every_size = pytest.mark.parametrize("size", ["phone", "a5"])
every_card = pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
Check = Callable[[Layout], None]


def texts(layout: Layout) -> list[str]:
    return [line.text for line in layout.lines]


def lay_out(card: BirthdayCard, style: str = "red", size: SizeName = "phone") -> Layout:
    return lay_out_birthday(card, STYLES[style], SIZES[size])


@every_look
@every_size
@every_card
def test_text_stays_inside_the_margins_and_apart(
    assert_tidy: Check, card: BirthdayCard, style: str, size: SizeName
) -> None:
    assert_tidy(lay_out(card, style, size))


@settings(deadline=None, max_examples=40)
@given(
    st.sampled_from(list(STYLES.values())),
    st.sampled_from(list(SIZES.values())),
    st.builds(
        BirthdayCard,
        name=st.text("欧阳翀犇·麦提", min_size=1, max_size=18),
        joined=st.dates(date(1950, 1, 1), date(2026, 12, 31)),
        years=st.integers(0, 80),
        party_age=st.none() | st.integers(0, 80),
        branch=st.just("智能制造教工党支部"),
        wishes=st.text("初心如磐，步履不停。《》 2026", max_size=200),
        motto=st.sampled_from(["", "让支部在一线行动、行动在一线"]),
    ),
)
def test_any_name_and_wishes_up_to_200_characters_fit(
    assert_tidy: Check, style: Style, size: Size, card: BirthdayCard
) -> None:
    assert_tidy(lay_out_birthday(card, style, size))


def test_what_the_card_says() -> None:
    said = texts(lay_out(WANG))
    assert {"政治生日", "王芳", "同志", "入党", "15", "周年"} <= set(said)
    assert {"入党日期", "2011年7月1日", "党龄", "14 年"} <= set(said)
    assert said[-3:] == ["智能制造教工党支部", "支部书记 赵敏", "2026年7月1日"]
    assert DEFAULT_WISHES in "".join(said)
    assert "让支部在一线行动、行动在一线" in said


def test_a_probationary_member_has_no_party_age_on_her_card() -> None:
    assert "党龄" not in texts(lay_out(replace(WANG, party_age=None)))


def test_the_first_year_after_the_probation_is_named_in_words() -> None:
    assert "不满 1 年" in texts(lay_out(replace(WANG, party_age=0)))


def test_the_joining_day_itself_has_its_own_words() -> None:
    said = texts(lay_out(CARDS["rare"]))
    assert {"光荣", "入党", "第一天"} <= set(said)
    assert "0" not in said
    assert said[-1] == "2026年11月3日"


def test_the_day_at_the_foot_may_be_given() -> None:
    late = replace(WANG, on=date(2026, 7, 4))
    assert texts(lay_out(late))[-1] == "2026年7月4日"


def test_the_day_at_the_foot_of_a_leap_day_member() -> None:
    card = replace(WANG, joined=date(2004, 2, 29), years=22)
    assert texts(lay_out(card))[-1] == "2026年2月28日"


def test_a_long_name_shrinks_and_a_short_one_is_opened_up() -> None:
    short, long = lay_out(WANG), lay_out(CARDS["long"])
    [large] = [line.hand for line in short.lines if line.text == "王芳"]
    [small] = [line.hand for line in long.lines if line.text == LONG_NAME]
    assert small.size < large.size
    assert small.tracking < large.tracking


def test_long_wishes_are_set_smaller_and_no_character_is_lost() -> None:
    layout = lay_out(CARDS["long"])
    prose = [line for line in layout.lines if line.ink == "body"]
    usual = [line for line in lay_out(WANG).lines if line.ink == "body"]
    assert "".join(line.text for line in prose) == LONG_WISHES
    assert prose[0].hand.size < usual[0].hand.size


def test_justified_lines_end_at_one_edge() -> None:
    prose = [line for line in lay_out(CARDS["long"]).lines if line.ink == "body"]
    edges = {round(line.box.right) for line in prose[:-1]}
    assert max(edges) - min(edges) <= 1


def test_paragraphs_of_the_wishes_are_kept() -> None:
    card = replace(WANG, wishes="初心如磐。\r\n向阳而行。")
    prose = [line.text for line in lay_out(card).lines if line.ink == "body"]
    assert prose == ["初心如磐。", "向阳而行。"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": "𠮷祥"}, "没有这些字：𠮷"),
        ({"wishes": "生日快乐🎂"}, "🎂"),
        ({"name": "王" * 60}, "姓名太长"),
        ({"wishes": "初心" * 400}, "组织寄语太长（800字）"),
        ({"branch": "支部" * 60}, "落款太长"),
        ({"motto": "行动" * 60}, "口号太长"),
    ],
)
def test_what_cannot_be_set_legibly_is_refused_in_words(
    change: dict[str, str], words: str
) -> None:
    card = BirthdayCard(
        **{  # type: ignore[arg-type]
            "name": WANG.name,
            "joined": WANG.joined,
            "years": 15,
            "party_age": 14,
            "branch": WANG.branch,
            **change,
        }
    )
    with pytest.raises(Refusal, match=words):
        draw_birthday_card(card)


def test_an_unknown_style_is_refused_with_those_there_are() -> None:
    with pytest.raises(Refusal, match="red、paper、dawn"):
        draw_birthday_card(WANG, "blue")


def test_a_stray_line_break_in_a_name_does_no_harm() -> None:
    assert draw_birthday_card(replace(WANG, name="王\n芳\u200b")) == draw_birthday_card(
        replace(WANG, name="王 芳")
    )


@every_look
@every_size
def test_the_picture_is_a_png_of_its_size_and_not_heavy(
    style: str, size: SizeName
) -> None:
    drawn = draw_birthday_card(CARDS["long"], style, size)
    picture = Image.open(BytesIO(drawn))
    assert (picture.format, picture.mode) == ("PNG", "RGB")
    assert picture.size == {"phone": (1080, 1440), "a5": (1748, 2480)}[size]
    assert round(picture.info["dpi"][0]) == SIZES[size].dpi
    assert len(drawn) < {"phone": 600_000, "a5": 1_200_000}[size]


@every_look
def test_ink_stays_inside_the_margins(style: StyleName) -> None:
    layout = lay_out(CARDS["long"], style)
    drawn = Image.open(BytesIO(draw_birthday_card(CARDS["long"], style)))
    changed = ImageChops.difference(drawn, open_backdrop(style, "single", "phone"))
    left, top, right, bottom = changed.getbbox() or (0, 0, 0, 0)
    margins = layout.margins
    assert left >= margins.left - 2
    assert top >= margins.top - 2
    assert right <= margins.right + 2
    assert bottom <= margins.bottom + 2


def test_equal_cards_give_equal_bytes_and_leave_the_backdrop_clean() -> None:
    before = open_backdrop("red", "single", "phone").tobytes()
    first = draw_birthday_card(WANG)
    draw_birthday_card(CARDS["long"])
    assert draw_birthday_card(WANG) == first
    assert draw_birthday_card(replace(WANG, years=16)) != first
    assert open_backdrop("red", "single", "phone").tobytes() == before


def test_looks_differ() -> None:
    assert len({draw_birthday_card(WANG, style) for style in STYLES}) == len(STYLES)
