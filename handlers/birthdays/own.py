"""政治生日: one's own, the party age, and whose birthdays fall into this month."""

import re
from pathlib import Path

from bot.branch.birthdays import collectives, greetings, honoured, ungreeted
from bot.branch.people import audit, members
from bot.branch.people.members import Member, Role, party_branch
from bot.calendar.party_age import era, party_age, years_since_joining
from bot.calendar.say import say_date, say_day, say_moment
from bot.command import Answer, Ask, command
from bot.next_steps import send_on
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots.person import find_named
from bot.understanding.slots.scope import Scope
from handlers.birthdays import collective_preview
from handlers.birthdays.months import read_span

MOST_SHOWN = 20
HERE = Path(__file__)
OTHERS, FIFTY = Lexicon(HERE, "others"), Lexicon(HERE, "fifty")

AGE = ("党龄", "入党", "入的党", "转正")
OF_OTHERS = "党龄不排名，别人的我也不报。谁过政治生日，问“这个月谁过政治生日”"
FOR_SECRETARY = "；党龄满 50 年的，问“光荣在党50年有谁”"
HONOUR_RULE = "党龄从转正那天算起；光荣在党50年按当年7月1日党龄满 50 年算。"

RULE = (
    "政治生日是支部大会通过您为预备党员的日子；党龄从转正那天算起（党章第七条），"
    "所以“入党几周年”和“党龄几年”不是一回事。"
)


@command(
    "my_birthday",
    help="自己的政治生日、入党周年和党龄",
)
def show_own(ask: Ask) -> Answer:
    if (other := _of_another(ask)) is not None:
        return other
    member, today = ask.member, ask.now.date()
    if member.joined is None:
        then = send_on(ask, "请联系支部书记补上", "在名册里补上，再请管理员导入")
        return f"名册里还没有您的入党日期，{then}。"
    joined = member.joined
    years = years_since_joining(joined, today)
    age = party_age(joined, member.full_member_since, today)
    coming = greetings.coming(ask.session, member, today).day
    days = (coming - today).days
    wait = "就是今天，祝您政治生日快乐！" if days == 0 else f"还有 {days} 天"
    lines = [
        f"入党日期：{say_date(joined)}" + (f"（入党 {years} 周年）" if years else ""),
        _say_age(age),
        f"下一个政治生日：{say_date(coming)}，{wait}",
        RULE if era(joined).probation is not False else era(joined).meaning,
        "想要自己的贺卡，发“我的贺卡”。",
    ]
    return "\n".join(lines)


@command(
    "birthdays",
    help="本支部本月的政治生日",
    shows=("政治生日（月、日和周年）",),
)
def show_month(ask: Ask) -> Answer:
    branch = party_branch(ask.session, ask.member)
    if named := find_named(Scope(ask.session, branch), ask.text):
        return _say_one(ask, named.member)
    span = read_span(ask.text, ask.now)
    found = [
        each
        for each in greetings.between(ask.session, branch, span.first, span.last)
        if not each.stopped
    ]
    lacking = ungreeted.say(ungreeted.count(ask.session, branch))
    if not found:
        told = f"{branch.name}{span.words}没有同志过政治生日。"
        return f"{told}\n{lacking}".strip()
    lines = [
        f"· {say_day(each.day)} {each.called}（{each.years} 周年）"
        for each in found[:MOST_SHOWN]
    ]
    if (more := len(found) - MOST_SHOWN) > 0:
        lines.append(f"……还有 {more} 位")
    if lacking and ask.standing.role >= Role.SECRETARY:
        lines.append(lacking)
    return f"{branch.name}{span.words}政治生日：\n" + "\n".join(lines)


@command("birthdays.secretary", help="书记的政治生日是哪天", shown=False)
def show_secretary(ask: Ask) -> str:
    branch = party_branch(ask.session, ask.member)
    return "\n".join(
        _say_one(ask, each) for each in members.secretaries(ask.session, branch)
    )


