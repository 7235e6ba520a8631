"""What takes back the last thing done, in whatever words, and what does not."""

import pytest

from bot.understanding.slots.instead import read_instead
from bot.understanding.undoing import Undo, read_undo


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("刚记的那条撤掉", Undo("记")),
        ("刚才那个不算", Undo()),
        ("撤回刚设的", Undo("设")),
        ("弄错了删了吧", Undo()),
        ("刚那条不要了", Undo(unwanted=True)),
        ("我刚才记的那笔党费不算", Undo("记", "党费")),
        ("哎呀记错了，删了", Undo()),
        ("手滑了，撤销一下", Undo()),
        ("刚才的打卡撤销", Undo(thing="打卡")),
        ("撤了吧", Undo(bare=True)),
        ("刚才那条还能撤吗", Undo(asked=True)),
        ("哎呀发错人了", Undo(asked=True)),
    ],
)
def test_the_last_deed_is_taken_back_in_many_words(text: str, meant: Undo) -> None:
    assert read_undo(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "取消提醒 1",
        "刚才的通知撤回了吗",
        "把上午的会取消",
        "先别发了",
        "刚才王芳说的不算",
        "那条不要了",
    ],
)
def test_what_names_another_thing_or_asks_is_no_undoing(text: str) -> None:
    assert read_undo(text) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("不是李伟是何雪", ("李伟", "何雪")),
        ("记错了，是何雪不是李伟", ("李伟", "何雪")),
        ("应该不是王芳，是陈静", ("王芳", "陈静")),
        ("把李伟换成何雪吧", ("李伟", "何雪")),
        ("是不是李伟", None),
        ("李伟来了", None),
    ],
)
def test_who_is_meant_instead_is_read(text: str, meant: tuple[str, str] | None) -> None:
    assert read_instead(text) == meant
