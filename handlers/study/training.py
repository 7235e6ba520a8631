"""登记培训: the secretary records a training for those who were there; totals."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from bot.branch.people.audience import Audience, count_heads, select_people
from bot.branch.people.members import Role
from bot.branch.study import hours, trainings
from bot.branch.study.hours import Conversion, Lesson
from bot.branch.study.trainings import Recorder
from bot.calendar.say import say_day
from bot.command import Answer, Ask, Drafting, Kept, NotMeant, answering, command
from bot.errors import Refusal
from bot.inbox.open_questions import Open
from bot.message import Reply
from bot.rulebook.load import find_rule
from bot.understanding.drafts.changes import read_changes
from bot.understanding.drafts.replies import says_no
from bot.understanding.slots.amounts import read_amount, without_amount
from bot.understanding.slots.attendance import part_attendance
from bot.understanding.slots.audience import (
    change_audience,
    find_people_said,
    read_audience,
    read_audience_of,
)
from bot.understanding.slots.past_day import PastDay, find_day_within, take_past_day
from bot.understanding.slots.scope import Scope
from handlers.study.hours import EDGES, WHICH_DAY

PEOPLE = ("with", "without", "to")
EXAMPLE = "例：登记培训 11月20日 党史专题培训 一天 参加：王芳、李伟"


@command(
    "study.training",
    help="给参加的人记学时，例：登记培训 11月20日 党史培训 一天 参加：王芳",
    role=Role.SECRETARY,
    acts=True,
)
def record_training(ask: Ask) -> Answer:
    """Preview what was held: told after the order, or beside who was there."""
    said = ask.slots
    if "who" in said:
        audience = read_audience(_scope(ask), said["who"])
        return _preview(ask, _told(said), audience)
    return _preview(ask, *_read_who(ask, _told(said) if said else ask.words))


def _told(said: Mapping[str, str]) -> str:
    """Put together what a sentence tells besides who was there."""
    if hours := said.get("hours"):
        return f"{hours}学时 {said.get('rest', '')}"
    day = "".join(said.get(each, "") for each in ("before", "on", "at"))
    held = f"{day}{said.get('title', '')}"
    return f"{held} {said.get('rest', '')}"


def _preview(ask: Ask, text: str, audience: Audience) -> str:
    return _preview_on(ask, take_past_day(text, ask.now), audience)


def _preview_on(ask: Ask, past: PastDay, audience: Audience) -> str:
    bare = without_amount(past.rest)
    title = " ".join(bare.strip(EDGES).split()).strip("了吧啊")
    if not title:
        return f"是什么培训、多久、谁参加了？{EXAMPLE}"
    held = Lesson(title, past.day, _read_hours(ask, past.rest))
    if not past.is_sure(held.hours / Conversion.of(ask.config.study).per_day):
        kept = {"said": past.said, "rest": past.rest, "audience": audience.pack()}
        ask.put_question("study.training_day", past.question, **kept)
        return f"{past.question}{WHICH_DAY.format(day=past.example)}"
    return _show(ask, held, audience)


@answering("study.training_day")
def hear_day(ask: Ask, question: Open) -> str | None:
    """Hear on which day of the stretch the training was."""
    kept = question.details
    if says_no(ask.text):
        ask.close_question()
        return "好的，没有登记。"
    day = find_day_within(ask.text, kept["said"], ask.now)
    if day is None:
        return None
    ask.close_question()
    audience = Audience.unpack(kept["audience"])
    return _preview_on(ask, PastDay(day, kept["rest"]), audience)


def _change(ask: Ask, kept: Kept) -> str | None:
    changed = change_lesson(ask, *unpack(kept))
    return _show(ask, *changed) if changed else None


def change_lesson(
    ask: Ask, held: Lesson, audience: Audience
) -> tuple[Lesson, Audience] | None:
    """Hear of other people, another length or day; None for any other text."""
    before, who = part_attendance(ask.text.strip(" 。！!，,"))
    if who and not before:
        return held, read_audience_of(_scope(ask), audience, who)
    changes = read_changes(ask.said, ask.now)
    for each in changes:
        if each.what == "amount":
            held = replace(held, hours=_read_hours(ask, each.words))
        elif each.what == "time":
            held = replace(held, day=take_past_day(each.words, ask.now).day)
        elif each.what in PEOPLE and (
            people := find_people_said(_scope(ask), each.words)
        ):
            audience = change_audience(_scope(ask), audience, each.what, people)
        else:
            return None
    return (held, audience) if changes else None


def pack(held: Lesson, audience: Audience) -> dict[str, Any]:
    """Write a training as a draft keeps it; `unpack` reads it again."""
    return asdict(held) | {"day": held.day.isoformat(), "audience": audience.pack()}


def unpack(kept: Kept) -> tuple[Lesson, Audience]:
    day = date.fromisoformat(kept["day"])
    held = Lesson(kept["title"], day, kept["hours"])
    return held, Audience.unpack(kept["audience"])


TRAINING = Drafting(
    "study.training",
    show=lambda ask, kept: _show(ask, *unpack(kept)),
    confirm=lambda ask, kept: record(ask, *unpack(kept)),
    change=_change,
    verbs=("登记", "记", "记下", "记上"),
    dropped="好的，没有登记。",
)


@command(
    "study.undo_training",
    help="撤销一次培训登记，例：撤销培训 党史专题培训",
    role=Role.SECRETARY,
    acts=True,
    shown=False,
)
def undo_training(ask: Ask) -> str:
    if day := ask.slots.get("day"):
        return _undo_of_day(ask, day)
    return ask_undo(ask, _find(ask, ask.words.strip(EDGES)))


def _undo_of_day(ask: Ask, day: str) -> str:
    """Take the one training of a day: 把昨天的培训撤了."""
    past = take_past_day(day, ask.now)
    if past.rest.strip() or not past.is_sure(1):
        raise NotMeant
    held = trainings.held_on(ask.session, ask.standing.branch, past.day)
    if not held:
        return f"{say_day(past.day)}没有登记过培训，没有可撤的。"
    if len(held) > 1:
        names = "、".join(f"“{each.title}”" for each in held)
        return (
            f"{say_day(past.day)}登记了 {len(held)} 次培训：{names}。"
            f"撤哪一次？说“撤销培训 {held[0].title}”。"
        )
    return ask_undo(ask, held[0])


def ask_undo(ask: Ask, training: trainings.Training) -> str:
    count = trainings.attendees(ask.session, training)
    asked = f"撤销“{training.title}”？"
    ask.put_draft("study.undo_training", asked, training=training.id)
    return (
        f"要撤销 {say_day(training.day)} 的“{training.title}”，{count} 人各"
        f" {training.hours:g} 学时都会去掉（原来的记录留着备查）。\n"
        "回“确认”撤销，“取消”不动。"
    )


def _undo(ask: Ask, kept: Kept) -> Reply:
    training = trainings.get(ask.session, kept["training"])
    count = trainings.undo(ask.session, training, ask.now)
    ask.close_question()
    return Reply(f"已撤销“{training.title}”，涉及 {count} 人。", changed=True)


UNDOING = Drafting(
    "study.undo_training",
    show=lambda ask, kept: ask_undo(ask, trainings.get(ask.session, kept["training"])),
    confirm=_undo,
    verbs=("撤销", "撤", "撤了", "撤掉", "删", "删掉"),
    dropped="好的，没有动。",
)


@command(
    "study.totals",
    help="本支部学时的合计（不列个人）",
    role=Role.SECRETARY,
)
def show_totals(ask: Ask) -> str:
    branch, today = ask.standing.branch, ask.now.date()
    rules = [
        find_rule(each, today) for each in ("study.hours", "study.secretary_hours")
    ]
    member, office = (int(rule.decimal("hours")) for rule in rules)
    found = hours.totals(
        ask.session,
        branch,
        today.year,
        Conversion.of(ask.config.study),
        (member, office),
    )
    held = trainings.count_in(ask.session, branch, today.year)
    return (
        f"{today.year} 年{branch.name}：{found.people} 人，"
        f"共 {round(found.hours, 1):g} 学时，"
        f"人均 {round(found.hours / found.people, 1):g}；登记培训 {held} 次。\n"
        f"已够规定学时（党员 {member}、书记和班子成员 {office}）的有 "
        f"{found.reached} 人。\n"
        f"{rules[0].citation}\n"
        "只有合计，不列个人；打卡自愿，学时不作考核排名。"
    )


def _read_who(ask: Ask, text: str) -> tuple[str, Audience]:
    """Part the people from the rest; nobody named: the branch's party members."""
    text, who = part_attendance(text)
    everybody = Audience(ask.standing.branch.id)
    if who:
        return text, read_audience_of(_scope(ask), everybody, who)
    for words in ("全体党员", "所有党员", "大家"):
        text = text.replace(words, " ")
    return text, everybody