@command(
    "birthdays.honoured",
    help="哪些同志党龄满 50 年",
    shown=False,
    role=Role.SECRETARY,
)
def show_honoured(ask: Ask) -> str:
    year = ask.now.year + (1 if "明年" in ask.text else 0)
    if said := re.search(r"20\d\d(?=年)", ask.text):
        year = int(said[0])
    branch = ask.standing.branch
    found = honoured.of_year(ask.session, branch, year)
    if whose := [each for each in found.whose if each != ask.member.id]:
        audit.note(ask.session, ask.member, "birthday.view", ask.now, subjects=whose)
    this = "今年" if year == ask.now.year else f"{year}年"
    lines = [f"截至{year}年7月1日，{branch.name}党龄满 50 年的："]
    if found.new:
        lines.append(f"{this}新满的 {len(found.new)} 位：{'、'.join(found.new)}。")
    if found.before:
        lines.append(f"以前已满的 {len(found.before)} 位：{'、'.join(found.before)}。")
    if found.uncertain:
        names = "、".join(found.uncertain)
        lines.append(f"入党满 50 年、名册里没有转正日期，算不出党龄的：{names}。")
    if len(lines) == 1:
        lines[0] += "没有。"
    lines.append(HONOUR_RULE)
    return "\n".join(lines)


def _of_another(ask: Ask) -> Answer | None:
    """Answer of whom a question is that is not about the asker; None if it is."""
    branch = party_branch(ask.session, ask.member)
    named = find_named(Scope(ask.session, branch), ask.text)
    if named and named.member.id != ask.member.id:
        return _say_one(ask, named.member)
    if OTHERS.stands_in(ask.text) and "我" not in ask.text:
        fifty = FIFTY.stands_in(ask.text)
        return _hand_on(ask, "birthdays.honoured") if fifty else _of_others(ask)
    return None


def _of_others(ask: Ask) -> str:
    return f"{OF_OTHERS}{send_on(ask, '', FOR_SECRETARY)}。"


def _hand_on(ask: Ask, intent: str) -> Answer:
    """Let another command of the secretary's answer."""
    command = ask.commands.by_intent[intent]
    if ask.standing.role < command.role:
        return _of_others(ask)
    return command.run(ask)


@command("birthdays.together", help="集体政治生日会什么时候开、有谁", shown=False)
def show_together(ask: Ask) -> str:
    """Tell when the branch keeps its birthdays together, as far as that is set."""
    secretary = ask.standing.role >= Role.SECRETARY
    branch = party_branch(ask.session, ask.member)
    planned = collectives.coming(ask.session, branch, ask.now)
    if planned is not None:
        at = say_moment(planned.starts_at, ask.now)
        place = f"，{planned.place}" if planned.place else ""
        return f"{planned.title}：{at}{place}。"
    span, _ = collective_preview.read_span(ask, ask.text)
    people = collectives.celebrants(ask.session, branch, span)
    names = f"{span.words}过政治生日的：{'、'.join(each.called for each in people)}。"
    how = "要办就说“办集体政治生日会”。" if secretary else ""
    return f"集体政治生日会还没有定时间。{names if people else ''}{how}"


def _say_one(ask: Ask, member: Member) -> str:
    """Tell a colleague's day; of who is not greeted, nothing.

    The year of joining is told to whoever is secretary over that colleague.
    """
    if member.joined is None or not (
        member.id == ask.member.id or greetings.may_greet(member)
    ):
        return f"名册里没有可以告诉您的{member.called}的政治生日。"
    birthday = greetings.coming(ask.session, member, ask.now.date())
    days = (birthday.day - ask.now.date()).days
    wait = "就是今天" if days == 0 else f"还有 {days} 天"
    day = say_date(birthday.day)
    told = f"{member.called}的政治生日：{day}，{birthday.years} 周年，{wait}。"
    if not _keeps_roll_of(ask, member) or not any(each in ask.text for each in AGE):
        return told
    audit.note(ask.session, ask.member, "birthday.view", ask.now, subjects=[member.id])
    today = ask.now.date()
    years = years_since_joining(member.joined, today)
    age = party_age(member.joined, member.full_member_since, today)
    since = (
        f"入党日期：{say_date(member.joined)}（入党 {years} 周年），{_say_age(age)}。"
    )
    return f"{told}\n{since}"


def _keeps_roll_of(ask: Ask, member: Member) -> bool:
    if ask.standing.role < Role.SECRETARY:
        return False
    own = party_branch(ask.session, member)
    return own.path.startswith(ask.standing.branch.path)


def _say_age(age: int | None) -> str:
    if age is None:
        return "党龄：转正后开始计算"
    return f"党龄：{age} 年" if age else "党龄：不满 1 年"
