"""The political-birthday card: what it says, where it stands, and the picture."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.cards.birthday import BirthdayCard, draw_birthday_card, gather_values
from bot.cards.sheet import STYLES, FormName, Sheet, StyleName, unprinted
from bot.errors import Refusal
from tests.bot.cards.conftest import A5, assert_tidy, read_chars, read_text

pytestmark = pytest.mark.thorough

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
    "noted": replace(
        WANG, notes=(("李强", "您带着我们一起往前走，谢谢！"), ("刘洋", "向您学习。"))
    ),
    "lost": replace(WANG, name="王𬎆", branch="𠮷祥党支部"),
}
every_style = pytest.mark.parametrize("style", STYLES)
every_card = pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)


def say(card: BirthdayCard, style: StyleName = "red") -> str:
    return read_text(draw_birthday_card(card, Sheet(style, "white")))


@every_style
@every_card
def test_text_stays_inside_the_margins_and_apart(
    card: BirthdayCard, style: StyleName
) -> None:
    assert_tidy(draw_birthday_card(card, Sheet(style, "white")), edge=14)


@every_style
def test_the_longest_that_is_taken_has_room_on_a_phone(style: StyleName) -> None:
    """The phone's sheet is the shortest."""
    for wishes in (LONG_WISHES, "初心如磐。\n" * 8, "初" * 200):
        longest = replace(CARDS["long"], wishes=wishes)
        assert draw_birthday_card(longest, Sheet(style))


@settings(deadline=None, max_examples=25)
@given(
    st.sampled_from(STYLES),
    st.builds(
        BirthdayCard,
        name=st.text("欧阳翀犇·麦提", min_size=1, max_size=18),
        joined=st.dates(date(1950, 1, 1), date(2026, 12, 31)),
        years=st.integers(0, 80),
        party_age=st.none() | st.integers(0, 80),
        branch=st.just("智能制造教工党支部"),
        wishes=st.none() | st.text("初心如磐，步履不停。《》的 2026\n", max_size=200),
        motto=st.sampled_from(["", "让支部在一线行动、行动在一线"]),
    ),
)
def test_any_name_and_wishes_up_to_200_characters_fit(
    style: StyleName, card: BirthdayCard
) -> None:
    try:
        gather_values(card)
    except Refusal as refusal:
        assert "行" in str(refusal)  # noqa: PT017  # too many paragraphs
        return
    assert_tidy(draw_birthday_card(card, Sheet(style, "white")), edge=14)


def test_what_the_card_says() -> None:
    said = say(WANG)
    for words in ("政治生日", "王芳同志", "入党", "15", "周年", "入党日期"):
        assert words in said
    assert "2011年7月1日" in said
    assert "14年" in said
    assert "智能制造教工党支部支部书记赵敏2026年7月1日" in said
    assert "让支部在一线行动、行动在一线" in said


def test_a_probationary_member_has_no_party_age_on_her_card() -> None:
    assert "党龄" not in say(replace(WANG, party_age=None))


def test_the_first_year_after_the_probation_is_named_in_words() -> None:
    assert "不满1年" in say(replace(WANG, party_age=0))


def test_the_joining_day_itself_has_its_own_words() -> None:
    values = gather_values(CARDS["rare"])
    assert values["sun"] == ("光荣", "入党", "第一天")
    assert values["day"] == "2026年11月3日"


def test_the_day_at_the_foot_may_be_given() -> None:
    late = replace(WANG, on=date(2026, 7, 4))
    assert gather_values(late)["day"] == "2026年7月4日"


def test_the_day_at_the_foot_of_a_leap_day_member() -> None:
    card = replace(WANG, joined=date(2004, 2, 29), years=22)
    assert gather_values(card)["day"] == "2026年2月28日"


def size_of(paper: bytes, char: str) -> float:
    return max(each.size for each in read_chars(paper) if each.char == char)


def test_a_long_name_and_long_wishes_are_set_smaller_and_nothing_is_lost() -> None:
    short = draw_birthday_card(replace(WANG, name="阿卜"), Sheet("red", "white"))
    long = draw_birthday_card(CARDS["long"], Sheet("red", "white"))
    assert size_of(long, "卜") < size_of(short, "卜")
    assert size_of(long, "磐") < size_of(short, "磐")
    assert LONG_WISHES in read_text(long)
    assert LONG_NAME in read_text(long)


