"""Days that have been, spans of days, names in a text, steps that are told."""

from datetime import date, datetime
from string import digits

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from bench.understanding import learn
from bot.branch.duties.milestones import Step
from bot.branch.duties.steps import FULL
from bot.branch.people.members import add_member
from bot.branch.people.tree import find_branch
from bot.errors import Refusal
from bot.understanding.drafts.replies import says_no, says_yes
from bot.understanding.slots.past_day import find_past_day
from bot.understanding.slots.person import find_named, require_named
from bot.understanding.slots.scope import Scope
from handlers.birthdays.months import read_span
from handlers.branch.steps import read_step
from tests.conftest import ZONE
from tests.people import BRANCH

UNDERSTANDING = learn()[0]
TODAY = date(2026, 3, 16)
NOW = datetime(2026, 3, 16, 9, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025年9月30日", date(2025, 9, 30)),
        ("2025-09-30", date(2025, 9, 30)),
        ("2025.9.30", date(2025, 9, 30)),
        ("3月5日", date(2026, 3, 5)),
        ("12月5号", date(2025, 12, 5)),
        ("去年7月1日", date(2025, 7, 1)),
        ("昨天", date(2026, 3, 15)),
        ("大前天", date(2026, 3, 13)),
        ("今天", TODAY),
        ("没有日子", None),
    ],
)
def test_a_day_that_has_been(text: str, day: date | None) -> None:
    assert find_past_day(text, TODAY)[0] == day


@pytest.mark.parametrize(
    "text",
    ["2025年9月", "3月", "2025年2月29日", "2026年3月17日", "13月1日", "2027-01-01"],
)
def test_no_day_is_guessed(text: str) -> None:
    with pytest.raises(Refusal):
        find_past_day(text, TODAY)


def test_a_day_ahead_where_one_may_be() -> None:
    assert find_past_day("1月5日", TODAY, future=True)[0] == date(2027, 1, 5)
    assert find_past_day("4月10日", TODAY, future=True)[0] == date(2026, 4, 10)


@given(st.dates(min_value=date(1950, 1, 1), max_value=TODAY))
def test_every_past_day_is_read_back(day: date) -> None:
    for written in (f"{day.year}年{day.month}月{day.day}日", f"{day}"):
        found, rest = find_past_day(f"登记 {written} 的", TODAY)
        assert (found, rest.split()) == (day, ["登记", "的"])


@given(st.text(alphabet=digits + "年月日号.-/ 去今昨天前", max_size=20))
def test_odd_input_is_read_or_refused(text: str) -> None:
    try:
        day, _ = find_past_day(text, TODAY)
    except Refusal:
        return
    assert day is None or day <= TODAY


def at_noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "first", "last", "words"),
    [
        ("今天谁", TODAY, TODAY, "3月16日（周一）"),
        ("明天谁", date(2026, 3, 17), date(2026, 3, 17), "3月17日（周二）"),
        ("这周谁", date(2026, 3, 16), date(2026, 3, 22), "这周"),
        ("下下周谁", date(2026, 3, 30), date(2026, 4, 5), "下下周"),
        ("今年谁", date(2026, 1, 1), date(2026, 12, 31), "今年"),
        ("3月20日谁", date(2026, 3, 20), date(2026, 3, 20), "3月20日（周五）"),
        ("下周谁", date(2026, 3, 23), date(2026, 3, 29), "下周"),
        ("下个月谁", date(2026, 4, 1), date(2026, 4, 30), "4月"),
        ("2月谁", date(2027, 2, 1), date(2027, 2, 28), "2月"),
        ("十二月谁", date(2026, 12, 1), date(2026, 12, 31), "12月"),
        ("十月份", date(2026, 10, 1), date(2026, 10, 31), "10月"),
        ("最近谁", TODAY, date(2026, 4, 15), "未来三十天"),
        ("谁", date(2026, 3, 1), date(2026, 3, 31), "3月"),
    ],
)
def test_spans_of_days(text: str, first: date, last: date, words: str) -> None:
    span = read_span(text, at_noon(TODAY))
    assert (span.first, span.last, span.words) == (first, last, words)


