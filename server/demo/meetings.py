"""A year of the sample branch's meetings: invented, and marked so.

They are written by the books that the chat writes by, each step at its own moment of
that year. What is missing is missing on purpose: the meter shall have something to say.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.branch.meetings import (
    attendees,
    doors,
    leaves,
    life,
    meetings,
    minutes,
    resolutions,
    speeches,
    turnout,
)
from bot.branch.meetings.kinds import Kind
from bot.branch.meetings.meetings import Meeting
from bot.branch.meetings.plans import Plan
from bot.branch.meetings.quorum import Votes
from bot.branch.people.members import Member
from bot.branch.people.tree import Branch, find_branch
from bot.calendar.workdays import is_workday

MONTHS = 12
HOST, RECORDER = "赵敏", "陈静"
LEADERS = ("刘洋", "周涛")
BEFORE, LASTS = timedelta(days=6), timedelta(minutes=90)
AWAY = (
    ("吴强", "住院复查"),
    ("孙丽", "监考走不开"),
    ("李伟", "带学生比赛"),
    ("端木蕊", "到企业调研"),
)
TOPICS = (
    "学习《中国共产党章程》总纲",
    "传达学院党委会议精神",
    "实训室安全与党员责任区",
    "技术服务团队的季度安排",
    "学习《中国共产党支部工作条例（试行）》",
    "廉洁教育与师德师风",
    "新专业的人才培养方案",
    "学生技能大赛的备赛",
    "党员先锋岗的评议",
    "学习《中国共产党纪律处分条例》",
    "困难学生的结对帮扶",
    "年度工作与下一年打算",
)
REMARKS = (
    ("王芳", "（样例）建议把设备点检写进先锋岗职责，每周公示一次"),
    ("李伟", "（样例）企业反映的三个问题解决了两个，余下一个月底前答复"),
    ("郑洁", "（样例）新同志希望有人带，愿意参加技术服务"),
    ("周涛", "（样例）第二党小组负责下月的实训室开放日，分工名单周五前报"),
    ("冯晨", "（样例）课程素材缺图纸，想请王芳同志一起整理两套"),
    ("刘洋", "（样例）第一党小组集中学习到会齐，讨论时间偏短"),
    ("端木蕊", "（样例）调研三家企业，减速器装配岗位缺人，可以送学生实习"),
    ("孙丽", "（样例）老党员愿意给新生讲一次建校时的故事"),
    ("何雪", "（样例）预备期的思想汇报每季度交，请介绍人提意见"),
    ("陈静", "（样例）发展党员的材料对照清单又核了一遍，缺两份谈话记录"),
    ("赵敏", "（样例）把整改的事排出时间，下次会上一件一件说"),
)
ANSWERS = (
    ("李伟", "（样例）同意，宣传栏和公众号各发一次，照片先问本人"),
    ("王芳", "（样例）我来牵头，两周内拿出样张"),
    ("周涛", "（样例）有不同想法：先在一个实训室试，再推开"),
    ("刘洋", "（样例）时间上有冲突，建议放在没有课的周三下午"),
    ("冯晨", "（样例）可以，我负责记录和存档"),
    ("郑洁", "（样例）请给一份往年的样子，照着做快一些"),
    ("端木蕊", "（样例）企业那边我去联系，月底前回话"),
    ("孙丽", "（样例）赞成，注意别给大家添表格"),
    ("吴强", "（样例）赞成，安全的事要写清谁负责"),
    ("何雪", "（样例）我报名参加，请安排"),
    ("陈静", "（样例）会后把分工发到各人，不再另开会"),
    ("赵敏", "（样例）就这样办，有困难随时说"),
    ("李伟", "（样例）上次定的事办完了，请大家看看还差什么"),
)
LIFE: tuple[tuple[str, str, str], ...] = (
    ("study", "（样例）集中学习党章和习近平总书记有关重要论述", ""),
    ("problem", "（样例）学习联系实际不够，集中学习后交流少", ""),
    ("problem", "（样例）服务企业后的回访没有做成制度", "李伟"),
    ("mend", "（样例）每次集中学习后留二十分钟交流", ""),
    ("mend", "（样例）服务后一个月内回访，记入台账", "李伟"),
)


@dataclass(frozen=True)
class Told:
    """What is held in a month. on: its day; hour: when; group: of which, None for none.

    resolved: what was resolved; everybody with a vote is for it, but one.
    """

    kind: Kind
    on: int
    hour: int
    agenda: tuple[str, ...]
    group: int | None = None
    lecturer: str = ""
    resolved: str = ""


def told_of(month: int, ago: int) -> Iterator[Told]:
    """Yield what the branch holds in a month. ago: how many months that is.

    Two are left out: the committee's of five months ago, and the second group's of
    three.
    """
    topic = TOPICS[ago % len(TOPICS)]
    if ago != 5:
        yield Told(Kind.COMMITTEE, 4, 10, ("研究本月工作", f"准备主题党日：{topic}"))
    yield Told(Kind.GROUP, 8, 14, (f"第一党小组：{topic}",), group=0)
    if ago != 3:
        yield Told(Kind.GROUP, 9, 16, (f"第二党小组：{topic}",), group=1)
    yield Told(Kind.THEME_DAY, 15, 14, (topic,))
    if month % 3 == 0:
        work = f"第{'一二三四'[month // 3 - 1]}季度工作安排"
        resolved = f"（样例）通过支部{work}"
        yield Told(Kind.GENERAL, 22, 14, (work, topic), resolved=resolved)
    if month % 3 == 2:
        yield Told(Kind.LECTURE, 20, 16, (topic,), lecturer=HOST)
    if month == 12:
        yield Told(Kind.LIFE_MEETING, 26, 9, ("学习", "查摆", "批评与自我批评", "整改"))
        yield Told(Kind.APPRAISAL, 28, 9, ("自评", "互评", "测评"))


def hold_year(session: Session, branch: str, today: date, zone: tzinfo) -> int:
    """Write the meetings of the year before a day down; return how many."""
    here = find_branch(session, branch)
    assert here
    year = Year(session, here, zone)
    held = 0
    for ago in range(MONTHS, 0, -1):
        month = _months_before(today, ago)
        for each in told_of(month.month, ago):
            year.hold(each, month, held)
            held += 1
    return held


class Year:
    """A branch, by whose people its meetings are held."""

    def __init__(self, session: Session, branch: Branch, zone: tzinfo) -> None:
        self._session, self._branch, self._zone = session, branch, zone
        rows = session.scalars(select(Member)).all()
        self._people = {each.name: each for each in rows}
        groups = select(Branch).where(Branch.parent_id == branch.id)
        self._groups = session.scalars(groups.order_by(Branch.id)).all()

    def hold(self, told: Told, month: date, number: int) -> None:
        """Call a meeting, have people come, write, send and sign: a step at a time."""
        session = self._session
        day = _next_workday(month.replace(day=told.on))
        at = datetime.combine(day, time(told.hour), self._zone)
        host, recorder = self._led_by(told)
        plan = Plan(
            told.kind,
            self._branch.id if told.group is None else self._groups[told.group].id,
            starts_at=at,
            ends_at=at + LASTS,
            place="报告厅" if told.kind == Kind.LECTURE else "301 会议室",
            agenda=told.agenda,
            lecturer=told.lecturer,
            host=host.id,
            recorder=recorder.id,
        )
        meeting = meetings.write(session, plan, host.id, at - BEFORE)
        attendees.invite(session, meeting, plan, at - BEFORE)
        expected = [
            each.member_id
            for each in turnout.list_people(session, meeting, at)
            if each.expected
        ]
        away = self._take_leave(meeting, expected, number, host)
        here = [each for each in expected if each not in away]
        for minute, who in enumerate(here):
            came = at - timedelta(minutes=12 - minute)
            doors.sign_in(session, meeting, session.get_one(Member, who), "code", came)
        self._write(told, meeting, recorder, here, number)
        over = at + LASTS
        minutes.close(session, meeting, recorder, over)
        minutes.send(session, meeting, recorder, over + timedelta(minutes=30))
        minutes.sign(session, meeting, host, over + timedelta(hours=2))

    def _led_by(self, told: Told) -> tuple[Member, Member]:
        if told.group is None:
            return self._people[HOST], self._people[RECORDER]
        leader = self._people[LEADERS[told.group]]
        return leader, leader

    def _take_leave(
        self,
        meeting: Meeting,
        expected: Sequence[int],
        number: int,
        host: Member,
    ) -> set[int]:
        """Have one ask leave of most meetings, and have it granted."""
        name, why = AWAY[number % len(AWAY)]
        who = self._people[name].id
        if who not in expected or who in (meeting.host_id, meeting.recorder_id):
            return set()
        asked = meeting.starts_at - timedelta(days=1)
        leaves.ask(self._session, meeting.id, who, why, asked)
        leave = leaves.find(self._session, meeting.id, who)
        assert leave
        leaves.decide(self._session, leave, host, asked, granted=True)
        return {who}

    def _write(
        self,
        told: Told,
        meeting: Meeting,
        by: Member,
        here: Sequence[int],
        number: int,
    ) -> None:
        session, at = self._session, meeting.starts_at + timedelta(minutes=40)
        first = f"（样例）领学：{told.agenda[-1]}，结合本支部工作作了说明"
        speaker = self._people[told.lecturer] if told.lecturer else by
        speeches.add(session, meeting, speaker.id, first, by, at)
        for said_of in (REMARKS, ANSWERS):
            present = [each for each in said_of if self._people[each[0]].id in here]
            if present:
                name, said = present[number % len(present)]
                who = self._people[name].id
                speeches.add(session, meeting, who, said, by, at)
        if told.resolved:
            people = turnout.list_people(session, meeting, at)
            voters = sum(each.votes and each.came for each in people)
            votes = Votes(voters - 1, 0, 1)
            resolutions.resolve(session, meeting, told.resolved, votes, by, at)
        if told.kind == Kind.LIFE_MEETING:
            for step, text, whose in LIFE:
                due = at.date() + timedelta(days=60) if step == "mend" else None
                of = self._people[whose].id if whose else None
                life.add(session, meeting, step, text, by, at, member_id=of, due=due)


def _months_before(day: date, ago: int) -> date:
    """Return the first of a month so many before a day's."""
    count = day.year * 12 + day.month - 1 - ago
    return date(count // 12, count % 12 + 1, 1)


def _next_workday(day: date) -> date:
    while not is_workday(day):
        day += timedelta(days=1)
    return day
