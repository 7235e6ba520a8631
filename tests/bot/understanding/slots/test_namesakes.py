"""Where a mark that is said without brackets ends, and where another word goes on."""

import pytest

from bot.understanding.slots.namesakes import Namesake, is_whole, pick
from bot.understanding.text import normalise


@pytest.mark.parametrize(
    ("mark", "rest"),
    [
        ("2", ""),
        ("2", "：明天来"),
        ("2", "明天来"),
        ("2", "下午三点来"),
        ("2", "、王芳：明天来"),
        ("2", "和王芳"),
        ("大", ""),
        ("大", "，明天来"),
        ("大", "明天来"),
        ("大", "周三来"),
        ("大", "3点来"),
        ("机电系", "明天来"),
    ],
)
def test_a_mark_ends_before_another_word(mark: str, rest: str) -> None:
    said = f"王伟{mark}"
    assert is_whole("王伟", mark, said + rest, len(said))


@pytest.mark.parametrize(
    ("mark", "rest"),
    [
        ("2", "点来"),
        ("2", "：30来"),
        ("2", "到3点来"),
        ("2", "号来"),
        ("2", "0日来"),
        ("2", "个人来"),
        ("大", "家都来"),
        ("大", "后天来"),
        ("大", "会改到301"),
        ("小", "组会改到301"),
        ("机电系", "主任来"),
    ],
)
def test_what_goes_on_is_no_mark(mark: str, rest: str) -> None:
    said = f"王伟{mark}"
    assert not is_whole("王伟", mark, said + rest, len(said))


SECOND = Namesake("王伟", "2", "ww.a", "第一党小组")
THIRD = Namesake("王伟", "3", "ww.b", "第一党小组")
BARE = Namesake("王伟", "", "ww.c", "第一党小组")


@pytest.mark.parametrize(
    ("people", "said", "meant"),
    [
        ([SECOND, THIRD], "2", SECOND),
        ([SECOND, THIRD], "王伟3", THIRD),
        ([SECOND, THIRD], "王伟（3）", THIRD),
        ([SECOND, THIRD], "1", None),
        ([SECOND, THIRD], "第二个", None),
        ([BARE, SECOND], "2", SECOND),
        ([BARE, SECOND], "1", BARE),
        ([BARE, SECOND], "第一位", BARE),
        ([BARE, SECOND], "WW.C", BARE),
        ([BARE, SECOND], "好的", None),
    ],
)
def test_a_number_is_a_mark_before_it_is_a_place(
    people: list[Namesake], said: str, meant: Namesake | None
) -> None:
    assert pick(people, said) == meant


@pytest.mark.parametrize(
    ("typed", "compared"),
    [
        ("通知王伟（大）：明天来", "通知王伟:明天来"),
        ("查王伟2", "查王伟"),
        ("王伟（机电系）请假了吗", "王伟请假了吗"),
        ("通知王伟2点来", "通知王伟2点来"),
        ("李伟3次没来", "李伟3次没来"),
        ("王芳 2", "王芳2"),
        ("王芳（不是王方）在哪个组", "王芳(不是王方)在哪个组"),
        ("提醒我3点（别忘了）交表", "提醒我3点(别忘了)交表"),
    ],
)
def test_a_text_is_compared_without_marks(typed: str, compared: str) -> None:
    said = normalise(typed)
    assert said.text == compared
    assert said.part(0, len(said.text)) == typed