def test_the_month_after_december() -> None:
    assert read_span("下个月", at_noon(date(2026, 12, 5))).first == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("登记王磊为入党积极分子", Step.ACTIVIST),
        ("把王磊列为发展对象", Step.CANDIDATE),
        ("确定张强为发展对象", Step.CANDIDATE),
        ("王磊递交了入党申请书", Step.APPLIED),
        ("王磊考察谈话完成", Step.REVIEWED),
        ("3月5日王磊被列为发展对象", Step.CANDIDATE),
        ("王磊2026年3月5日递交入党申请书", Step.APPLIED),
        ("收到一份入党申请书，申请人周平，3月10日", Step.APPLIED),
        ("昨天和周平谈过话了", Step.MET_APPLICANT),
        ("支部大会通过了李明的转正申请", Step.VOTED),
        ("申请人谈话 周平", Step.MET_APPLICANT),
        ("李明转正了，登记", FULL),
        ("李明转正大会通过", Step.VOTED),
        ("李明的预备期延长半年", Step.EXTENDED),
        ("换届日期 2024年6月20日", Step.ELECTED),
        ("组织生活会开过了", Step.LIFE_MEETING),
        ("谈心谈话做完了", Step.TALKS),
    ],
)
def test_steps_that_are_told(text: str, step: Step | str) -> None:
    reading = UNDERSTANDING.read(text)
    assert reading.intent == "development.record"
    assert read_step(reading.slots).step == step


@pytest.mark.parametrize(
    "text",
    [
        "李明转正了吗",
        "李明什么时候转正",
        "谁该转正了",
        "李明还没转正",
        "如果李明转正了",
        "积极分子有几个",
        "听说李明转正了",
        "王磊能列为发展对象",
    ],
)
def test_questions_and_denials_tell_nothing(text: str) -> None:
    assert UNDERSTANDING.read(text).intent != "development.record"


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("半年", 6),
        ("一年", 12),
        ("1年", 12),
        ("七个月", 7),
        ("9个月", 9),
        ("到明年", None),
    ],
)
def test_lengths_of_an_extension(text: str, months: int | None) -> None:
    reading = UNDERSTANDING.read(f"何雪的预备期延长{text}")
    assert read_step({"did": "延长", **reading.slots}).months == months


@pytest.mark.parametrize(
    ("text", "years"), [("任期5年", 5), ("每届三年", 3), ("", None)]
)
def test_terms(text: str, years: int | None) -> None:
    reading = UNDERSTANDING.read(f"换届日期 2024年6月20日 {text}")
    assert read_step(reading.slots).years == years


def test_names_in_a_text(session: Session) -> None:
    branch = find_branch(session, BRANCH)
    assert branch is not None
    scope = Scope(session, branch)
    named = find_named(scope, "停发祝福 王芳 谢谢")
    assert named is not None
    assert (named.member.name, named.before, named.after) == (
        "王芳", "停发祝福 ", " 谢谢",
    )  # fmt: skip
    assert find_named(scope, "孙丽") is None  # of another branch
    with pytest.raises(Refusal, match="是不是王芳"):
        require_named(scope, "王方", "例")
    with pytest.raises(Refusal, match="带上姓名"):
        require_named(scope, "", "例")


@pytest.mark.parametrize(
    ("said", "yes", "no"),
    [("确认！", 1, 0), ("取消。", 0, 1), ("嗯", 1, 0), ("好吗", 0, 0)],
)
def test_yes_and_no(said: str, yes: int, no: int) -> None:
    assert (says_yes(said), says_no(said)) == (bool(yes), bool(no))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("古丽娜尔的入党时间", "古丽娜尔·艾山"),
        ("古丽娜尔·艾山的入党时间", "古丽娜尔·艾山"),
        ("请古丽娜尔艾山来一下", "古丽娜尔·艾山"),
        ("阿卜杜拉是预备还是正式", "阿卜杜拉·买买提·吐尔逊"),
    ],
)
def test_a_name_in_parts_is_found_by_its_first(
    session: Session, text: str, name: str
) -> None:
    branch = find_branch(session, BRANCH)
    assert branch is not None
    for each in ("古丽娜尔·艾山", "阿卜杜拉·买买提·吐尔逊"):
        add_member(session, each, branch, NOW)
    found = find_named(Scope(session, branch), text)
    assert found is not None
    assert found.member.name == name


def test_two_with_one_first_name_are_asked_between(session: Session) -> None:
    branch = find_branch(session, BRANCH)
    assert branch is not None
    for each in ("古丽娜尔·艾山", "古丽娜尔·买买提"):
        add_member(session, each, branch, NOW)
    with pytest.raises(Refusal, match="有 2 位"):
        find_named(Scope(session, branch), "古丽娜尔的入党时间")
