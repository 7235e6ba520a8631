"""The demo's branch: twelve invented people in a tree, and two weeks of their life.

In these weeks they also tell what was done in the two years before (`works`); the
meetings of the year before are written down beforehand (`meetings`).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.assistant.answering import Assistant
from bot.branch.people.members import (
    Category,
    Member,
    Role,
    add_member,
    ensure_root,
    grant,
    link,
    set_joined,
)
from bot.branch.people.tree import find_branch, plant
from bot.calendar.workdays import is_workday
from server.demo.works import Talker, announce_works, judge_works, tell_works
from server.twin.official.account import Account
from server.twin.people import Department
from server.twin.people import Member as Colleague
from server.twin.world import World

SECRETARY = "zhaomin"
GENERAL = "精密制造工程系党总支"
GROUPS = ("第一党小组", "第二党小组")


@dataclass(frozen=True)
class Person:
    """Somebody who does not exist."""

    userid: str
    name: str
    group: int
    joined: str
    full_since: str | None
    position: str = ""
    role: Role = Role.MEMBER


FOLLOWERS = ("wangfang", "liwei", "wuqiang")
PEOPLE = (
    Person(
        "zhaomin", "赵敏", 1, "2004-06-18", "2005-06-18", "支部书记", Role.SECRETARY
    ),
    Person(
        "chenjing", "陈静", 1, "2009-12-04", "2010-12-04", "组织委员", Role.COMMITTEE
    ),
    Person("liwei", "李伟", 2, "2012-05-21", "2013-05-21", "宣传委员", Role.COMMITTEE),
    Person("wangfang", "王芳", 1, "tomorrow-15", "tomorrow-14"),
    Person("liuyang", "刘洋", 1, "2016-11-25", "2017-11-25", "党小组组长", Role.LEADER),
    Person("zhoutao", "周涛", 2, "2015-07-01", "2016-07-01", "党小组组长", Role.LEADER),
    Person("sunli", "孙丽", 2, "1998-10-15", "1999-10-15"),
    Person("wuqiang", "吴强", 1, "1987-06-30", "1988-06-30"),
    Person("zhengjie", "郑洁", 2, "2019-12-12", "2020-12-12"),
    Person("fengchen", "冯晨", 2, "2021-06-16", "2022-06-16"),
    Person("hexue", "何雪", 1, "recently", None),
    Person("duanmurui", "端木蕊", 2, "2018-03-05", "2019-03-05"),
)
STUDIES = (
    "打卡 学习强国 42分",
    "打卡 江苏先锋 30分钟",
    "打卡 读完党章第一章，很有收获",
    "打卡 苏州先锋 微党课一讲",
    "打卡 学习强国 35分",
)
PLANNED = ("学习《党章》总纲 30分钟", "看一集党史纪录片", "读《支部工作条例》第三章")
KEEN = ("wangfang", "liuyang", "sunli", "fengchen", "chenjing")
NOTICE = (
    "发通知 下周三下午两点在301室召开支部党员大会，请准时参加，不能到会的向支部请假。"
)


WORKS_ON: Mapping[int, tuple[time, Callable[[Talker, date], None]]] = {
    2: (time(16, 40), tell_works),
    4: (time(15, 20), judge_works),
    13: (time(15, 20), announce_works),
}
"""On which of the days something of the works is told, and at what hour."""
LECTURE = "安排会议 今天下午三点在报告厅上党课，赵敏主讲，主题：学习党章总纲"
MINUTES = (
    "记录：赵敏讲了党章总纲的八个自然段，结合实训教学举了三个例子",
    "记录：刘洋发言，建议把工匠精神写进实训课的考核",
    "散会",
    "送签",
)


class Life(Protocol):
    """What it takes to live through a time: people who talk, a clock that moves."""

    world: World

    def move_to(self, moment: datetime) -> None: ...


class Sample:
    """The sample as of a day: one political birthday falls on the next."""

    BRANCH = "智能制造教工党支部"

    def __init__(self, today: date) -> None:
        self._tomorrow = today + timedelta(days=1)

    @staticmethod
    def is_enrolled(session: Session) -> bool:
        return (session.scalar(select(func.count(Member.id))) or 0) >= len(PEOPLE)

    def move_in(self, world: World) -> None:
        """Give everybody a phone in the twin's corp."""
        world.add_department(Department(2, GENERAL))
        world.add_department(Department(3, self.BRANCH, 2))
        for number, name in enumerate(GROUPS, 4):
            world.add_department(Department(number, name, 3))
        for each in PEOPLE:
            title = each.position or "党员"
            world.add_member(
                Colleague(each.userid, each.name, (3 + each.group,), position=title)
            )

    def follow(self, account: Account) -> None:
        """Let a few follow the official account on a second phone; nobody is bound."""
        for each in PEOPLE:
            if each.userid in FOLLOWERS:
                account.add(f"o-{each.userid}", each.name, each.userid)

    def enrol(self, assistant: Assistant) -> None:
        now = assistant.clock.now()
        with assistant.storage.write() as session:
            branch = ensure_root(session, self.BRANCH)
            if branch.parent_id is None:
                general = plant(session, GENERAL)
                branch.parent_id = general.id
                branch.path = f"{general.path}{branch.id}/"
            groups = [
                find_branch(session, name, branch) or plant(session, name, branch)
                for name in GROUPS
            ]
            for each in PEOPLE:
                known = select(Member).where(Member.account == each.userid)
                home = groups[each.group - 1]
                member = session.scalar(known) or add_member(
                    session, each.name, home, now
                )
                link(member, each.userid)
                member.name, member.branch_id = each.name, home.id
                member.position = each.position or None
                self._date(member, each)
                if each.role > Role.MEMBER:
                    place = home if each.role == Role.LEADER else branch
                    grant(session, member, each.role, place)

    def live_through(self, demo: Life, until: datetime) -> None:
        """Play the two weeks before `until` through the real callback."""
        met = False
        for number, day in enumerate(_days(demo, until)):
            demo.move_to(datetime.combine(day, time(8, 1), until.tzinfo))
            for at, userid in enumerate(KEEN):
                if (number + at) % 3:
                    demo.move_to(
                        datetime.combine(day, time(8, 20 + 7 * at), until.tzinfo)
                    )
                    demo.world.say(userid, STUDIES[(number * 2 + at) % len(STUDIES)])
            if works := WORKS_ON.get(number):
                hour, tell = works
                demo.move_to(datetime.combine(day, hour, until.tzinfo))
                tell(demo, day)
            if number >= 5 and not met and is_workday(day):
                met = True
                _meet(demo, datetime.combine(day, time(10, 5), until.tzinfo))
            if number == 12:
                _plan_study(demo, datetime.combine(day, time(16, 10), until.tzinfo))
            if number == 9:
                _announce(demo, datetime.combine(day, time(15, 3), until.tzinfo))
        demo.move_to(until)

    def _date(self, member: Member, person: Person) -> None:
        set_joined(member, self._day(person.joined))
        if person.full_since:
            member.full_member_since = self._day(person.full_since)
            member.category = Category.FULL
        else:
            member.category = Category.PROBATIONARY

    def _day(self, text: str) -> date:
        """Read an ISO date, "recently", or "tomorrow-15": fifteen years before it."""
        if text == "recently":
            return self._tomorrow - timedelta(days=150)
        if not text.startswith("tomorrow"):
            return date.fromisoformat(text)
        year = self._tomorrow.year - int(text.removeprefix("tomorrow-"))
        leap_day = (self._tomorrow.month, self._tomorrow.day) == (2, 29)
        return self._tomorrow.replace(
            year=year, day=28 if leap_day else self._tomorrow.day
        )


