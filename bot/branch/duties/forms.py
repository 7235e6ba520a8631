"""Forms of somebody's way into the Party, printed with what is known; the rest blank.

Nothing is written of how somebody is: that is for people to say, by hand.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from sqlalchemy.orm import Session

from bot.branch.duties import papers
from bot.branch.people.members import Member
from bot.branch.people.tree import Branch
from bot.calendar.say import say_date
from bot.calendar.workdays import is_workday
from bot.files.word import Block, Grid, Head, Heading, Lines
from bot.rulebook.deadlines import deadline

EMPTY = "　　　　"
HALF_YEARS = ("第一次", "第二次", "第三次", "第四次")


@dataclass(frozen=True)
class Person:
    """member None: of whom the roster does not know yet."""

    name: str
    branch: Branch
    member: Member | None


Form: TypeAlias = Callable[[Session, Person, date], tuple[str, Sequence[Block]]]


def _say(day: date | None) -> str:
    return say_date(day) if day else ""


def _known(person: Person) -> list[tuple[str, str]]:
    member = person.member
    return [
        ("姓名", person.name),
        ("所在支部", person.branch.name),
        ("类别", (member.category or "") if member else "入党申请人"),
        ("工作岗位", ""),
    ]


def talk(session: Session, person: Person, today: date) -> tuple[str, Sequence[Block]]:
    rows = [
        ("谈话对象", person.name),
        *(("谈话人", ""), ("谈话时间", ""), ("谈话地点", "")),
        ("谈话内容", "\n\n\n\n\n\n"),
        *(("谈话人签名", ""), ("谈话对象签名", "")),
    ]
    return "同入党申请人谈话记录", [Head(rows)]


def notice(
    session: Session, person: Person, today: date
) -> tuple[str, Sequence[Block]]:
    """Write the notice of a candidate: its days are counted in working days."""
    until = deadline("develop.publicity", today, is_workday)
    body = [
        f"经党支部委员会研究并报上级党委同意，拟将{person.name}同志列为发展对象。"
        "根据有关规定，现予公示。",
        f"公示时间：{_say(today)}至{_say(until.day)}（不少于 5 个工作日）。",
        f"公示期间，如对{person.name}同志列为发展对象有不同意见，请以书面或者口头方式"
        "向党支部反映。反映问题应当实事求是。",
        "联系人：　　　　　　　联系电话：",
    ]
    end = ["", person.branch.name, _say(today)]
    return "关于拟列为发展对象的公示", [Lines(body), Lines(end, indent=False)]


def cultivation(
    session: Session, person: Person, today: date
) -> tuple[str, Sequence[Block]]:
    return "入党积极分子培养考察登记表", [
        Head([*_known(person), ("培养联系人", ""), ("确定为积极分子日期", "")]),
        Heading("半年考察"),
        Grid(
            ("次数", "时间", "考察意见", "支委会意见"),
            [(each, "", "\n\n", "") for each in HALF_YEARS],
            (2.2, 2.8, 6.4, 4.2),
        ),
    ]


def probation(
    session: Session, person: Person, today: date
) -> tuple[str, Sequence[Block]]:
    joined = person.member.joined if person.member else None
    end = deadline("develop.probation", joined).day if joined else None
    return "预备党员教育考察登记表", [
        Head(
            [
                *_known(person),
                ("入党日期", _say(joined)),
                ("预备期满", _say(end)),
                ("入党介绍人", ""),
            ]
        ),
        Heading("教育考察"),
        Grid(
            ("次数", "时间", "教育考察情况", "支委会意见"),
            [(each, "", "\n\n", "") for each in HALF_YEARS],
            (2.2, 2.8, 6.4, 4.2),
        ),
    ]


def resolution(
    session: Session, person: Person, today: date
) -> tuple[str, Sequence[Block]]:
    """Write the resolution's head with the figures of the minutes; without, blank."""
    votes = papers.votes_on(session, person.branch, person.name)
    rows = [("姓名", person.name), ("主要表现", "\n\n\n\n")]
    if votes:
        meeting, row = votes[0]
        rows += [
            ("表决事项", row.text),
            ("应到有表决权", f"{row.voters} 人"),
            ("实到有表决权", f"{row.voters_here} 人"),
            (
                "表决结果",
                f"赞成 {row.votes_for}，反对 {row.against}，弃权 {row.abstain}，"
                f"书面赞成 {row.written_for}",
            ),
            ("大会日期", _say(meeting.starts_at.date())),
            ("出处", f"会议 {meeting.id} 的记录"),
        ]
    else:
        rows += [
            *(("表决事项", ""), ("应到有表决权", ""), ("实到有表决权", "")),
            *(("表决结果", ""), ("大会日期", "")),
        ]
    rows += [("支部名称", person.branch.name), ("支部书记签名", "")]
    return "支部大会决议", [Head(rows)]


FORMS: Mapping[str, Form] = {
    "公示": notice,
    "谈话记录": talk,
    "教育考察": probation,
    "考察登记": cultivation,
    "决议": resolution,
}
"""By a word of its name, the one that says most first."""


def find_form(said: str, member: Member | None) -> Form | None:
    """Find which form a text means; of 考察登记表 the one of her stage."""
    word = next((each for each in FORMS if each in said), "")
    if word == "考察登记" and member and member.joined and "培养" not in said:
        word = "教育考察"
    return FORMS.get(word)