def _scope(ask: Ask) -> Scope:
    return Scope(ask.session, ask.standing.branch)


def _read_hours(ask: Ask, text: str) -> float:
    amount = read_amount(text)
    found = (
        Conversion.of(ask.config.study).hours(amount.number, amount.unit)
        if amount
        else 0.0
    )
    if not found:
        raise Refusal(f"培训了多久？{EXAMPLE}")
    return round(found, 1)


def _show(ask: Ask, held: Lesson, audience: Audience) -> str:
    """Put the preview, and wait for the word."""
    told = show_lesson(ask, held, audience)
    ask.put_draft("study.training", f"登记“{held.title}”？", **pack(held, audience))
    return (
        f"【预览】登记培训：{told}\n"
        "回“确认”登记。也可以说：参加：…、除了 …、改成半天、取消"
    )


def show_lesson(ask: Ask, held: Lesson, audience: Audience) -> str:
    """Say what was held, how long, and who was there. Raises Refusal for nobody."""
    hours.check(held, ask.now)
    head = count_heads(ask.session, audience)
    if not head.total:
        raise Refusal(f"“{audience.words}”里没有人，没有登记。")
    names = f"（{'、'.join(head.names)}）" if head.names else ""
    return (
        f"{held.title}\n{say_day(held.day)}，每人 {held.hours:g} 学时\n"
        f"参加 {head.total} 人{names}"
    )


def record(ask: Ask, held: Lesson, audience: Audience) -> Reply:
    people = select_people(ask.session, audience)
    recorder = Recorder(ask.member, ask.standing.branch)
    training = trainings.record(ask.session, recorder, held, people, ask.now)
    count = trainings.attendees(ask.session, training)
    ask.close_question()
    return Reply(
        f"已登记“{training.title}”，{count} 人各 {training.hours:g} 学时，"
        f"本人发“我的学时”能看到。\n有误就发“撤销培训 {training.title}”再登记。",
        changed=True,
    )


def _find(ask: Ask, words: str) -> trainings.Training:
    found = trainings.find(ask.session, ask.standing.branch, words)
    if found is None:
        raise Refusal(f"没有叫“{words}”的培训登记。" if words else "还没有登记过培训。")
    return found
