"""A bulletin tells what is recorded of its day, and is reviewed by three others."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bot.branch.meetings import calls, doors, resolutions
from bot.branch.meetings.kinds import Kind
from bot.branch.meetings.meetings import Meeting
from bot.branch.meetings.plans import Plan
from bot.branch.meetings.quorum import Votes
from bot.branch.notices.notices import Desk
from bot.branch.records import book, bulletins
from bot.branch.records.values import values_of
from bot.errors import Refusal
from tests.bot.branch.meetings import test_doors
from tests.bot.branch.records.steps import steps
from tests.bot.branch.records.test_lists import person, put
from tests.bot.branch.records.test_search import BEARING, branch_of, serve
from tests.conftest import ZONE
from tests.people import OTHER_BRANCH, find_member

DAY = date(2026, 3, 18)
AT = datetime(2026, 3, 18, 14, tzinfo=ZONE)
NOW = datetime(2026, 3, 20, 12, tzinfo=ZONE)
WRITER = "王芳"


def hold(session: Session, at: datetime, kind: Kind = Kind.THEME_DAY) -> Meeting:
    secretary, branch = find_member(session, "赵敏"), branch_of(session)
    plan = Plan(kind, branch.id, at, host=secretary.id, late=True)
    return calls.record(session, Desk(secretary, branch), plan, NOW)


def draft(session: Session, now: datetime = NOW) -> bulletins.Drafted:
    return bulletins.draft(session, branch_of(session), DAY, now)


def test_told_is_what_was_held_and_done_on_that_day_here(session: Session) -> None:
    meeting = hold(session, AT)
    for beside in (timedelta(days=1), timedelta(days=-1)):
        hold(session, AT + beside)
        serve(session, (DAY + beside).isoformat(), "李伟")
    served = serve(session, DAY.isoformat(), "李伟").id
    serve(session, DAY.isoformat(), "孙丽", by="孙丽", of=OTHER_BRANCH)
    came = put(session, "visit", day=DAY.isoformat(), company="金华职院", real=12.0)
    put(session, "visit", day=DAY.isoformat(), company="只约了")
    book.move(session, came, "received", None, NOW)
    found = draft(session)
    assert found.sources == [
        f"会议 {meeting.id}",
        f"服务 {served}",
        f"接待 {came.id}",
    ]
    assert len(found.lines) == 3
    assert found.lines[0].endswith(f"，赵敏主持。（会议 {meeting.id}）")
    assert "李伟到" in found.lines[1]
    assert "12 人来访" in found.lines[2]
    assert "主题党日" in found.title
    with pytest.raises(Refusal, match="没有依据"):
        bulletins.draft(session, branch_of(session), DAY + timedelta(days=9), NOW)


def test_a_title_is_of_the_meeting_else_of_what_was_done_first(
    session: Session,
) -> None:
    came = put(session, "visit", day=DAY.isoformat(), company="金华职院")
    book.move(session, came, "received", None, NOW)
    assert "接待金华职院来访" in draft(session).title
    serve(session, DAY.isoformat(), sort="志愿服务")
    assert f"到{BEARING}开展志愿服务" in draft(session).title


def test_what_is_on_is_not_told_and_of_admissions_nothing(session: Session) -> None:
    meeting = hold(session, AT, Kind.GENERAL)
    people = ("赵敏", "陈静", "刘洋", "王芳", "李伟")
    ids = [find_member(session, each).id for each in people]
    doors.mark(session, meeting, ids, "paper", NOW)
    secretary = find_member(session, "赵敏")
    for text, votes in (
        ("同意何雪转正", Votes(5)),
        ("通过计划", Votes(4, 1)),
        ("通过总结", Votes(1, 4)),
    ):
        resolutions.resolve(session, meeting, text, votes, secretary, NOW)
    found = draft(session)
    assert found.left_out == 1
    assert found.text.count("会议通过") == 1
    assert "通过计划（赞成 4，反对 1，弃权 0）" in found.text
    assert "实到 5 人" in found.text
    called = test_doors.AT
    test_doors.call(session)
    with pytest.raises(Refusal, match="没有依据"):
        bulletins.draft(session, branch_of(session), called.date(), called)
    later = called + timedelta(hours=4)
    assert bulletins.draft(session, branch_of(session), called.date(), later).lines


def test_three_review_it_and_none_who_wrote_or_reviewed_it(session: Session) -> None:
    row = put(
        session,
        "bulletin",
        title="简报",
        day=DAY.isoformat(),
        text="做了（会议 1）一件（服务 23）事",
        people=person(session, WRITER),
    )

    def review(name: str, named: str = "") -> str:
        by = find_member(session, name)
        return bulletins.review(session, row, by, named, NOW)

    with pytest.raises(Refusal, match="不能审自己"):
        review(WRITER)
    assert review("陈静") == "一审"
    with pytest.raises(Refusal, match="已经审过"):
        review("陈静")
    assert review("陈静", "钱院长") == "二审"
    with pytest.raises(Refusal, match="钱院长已经审过"):
        review("赵敏", "钱院长")
    assert review("赵敏") == "三审"
    with pytest.raises(Refusal, match="不用再审"):
        review("李伟")
    assert bulletins.edit(
        session, row, {"title": "新题"}, find_member(session, WRITER), NOW
    )
    values = values_of(session, row)
    assert (row.state, values["title"], values.get("first")) == ("draft", "新题", None)
    assert not bulletins.edit(
        session, row, {"title": "再改"}, find_member(session, WRITER), NOW
    )
    assert bulletins.without_sources(values["text"]) == "做了一件事"
    assert steps(session, row) == [
        "- record",
        *["陈静 correct", "陈静 move"] * 2,
        *("赵敏 correct", "赵敏 move"),
        *("王芳 move", "王芳 correct", "王芳 correct"),
    ]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, f"李伟到{BEARING}调主轴，"),
        ({"what": ""}, f"李伟到{BEARING}技术服务，"),
        ({"what": "", "sort": ""}, f"李伟到{BEARING}服务，"),
    ],
)
def test_a_line_of_service_says_what_was_done_as_far_as_it_is_told(
    session: Session, more: dict[str, object], said: str
) -> None:
    serve(session, DAY.isoformat(), "李伟", **more)  # type: ignore[arg-type]
    [line] = draft(session).lines
    assert said in line


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "金华职院来访。"),
        ({"real": 12.0}, "金华职院12 人来访。"),
        ({"what": "看展厅"}, "金华职院来访，看展厅。"),
    ],
)
def test_a_line_of_a_visit_says_who_came_as_far_as_it_is_told(
    session: Session, more: dict[str, object], said: str
) -> None:
    came = put(session, "visit", day=DAY.isoformat(), company="金华职院", **more)  # type: ignore[arg-type]
    book.move(session, came, "received", None, NOW)
    [line] = draft(session).lines
    assert said in line
    led = put(
        session,
        "visit",
        day=DAY.isoformat(),
        company="别的学校",
        people=person(session, "李伟"),
    )
    book.move(session, led, "received", None, NOW)
    assert "别的学校来访，李伟讲解。" in draft(session).lines[1]


def test_a_meeting_is_told_with_its_place_and_host_and_who_came(
    session: Session,
) -> None:
    meeting = hold(session, AT)
    [line] = draft(session).lines
    assert "，赵敏主持。" in line
    assert "实到" not in line
    meeting.place, meeting.host_id = "301", None
    doors.mark(session, meeting, [find_member(session, "王芳").id], "paper", NOW)
    [line] = draft(session).lines
    assert "在301" in line
    assert "主持" not in line
    assert line.endswith(f"，应到 6 人，实到 1 人。（会议 {meeting.id}）")
