"""Which notice is meant; a plain order names none."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.branch.notices.notices import Notice
from handlers.notices import recall, status
from handlers.notices.pick import pick, pick_answer, topic_of

NOW = datetime(2026, 3, 14, 10, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
TEXTS = ("周三下午两点在301开会", "周五前交党费", "周五下午党课改在报告厅")
FOUND = [
    Notice(id=9 - at, text=text, goes_at=NOW.replace(day=14 - at))
    for at, text in enumerate(TEXTS)
]
NAMING = "@|艾特|党费|开会|培训|交表|体检|2条|3条|昨天|上周"


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("撤回第8条", [8]),
        ("撤回第八条", [8]),
        ("催一下#7", [7]),
        ("第1条谁没回复", []),
        ("催一下党费那个通知", [8]),
        ("撤回周五的党课通知", [7]),
        ("把301开会那条撤回", [9]),
        ("刚才那条撤回", [9]),
        ("昨天的通知谁没看", [8]),
        ("前天的党课通知", [7]),
        ("昨天的党课通知", []),
        ("催一下体检那个通知", []),
        ("撤回周五的通知", [8, 7]),
    ],
)
def test_pick_by_number_title_newness_or_day(words: str, ids: list[int]) -> None:
    picked = pick(FOUND, words, NOW)
    assert picked.said
    assert [each.id for each in picked.found] == ids


def test_plain_orders_name_no_notice() -> None:
    commands = (status.nudge_silent, recall.recall_notice)
    plain = [
        example
        for command in commands
        for example in (*command.names, *command.examples)
        if not any(word in example for word in NAMING.split("|"))
    ]
    assert len(plain) > 60
    assert [each for each in plain if topic_of(each)] == []


@pytest.mark.parametrize(
    ("words", "wanted"),
    [("8", 8), ("第8条", 8), ("八", 8), ("党费那个", 8), ("1", None), ("打卡", None)],
)
def test_answer_by_number_or_title(words: str, wanted: int | None) -> None:
    meant = pick_answer(FOUND, words)
    assert (meant.id if meant else None) == wanted