@every_style
def test_nothing_is_smaller_than_an_old_comrade_reads(style: StyleName) -> None:
    for card in CARDS.values():
        chars = read_chars(draw_birthday_card(card, Sheet(style, "white")))
        assert min(each.size for each in chars if each.char in card.branch) >= 7


def test_paragraphs_of_the_wishes_are_kept() -> None:
    card = replace(WANG, wishes="初心如磐。\r\n向阳而行。")
    first, second = gather_values(card)["wishes"]
    assert "".join(first) == "初心如磐。"
    assert "".join(second) == "向阳而行。"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"wishes": "初心" * 400}, "组织寄语太长（800字）"),
        ({"wishes": "心\n" * 9}, "最多分8行"),
        ({"name": "王" * 60}, "姓名太长"),
        ({"branch": "支部" * 60}, "落款太长"),
        ({"motto": "行动" * 60}, "口号太长"),
    ],
)
def test_what_cannot_be_set_legibly_is_refused_in_words(
    change: dict[str, str], words: str
) -> None:
    with pytest.raises(Refusal, match=words):
        draw_birthday_card(replace(WANG, **change))  # type: ignore[arg-type]


def test_an_unknown_style_is_refused_with_those_there_are() -> None:
    with pytest.raises(Refusal, match="red、paper、dawn"):
        draw_birthday_card(WANG, Sheet("blue"))


def test_where_nobody_looks_a_card_is_checked_and_not_drawn() -> None:
    with unprinted():
        assert len(draw_birthday_card(WANG)) < 10
        with pytest.raises(Refusal, match="姓名太长"):
            draw_birthday_card(replace(WANG, name="王" * 60))


def test_a_stray_line_break_in_a_name_does_no_harm() -> None:
    assert gather_values(replace(WANG, name="王\n芳\u200b"))["name"] == "王 芳"


def test_a_sign_that_no_face_has_is_left_out_and_a_character_framed() -> None:
    card = replace(WANG, name="王𬎆", wishes="生日🎂快乐，𬎆同志")
    said = say(card)
    assert "生日快乐" in said
    assert said.count("yíng") == 2


@every_style
@pytest.mark.parametrize("form", ["phone", "a5"])
def test_the_picture_is_a_png_of_its_size_and_not_heavy(
    style: StyleName, form: FormName
) -> None:
    drawn = draw_birthday_card(CARDS["long"], Sheet(style, form))
    picture = Image.open(BytesIO(drawn))
    assert picture.format == "PNG"
    assert picture.size == {"phone": (1080, 1440), "a5": (1748, 2480)}[form]
    assert len(drawn) < {"phone": 600_000, "a5": 1_300_000}[form]


def test_papers_have_the_size_that_a_printer_wants() -> None:
    white = pypdfium2.PdfDocument(draw_birthday_card(WANG, Sheet("red", "white")))
    bleed = pypdfium2.PdfDocument(draw_birthday_card(WANG, Sheet("red", "bleed")))
    assert white[0].get_size() == pytest.approx(A5, abs=0.1)
    around = 2 * 3 * 72 / 25.4
    assert bleed[0].get_size() == pytest.approx([s + around for s in A5], abs=0.1)


@every_style
def test_the_ground_goes_on_into_the_bleed_and_stops_at_the_white(
    style: StyleName,
) -> None:
    for form, is_white in (("bleed", False), ("white", True)):
        drawn = draw_birthday_card(WANG, Sheet(style, form))  # type: ignore[arg-type]
        picture = pypdfium2.PdfDocument(drawn)[0].render(scale=1).to_pil()
        width, height = picture.size
        corners = [(1, 1), (width - 3, 1), (1, height - 3), (width - 3, height - 3)]
        white = [picture.getpixel(at) == (255, 255, 255) for at in corners]
        assert white == [is_white] * 4


@every_style
@pytest.mark.parametrize("form", ["phone", "white"])
def test_equal_cards_give_equal_bytes(style: StyleName, form: FormName) -> None:
    sheet = Sheet(style, form)
    first = draw_birthday_card(WANG, sheet)
    assert draw_birthday_card(replace(WANG, years=16), sheet) != first
    assert draw_birthday_card(WANG, sheet) == first


def test_a_branch_has_its_own_seal_on_rice_paper() -> None:
    usual = draw_birthday_card(WANG, Sheet("paper", "white"))
    own = draw_birthday_card(WANG, Sheet("paper", "white", "同心向阳"))
    assert set("不忘初心") <= set(read_text(usual))
    assert set("同心向阳") <= set(read_text(own))
