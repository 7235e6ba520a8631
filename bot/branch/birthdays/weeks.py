"""The coming week's political birthdays, laid before the secretary."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from bot import outbox
from bot.branch.birthdays import greetings
from bot.branch.birthdays.greetings import Birthday
from bot.branch.people import members
from bot.branch.people.tree import Branch
from bot.calendar.say import say_day, say_people
from bot.message import Text
from bot.outbox import Importance, Plan, Window

AHEAD = timedelta(days=7)
GOOD_FOR = timedelta(days=2)
MOST_SHOWN = 10
HOW = (
    "不发某位的，说“停发祝福 姓名”；换几句话，说“修改祝福 姓名 您的话”；"
    "请同志们写寄语，说“征集寄语 姓名”；换贺卡的样子，说“贺卡样式”。"
)


def of_branch(session: Session, branch: Branch, today: date) -> list[Birthday]:
    """List the birthdays from tomorrow to the same day of next week."""
    return greetings.between(session, branch, today + timedelta(days=1), today + AHEAD)


def describe(birthdays: Sequence[Birthday], branch: Branch) -> str:
    lines = [_describe(each) for each in birthdays[:MOST_SHOWN]]
    if (more := len(birthdays) - MOST_SHOWN) > 0:
        lines.append(f"……还有 {more} 位")
    listed = "\n".join(lines)
    return (
        f"未来一周，{branch.name}有{say_people(len(birthdays))}过政治生日，"
        f"当天早上我送上祝福和贺卡：\n{listed}\n{HOW}"
    )


def tell(session: Session, now: datetime, at: datetime) -> None:
    """Send every branch's secretary the week ahead, once a week."""
    found: dict[int, list[Birthday]] = {}
    today = now.date()
    for each in greetings.on(session, today + timedelta(days=1), today + AHEAD):
        found.setdefault(each.branch_id, []).append(each)
    week = now.date().isocalendar()
    for branch_id, birthdays in sorted(found.items()):
        branch = session.get_one(Branch, branch_id)
        for secretary in members.secretaries(session, branch):
            key = f"birthday_week:{branch_id}:{secretary.id}:{week.year}-{week.week}"
            content = Text(describe(birthdays, branch))
            plan = Plan(
                key, "report", content, Window(at, at + GOOD_FOR), Importance.ROUTINE
            )
            who = secretary.userid, secretary.id
            outbox.put_to(session, plan, *who, now=now)


def _describe(each: Birthday) -> str:
    marks = [
        "已停发" if each.stopped else "",
        "用您改的话" if each.words else "",
        f"寄语 {len(each.notes)} 条" if each.notes else "",
        "党龄今年满 50 年" if each.honoured else "",
    ]
    told = "，".join(filter(None, marks))
    age = f"，党龄 {each.party_age} 年" if each.party_age else ""
    return f"· {say_day(each.day)} {each.called}：入党 {each.years} 周年{age}" + (
        f"（{told}）" if told else ""
    )
