"""登记学时: a member writes down hours of her own, or takes them back."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from bot.branch.study import hours
from bot.branch.study.checkins import Amount
from bot.branch.study.hours import Conversion, Lesson, StudyHours
from bot.calendar.say import say_day
from bot.command import Answer, Ask, Kept, Referring, answering, command
from bot.inbox import focus
from bot.inbox.focus import Spoken
from bot.inbox.open_questions import Open
from bot.message import Reply
from bot.understanding.drafts.changes import told_changes
from bot.understanding.drafts.cues import speaks_of_last
from bot.understanding.drafts.replies import says_no, says_yes
from bot.understanding.sentences.lexicon import Lexicon
from bot.understanding.slots import person
from bot.understanding.slots.amounts import part_number, read_amount, without_amount
from bot.understanding.slots.past_day import PastDay, find_day_within, take_past_day
from bot.understanding.text import normalise
from bot.understanding.words.masks import mask

HERE = Path(__file__)
AHEAD, AROUND = Lexicon(HERE, "title.ahead"), Lexicon(HERE, "title.around")
ORDER = Lexicon(HERE, "order")
"""What orders; who only tells of it, as 参加了半天培训 does, is asked first."""
FOCUS = "study.own"
WHICH_DAY = "回日期就行，例：{day}；连着几天的说最后一天。现在还没有登记。"
OF_ANOTHER = (
    "学时只登记自己的，这次没有登记。{who}的，请本人来登记，也可以请书记登记培训。"
)
NOTED, STUDIED = Lexicon(HERE, "noted"), Lexicon(HERE, "studied")
ALSO = Lexicon(HERE, "studied.also")
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
    return _record(ask, past, ordered=ORDER.stands_in(ask.text))


def _is_of(who: str, text: str) -> bool:
    """Tell whether it is told of another: 王芳参加了…; 听了王芳讲的课 is one's own."""
    before, _, after = mask(normalise(text).text.replace(who, "P", 1)).partition("P")
    return NOTED.is_all_of(before) or STUDIED.stands_first(ALSO.cut_start(after))


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


def _find_last(ask: Ask) -> Spoken | None:
    last = hours.last_own(ask.session, ask.member)
    if last is None or ask.now - last.recorded_at > focus.LASTS:
        return None
    return Spoken(FOCUS, {"row": last.id}, ask.now - last.recorded_at)


def _title(ask: Ask, kept: Kept) -> str:
    return f"学时“{_say(ask.session.get_one(StudyHours, kept['row']))}”"


def _changed(ask: Ask, kept: Kept) -> Lesson | None:
    """Read how long or on which day it was instead; None for any other text."""
    row = ask.session.get_one(StudyHours, kept["row"])
    held = Lesson(row.what, row.day, row.hours)
    for each in told_changes(ask.said, ask.now):
        amount = _read_amount(each.words) if each.what == "amount" else None
        if amount:
            found = Conversion.of(ask.config.study).hours(amount.number, amount.unit)
            held = replace(held, hours=round(found, 1))
        elif each.what == "time":
            held = replace(held, day=take_past_day(each.words, ask.now).day)
        else:
            return None
    same = (held.day, held.hours) == (row.day, row.hours)
    return None if same or not held.hours else held


def _correct(ask: Ask, kept: Kept) -> Reply:
    held = _changed(ask, kept)
    assert held is not None  # it fits
    hours.check(held, ask.now)
    hours.undo_own(ask.session, ask.member, ask.now)
    row = hours.record_own(ask.session, ask.member, held, ask.now)
    said = f"已改好：{_say(row)}。\n原来的记录留着备查；还不对就发“撤销学时”。"
    return Reply(said, changed=True)


LAST = Referring(
    FOCUS,
    cue=speaks_of_last,
    title=_title,
    fits=lambda ask, kept: _changed(ask, kept) is not None,
    hear=_correct,
    find=_find_last,
    undo=lambda ask, kept: undo_hours.run(ask),
    verbs=("记", "记下", "记上", "登记", "补记", "报", "填", "写", "说", "弄", "加"),
    called=("学时", "学习", "培训", "课"),
    of=("study.record", "study.told"),
)


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
    while (shorter := AROUND.cut(AHEAD.cut_start(text)).strip(EDGES)) != text:
        text = shorter
    bare = " ".join(text.strip(EDGES).split()).removesuffix("了")
    return bare[: hours.MAX_TITLE] or "学习"


def _say(row: StudyHours) -> str:
    return f"{say_day(row.day)} {row.what} {row.hours:g} 学时"
