"""登记学时: a member writes down hours of her own, or takes them back."""

import re
from datetime import date

from bot.branch.study import hours
from bot.branch.study.checkins import Amount
from bot.branch.study.hours import Conversion, Lesson, StudyHours
from bot.calendar.say import say_day
from bot.command import Answer, Ask, answering, command
from bot.inbox.open_questions import Open
from bot.message import Reply
from bot.understanding.drafts.replies import says_no, says_yes
from bot.understanding.slots import person
from bot.understanding.slots.amounts import part_number, read_amount, without_amount
from bot.understanding.slots.past_day import PastDay, find_day_within, take_past_day
from bot.understanding.text import normalise
from bot.understanding.words.masks import mask

FILLER = re.compile(
    r"^(?:请|帮我|给我|我[想要]|我|今年|今天|上午|下午|晚上|刚才|刚|又)*(?:登记一下|登记|记一下|记)?"
    r"(?:学时|学习)?[\s:：,，]*|(?:参加|听|上|去|(?<!自)学)了(?:一场|一次)?"
    r"|[,，]?\s*(?:帮我|给我|请|麻烦)*(?:登记|记)(?:一下)?学时|[,，]?\s*(?:帮我|给我|请|麻烦)*"
    r"(?:登记|补登|记)(?:一下|上去|上|下来|到台账里)"
)
ORDER = re.compile("登记|补登|[补计]上?学时|记")
"""What orders; who only tells of it, as 参加了半天培训 does, is asked first."""
WHICH_DAY = "回日期就行，例：{day}；连着几天的说最后一天。现在还没有登记。"
OF_ANOTHER = (
    "学时只登记自己的，这次没有登记。{who}的，请本人来登记，也可以请书记登记培训。"
)
NOTED = re.compile(r"(?:登记|补登|记录?)?(?:一?下)?(?:学时|学习)?[,:。]?(?:T的?)?[,]?")
STUDIED = re.compile("(?:T|也|还|在|和P)*(?:参加|培训|自学|学|听|上|去)了?")
WISHES = ("想", "打算", "准备", "计划", "希望", "要去", "将")
REMEMBERED = ("想到", "想起", "想登记", "想记", "想补")
EDGES = " \t\n,，。；;：:、"


@command(
    "study.record",
    help="记下自己的学时，例：登记学时 党史培训 半天",
    acts=True,
)
def record_hours(ask: Ask) -> Answer:
    who = person.other_named(ask)
    if who and _is_of(who, ask.text):
        return OF_ANOTHER.format(who=who)
    if _is_wished(ask.text):
        return "这次没有登记。自己学完了再说，例：登记学时 党史培训 半天。"
    past = take_past_day(ask.text, ask.now)
    return _record(ask, past, ordered=ORDER.search(ask.text) is not None)


def _is_of(who: str, text: str) -> bool:
    """Tell whether it is told of another: 王芳参加了…; 听了王芳讲的课 is one's own."""
    before, _, after = mask(normalise(text).text.replace(who, "P", 1)).partition("P")
    return bool(NOTED.fullmatch(before) or STUDIED.match(after))


def _is_wished(text: str) -> bool:
    """Tell whether it is still to be studied: 我下周想参加省里的培训."""
    said = mask(normalise(text).text).lstrip("我也很T的")
    return said.startswith(WISHES) and not said.startswith(REMEMBERED)


@answering("study.record")
def hear_day(ask: Ask, question: Open) -> Answer | None:
    """Hear on which day of the stretch it was."""
    if says_no(ask.text):
        ask.close_question()
        return "好的，没有登记。"
    day = find_day_within(ask.text, question.details["said"], ask.now)
    if day is None:
        return None
    ask.close_question()
    past = PastDay(day, question.details["rest"])
    return _record(ask, past, ordered=question.details.get("ordered", True))


def _record(ask: Ask, past: PastDay, *, ordered: bool = True) -> Answer:
    """Record hours, or ask for what is missing; whoever only told of them says yes."""
    conversion = Conversion.of(ask.config.study)
    amount = _read_amount(past.rest)
    number = conversion.hours(amount.number, amount.unit) if amount else 0.0
    if not number:
        return "学了多久？例：登记学时 党史培训 半天；登记学时 读党章 90分钟。"
    if not past.is_sure(number / conversion.per_day):
        asked = past.question
        kept = {"said": past.said, "rest": past.rest, "ordered": ordered}
        ask.put_question("study.record", asked, **kept)
        return f"{asked}{WHICH_DAY.format(day=past.example)}"
    held = Lesson(_read_what(past.rest), past.day, round(number, 1))
    if not ordered:
        return _ask_first(ask, held)
    return _keep(ask, held)


def _ask_first(ask: Ask, held: Lesson) -> str:
    hours.check(held, ask.now)
    what = f"{say_day(held.day)} {held.title} {held.hours:g} 学时"
    kept = {"day": held.day.isoformat(), "title": held.title, "hours": held.hours}
    ask.put_passing("study.told", f"登记 {what}吗？", **kept)
    return f"要登记学时吗：{what}？回“确认”登记，回“取消”不记。"


@answering("study.told")
def hear_confirmed(ask: Ask, question: Open) -> Answer | None:
    if says_no(ask.text):
        ask.close_question()
        return "好的，没有登记。"
    if not (says_yes(ask.text) or ask.said in ("登记", "记", "记上")):
        return None
    ask.close_question()
    kept = question.details
    day = date.fromisoformat(kept["day"])
    return _keep(ask, Lesson(kept["title"], day, kept["hours"]))


def _keep(ask: Ask, held: Lesson) -> Reply:
    row = hours.record_own(ask.session, ask.member, held, ask.now)
    return Reply(
        f"已登记：{_say(row)}。\n发“我的学时”看今年一共多少；记错了发“撤销学时”。",
        changed=True,
    )


@command(
    "study.undo",
    help="撤回自己登记的学时",
    acts=True,
    shown=False,
)
def undo_hours(ask: Ask) -> Reply:
    row = hours.undo_own(ask.session, ask.member, ask.now)
    return Reply(f"已撤销：{_say(row)}。原来的记录留着备查。", changed=True)


def _read_amount(text: str) -> Amount | None:
    """Read how long; a bare number at the end is hours of study."""
    amount = read_amount(text)
    number = part_number(text)[1]
    if amount is None and number is not None:
        return Amount(number, "学时")
    return amount


def _read_what(text: str) -> str:
    """Take what was studied out of the words: without amount and order."""
    text = part_number(without_amount(text))[0]
    while (shorter := FILLER.sub("", text.strip(EDGES))) != text:
        text = shorter
    bare = " ".join(text.strip(EDGES).split()).removesuffix("了")
    return bare[: hours.MAX_TITLE] or "学习"


def _say(row: StudyHours) -> str:
    return f"{say_day(row.day)} {row.what} {row.hours:g} 学时"
