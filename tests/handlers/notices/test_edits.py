"""What can be said to a preview, on Monday 16 March 2026 at ten."""

from datetime import datetime
from typing import Any

import pytest

from bot.errors import Refusal
from handlers.notices.edits import (
    Edit,
    asks_for_door,
    find_deadline,
    read_edit,
    read_moment,
)
from tests.conftest import ZONE

NOW = datetime(2026, 3, 16, 10, 0, tzinfo=ZONE)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("said", "what", "words"),
    [
        ("试发给自己", "trial", ""),
        ("先发给我看看", "trial", ""),
        ("试发一下", "trial", ""),
        ("试发", "trial", ""),
        ("同时发到群里", "robots", ""),
        ("也发群里", "robots", ""),
        ("发到工作群", "robots", ""),
        ("修改 周三下午三点开会", "text", "周三下午三点开会"),
        ("修改", "text", ""),
        ("修改内容：会议取消", "text", "会议取消"),
        ("改成：周四开会", "text", "周四开会"),
        ("改成大家把材料发过来再讨论", "text", "大家把材料发过来再讨论"),
        ("重写 会议取消", "text", "会议取消"),
        ("修改 第一行\n第二行", "text", "第一行\n第二行"),
        ("发给 第一党小组", "audience", "第一党小组"),
        ("只发给王芳、李伟", "audience", "王芳、李伟"),
        ("改发给支委", "audience", "支委"),
        ("收件人：预备党员", "audience", "预备党员"),
        ("除了王芳", "without", "王芳"),
        ("除了王芳以外", "without", "王芳"),
        ("不发给李伟", "without", "李伟"),
        ("去掉何雪", "without", "何雪"),
        ("不包括第一党小组", "without", "第一党小组"),
    ],
)
def test_edit_with_words(said: str, what: str, words: str) -> None:
    assert read_edit(said, NOW) == Edit(what, words)


@pytest.mark.parametrize(
    ("said", "what", "value"),
    [
        ("选项 能参加/请假", "choices", ("能参加", "请假")),
        ("加选项：参加、不参加、待定", "choices", ("参加", "不参加", "待定")),
        ("回执选项 能/不能/能", "choices", ("能", "不能")),
        ("让大家选：上午 下午", "choices", ("上午", "下午")),
        ("选项 不要", "choices", ()),
        ("截止 周四下午五点", "deadline", at(19, 17)),
        ("回复截止时间：3月18日中午十二点", "deadline", at(18, 12)),
        ("截止到周四", "deadline", at(19, 23, 59)),
        ("截止 取消", "deadline", None),
        ("明早九点发", "goes_at", at(17, 9)),
        ("周五下午三点发出去", "goes_at", at(20, 15)),
        ("定在明天上午十点发送", "goes_at", at(17, 10)),
        ("改成明早九点发", "goes_at", at(17, 9)),
        ("发送时间：后天上午九点", "goes_at", at(18, 9)),
    ],
)
def test_edit_with_a_value(said: str, what: str, value: Any) -> None:
    assert read_edit(said, NOW) == Edit(what, value=value)


@pytest.mark.parametrize("said", ["你好", "谁没回复", "我的打卡", "帮助", "随便发"])
def test_other_words_are_no_edit(said: str) -> None:
    assert read_edit(said, NOW) is None


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("选项 只有一个", "选项要 2 到 6 个"),
        ("选项 1/2/3/4/5/6/7", "选项要 2 到 6 个"),
        ("选项 参加/因为身体不舒服所以要请假", "太长，最多 10 个字"),
        ("今天三点发", "早上"),
        ("每周三上午九点发", "重复的时间"),
        ("截止 每周五", "重复的时间"),
    ],
)
def test_what_is_not_certain_is_asked_back(said: str, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        read_edit(said, NOW)


@pytest.mark.parametrize(
    ("text", "deadline"),
    [
        ("周五开会，请周四前回复", at(19, 23, 59)),
        ("请于3月18日中午十二点前报名", at(18, 12)),
        ("周五三点前到场，不用回复", None),
        ("请尽快回复", None),
    ],
)
def test_deadline_in_the_text(text: str, deadline: datetime | None) -> None:
    assert find_deadline(text, NOW) == deadline


def test_one_moment_ahead() -> None:
    assert read_moment("明天上午九点", NOW) == at(17, 9)
    with pytest.raises(Refusal):
        read_moment("", NOW)


@pytest.mark.parametrize(
    ("said", "of_text", "of_preview"),
    [
        ("附文件", True, True),
        ("怎么加图片", True, True),
        ("我想加张照片", True, True),
        ("能再上传一个附件吗？", True, True),
        ("能发文件吗", False, True),
        ("加个PDF", False, True),
        ("附件怎么加", False, True),
        ("上传", False, True),
        ("上传材料", False, False),
        ("请周五前上传文件", False, False),
        ("加选项 能参加/请假", False, False),
        ("去掉附件", False, False),
        ("文件明天发给大家", False, False),
    ],
)
def test_who_asks_where_files_go(
    said: str,
    of_text: bool,  # noqa: FBT001
    of_preview: bool,  # noqa: FBT001
) -> None:
    assert asks_for_door(said, has_text=False) == of_text
    assert asks_for_door(said, has_text=True) == of_preview


@pytest.mark.parametrize(
    "said", ["去掉附件", "不要图片了", "删掉所有的附件", "不带文件"]
)
def test_files_are_taken_out(said: str) -> None:
    edit = read_edit(said, NOW)
    assert edit
    assert edit.what == "bare"