def _days(demo: Life, until: datetime) -> Iterator[date]:
    day = demo.world.clock().date()
    while day < until.date():
        yield day
        day += timedelta(days=1)


def _plan_study(demo: Life, at: datetime) -> None:
    """Have the secretary say what is studied in the days after the demo's today."""
    demo.move_to(at)
    days = [at.date() + timedelta(days=ahead) for ahead in range(3, 3 + len(PLANNED))]
    said = [
        f"{day.month}月{day.day}日 {words}"
        for day, words in zip(days, PLANNED, strict=True)
    ]
    demo.world.say(SECRETARY, f"学习安排：{'；'.join(said)}")
    demo.world.say(SECRETARY, "确认")


def _meet(demo: Life, at: datetime) -> None:
    """Have the secretary call a lecture, members sign in, and the minutes signed."""
    demo.move_to(at)
    for said in (LECTURE, "记录 陈静", "确认"):
        demo.world.say(SECRETARY, said)
    for minute, each in enumerate(PEOPLE[1:8], 5):
        demo.move_to(at + timedelta(minutes=minute))
        demo.world.say(each.userid, "能参加")
    demo.world.say("zhengjie", "请假 今天的党课，要监考")
    demo.world.say(SECRETARY, "同意郑洁请假")
    for minute, each in enumerate(PEOPLE[:8]):
        demo.move_to(at.replace(hour=14, minute=50 + minute))
        demo.world.say(each.userid, "签到")
    demo.move_to(at.replace(hour=16, minute=10))
    for said in MINUTES:
        demo.world.say("chenjing", said)
    demo.world.say(SECRETARY, "会议记录签字")


def _announce(demo: Life, at: datetime) -> None:
    """Have the secretary send a notice that most acknowledge."""
    demo.move_to(at)
    demo.world.say(SECRETARY, NOTICE)
    demo.world.say(SECRETARY, "确认")
    demo.move_to(at + timedelta(minutes=2))
    for minute, each in enumerate(PEOPLE[:9], 5):
        demo.move_to(at + timedelta(minutes=minute))
        demo.world.say(each.userid, "收到")
    demo.move_to(at + timedelta(minutes=30))
