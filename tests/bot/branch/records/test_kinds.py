"""What each kind asks for, whom it counts, and how much of it can be."""

import pytest

from bot.branch.records import book
from bot.branch.records.declared import every_kind, find_kind
from bot.branch.records.fields import Amount, Day, People
from bot.branch.records.kinds.bulletin import REVIEWS
from tests.stage import Stage

NEEDED = """
appointment people host
bulletin title day text people
call title sorts day
task list title day
mark list title day people
concern day sign what
development people paper day
dues_rate day people amount
dues day people amount
honour title level day people
project title level day people
award title level day people
paper title day people
media outlet day
pledge title people day
post title people
studio sort people
resource title course element people day
service day company people hours
talk day people
visit day company
work title sort show portrait people
"""
MOST = {
    "mark": 1,
    "concern": 1,
    "dues": 1,
    "dues_rate": 1,
    "pledge": 1,
    "post": 3,
    "talk": 2,
}
MOST |= {"development": 1, "call": 20, "work": 10, "work tutor": 3}
MOST |= {"appointment": 1} | {f"bulletin {each}": 1 for each in REVIEWS}
NOT_COUNTED = {"concern": {"people", "office"}, "award": {"students"}}
NOT_COUNTED |= {"visit": {"people"}, "appointment": {"host"}}
NOT_COUNTED |= {"bulletin": set(REVIEWS), "call": {"jury"}, "work": {"tutor"}}
TELLER_IS_ONE = {"award", "bulletin", "dues", "honour", "mark", "paper", "pledge"}
TELLER_IS_ONE |= {"project", "resource", "service", "talk", "work", "dues_rate"}
OUTSIDERS = {"award": {"students"}, "bulletin": set(REVIEWS)}
OUTSIDERS |= {"development": {"people"}}
OUTSIDERS |= {"call": {"jury"}, "work": {"people", "tutor"}}
LARGEST = {
    ("call", "most"): 20,
    ("task", "target"): 100,
    ("dues", "amount"): 100_000,
    ("dues_rate", "amount"): 100_000,
    ("project", "fund"): 100_000,
    ("service", "hours"): 240,
    ("visit", "real"): 2000,
    ("visit", "booked"): 2000,
}
TODAY_UNLESS_TOLD = {"task", "mark", "concern", "dues", "pledge", "post", "studio"}
TODAY_UNLESS_TOLD |= {"dues_rate", "resource", "service", "talk", "work", "development"}
TO_COME = {("visit", "day"), ("project", "until"), ("pledge", "until")}
TO_COME |= {("call", "day"), ("call", "shown_until")}
TO_COME |= {("appointment", "day"), ("dues", "day"), ("dues", "until")}
TO_COME |= {("dues_rate", "day")}


def test_what_is_asked_for_before_it_is_written_down() -> None:
    told = dict(line.split(maxsplit=1) for line in NEEDED.strip().splitlines())
    asked = {each.name: " ".join(book.missing(each, {})) for each in every_kind()}
    assert asked == told


def test_whom_each_counts_and_how_many_there_can_be() -> None:
    for kind in every_kind():
        people = kind.all(People)
        not_counted = {each.name for each in people if not each.counted}
        assert not_counted == NOT_COUNTED.get(kind.name, set()), kind.name
        for each in people:
            whole = MOST.get(kind.name, 50)
            assert each.most == MOST.get(f"{kind.name} {each.name}", whole), kind.name
        tellers = {each.name for each in people if each.speaker}
        assert tellers == ({"people"} if kind.name in TELLER_IS_ONE else set())
        outsiders = {each.name for each in people if each.outsiders}
        assert outsiders == OUTSIDERS.get(kind.name, set()), kind.name
        for amount in kind.all(Amount):
            assert amount.most == LARGEST[kind.name, amount.name]
            assert amount.each is (kind.name == "service")


def test_which_day_it_is_where_none_is_told() -> None:
    today = {kind.name for kind in every_kind() if kind.day and kind.day.today}
    assert today == TODAY_UNLESS_TOLD
    to_come = {
        (kind.name, each.name)
        for kind in every_kind()
        for each in kind.all(Day)
        if each.ahead
    }
    assert to_come == TO_COME
    assert [each.name for each in every_kind() if each.day and each.day.month] == [
        "dues",
        "dues_rate",
    ]


@pytest.mark.parametrize("word", ["个人", "人", "位", "名", "个"])
def test_a_visitor_is_one_whatever_counts_him(stage: Stage, word: str) -> None:
    stage.move_to("2026-03-02 10:00")
    told = stage.say("王芳", f"今天接待了金华职院12{word}")
    assert "实到人数：12 人" in told


@pytest.mark.parametrize(
    ("said", "hours"),
    [("30分钟", 0.5), ("3小时", 3), ("3个钟头", 3), ("2学时", 2), ("1天", 8)],
)
def test_hours_of_service_by_their_units(stage: Stage, said: str, hours: float) -> None:
    stage.move_to("2026-03-02 10:00")
    told = stage.say("王芳", f"今天去万盛机械调试设备{said}")
    assert f"每人 {hours:g} 小时" in told


def test_an_amount_of_dues_is_in_yuan_whatever_it_is_called(stage: Stage) -> None:
    stage.move_to("2026-03-02 10:00")
    for said in ("42元", "42块钱", "42块"):
        assert "金额：42 元" in stage.say("王芳", f"我交了1月党费{said}")
        stage.say("王芳", "取消")
    assert find_kind("dues").sums[-1].unit == "元"
