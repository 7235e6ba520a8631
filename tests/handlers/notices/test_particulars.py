"""What a first order says besides the notice's words, in a branch with its people."""

from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from bot.branch.people.tree import find_branch
from bot.errors import Refusal
from bot.understanding.slots.audience import Take, take_audience
from bot.understanding.slots.scope import Scope
from handlers.notices.order import read_order
from handlers.notices.particulars import Particulars, read_ahead, read_particulars
from tests.people import BRANCH

NOW = datetime(2026, 3, 16, 10, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Monday


def at(day: int, hour: int, minute: int = 0) -> datetime:
    first = NOW.replace(hour=0)
    return first + timedelta(days=day - 16, hours=hour, minutes=minute)


@pytest.fixture
def take(session: Session) -> Take:
    branch = find_branch(session, BRANCH)
    assert branch
    return partial(take_audience, Scope(session, branch))


@pytest.mark.parametrize(
    ("said", "text", "moment"),
    [
        ("交思想汇报，明早九点发", "交思想汇报", at(17, 9)),
        ("周五开会。周四上午八点再发！", "周五开会。", at(19, 8)),
        ("明早九点发，周五开会", "周五开会", at(17, 9)),
        ("周五开会 今晚八点发 请准时", "周五开会，请准时", at(16, 20)),
        ("明天上午九点在201开会今晚八点发", "明天上午九点在201开会", at(16, 20)),
        ("周五党课明晚七点发", "周五党课", at(17, 19)),
        ("周五开会，发送时间：明早八点", "周五开会", at(17, 8)),
        ("周五下午三点开会", "周五下午三点开会", None),
        ("交材料，每周三上午九点发", "交材料，每周三上午九点发", None),
        ("材料已备好，随后发", "材料已备好，随后发", None),
        ("周五上午九点发言", "周五上午九点发言", None),
    ],
)
def test_when_it_goes(
    take: Take, said: str, text: str, moment: datetime | None
) -> None:
    found = read_particulars(said, NOW, take)
    assert (found.text, found.goes_at) == (text, moment)


@pytest.mark.parametrize(
    ("said", "text", "without"),
    [
        ("周五开会，除了李伟", "周五开会", "李伟"),
        ("周五开会除了李伟和王芳", "周五开会", "李伟和王芳"),
        ("周五开会 李伟不用通知", "周五开会", "李伟"),
        ("周五开会，李伟就别叫了，带本子", "周五开会，带本子", "李伟"),
        ("周五开会，不含预备党员", "周五开会", "预备党员"),
        ("周五开会，不用通知何雪", "周五开会", "何雪"),
        ("除了李伟，周五开会", "周五开会", "李伟"),
        ("周五开会，除了孙浩", "周五开会", "孙浩"),
        ("周五开会，除了带笔记，还要带笔", "周五开会，除了带笔记，还要带笔", ""),
        ("除了值班的都要来", "除了值班的都要来", ""),
    ],
)
def test_whom_it_leaves_out(take: Take, said: str, text: str, without: str) -> None:
    found = read_particulars(said, NOW, take)
    assert (found.text, found.without) == (text, without)


@pytest.mark.parametrize(
    ("said", "text", "choices", "deadline"),
    [
        (
            "周五开会 选项 能参加/请假，截止 周四下午五点",
            "周五开会",
            ("能参加", "请假"),
            at(19, 17),
        ),
        ("周五开会选项能来/不能来", "周五开会", ("能来", "不能来"), None),
        (
            "周五开会，回执选项：线上、线下、请假",
            "周五开会",
            ("线上", "线下", "请假"),
            None,
        ),
        ("周五植树，选项去或不去", "周五植树", ("去", "不去"), None),
        ("周六植树 截止周五中午", "周六植树", (), at(20, 12)),
        ("周六植树，周五中午截止", "周六植树", (), at(20, 12)),
        ("周六植树，截止周五中午报名", "周六植树，截止周五中午报名", (), at(20, 12)),
        ("周六植树，请周五中午前回复", "周六植树，请周五中午前回复", (), at(20, 12)),
        ("周五选举，候选人选项另发", "周五选举，候选人选项另发", (), None),
    ],
)
def test_what_is_asked_and_by_when(
    take: Take,
    said: str,
    text: str,
    choices: tuple[str, ...],
    deadline: datetime | None,
) -> None:
    found = read_particulars(said, NOW, take)
    assert (found.text, found.choices, found.deadline) == (text, choices, deadline)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("材料明天上午发", ("材料明天上午发",)),
        ("除了李伟都要参加", ("除了李伟",)),
        ("选项 只有一个", ("选项 只有一个",)),
        ("周五开会", ()),
        ("周五开会，请周四前回复", ()),
    ],
)
def test_what_only_looks_so_is_kept_and_told(
    take: Take, said: str, kept: tuple[str, ...]
) -> None:
    found = read_particulars(said, NOW, take)
    assert (found.text, found.kept) == (said, kept)


@pytest.mark.parametrize(
    ("said", "who", "text", "ahead"),
    [
        (
            "明早九点通知全体党员：周五开会",
            "全体党员",
            "周五开会",
            Particulars("", goes_at=at(17, 9)),
        ),
        (
            "后天上午九点给第一党小组发通知：带本子",
            "第一党小组",
            "带本子",
            Particulars("", goes_at=at(18, 9)),
        ),
        ("今晚七点群发：停电", "", "停电", Particulars("", goes_at=at(16, 19))),
        ("除了李伟，通知大家交表", "大家", "交表", Particulars("", without="李伟")),
        (
            "周五前回复：通知大家报名",
            "大家",
            "报名",
            Particulars("", deadline=at(20, 23, 59)),
        ),
    ],
)
def test_what_stands_ahead(
    take: Take, said: str, who: str, text: str, ahead: Particulars
) -> None:
    order = read_order(said, take)
    assert (order.who, order.text) == (who, text)
    assert read_ahead(order.ahead, NOW, take) == ahead


def test_unclear_time_ahead_is_asked_back(take: Take) -> None:
    with pytest.raises(Refusal, match="早上"):
        read_ahead("今天三点", NOW, take)


def test_time_of_sending_that_recurs_is_asked_back(take: Take) -> None:
    with pytest.raises(Refusal, match="确定的时间"):
        read_ahead("每周三上午九点", NOW, take)
