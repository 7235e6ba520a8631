"""提醒 that are kept: listed with their numbers, cancelled, paused and resumed."""

from collections.abc import Sequence
from pathlib import Path

from bot.branch.people.members import Role
from bot.branch.reminders import reminders
from bot.branch.reminders.reminders import Reminder
from bot.branch.reminders.words import say_line, shorten
from bot.calendar.say import say_time
from bot.command import Ask, answering, command
from bot.errors import Refusal
from bot.inbox.open_questions import Open
from bot.message import Reply
from bot.understanding.drafts.replies import says_no, says_yes
from bot.understanding.sentences.forms import Forms
from bot.understanding.slots.listed_number import number_in
from bot.understanding.when import read_when
from handlers.reminders.choosing import (
    SHOWN,
    ask_which,
    find_numbered,
    hear_which,
    list_lines,
)
from handlers.reminders.pick import means_all, pick

FOCUS = "reminder.cancelled"
NONE = "现在没有提醒。设一个就说：提醒我明早九点交心得"
NONE_OF_OFFICE = "；要提醒大家就说：每月5号提醒大家交党费"
HOW = "“取消提醒 编号”取消，“改提醒 编号 …”修改，“暂停提醒 编号 到12月1日”先停一停。"
FORMS = Forms(Path(__file__), "until")
VERBS = {"cancel": "取消", "pause": "暂停", "resume": "恢复"}
NO = ("不取消了", "不取消", "别取消", "不了")
ALL = ("都取消", "全取消", "全部取消", "都取消掉")


@command(
    "reminders",
    help="看设了哪些提醒",
)
def list_reminders(ask: Ask) -> str:
    kept = reminders.listing(ask.session, ask.member, ask.standing)
    if not kept:
        office = ask.standing.role >= Role.LEADER
        return NONE + (NONE_OF_OFFICE if office else "")
    picked = pick(kept, ask.text, ask.now)
    found = picked.found or tuple(kept)
    head = (
        f"{'找到' if picked.said and picked.found else '现在有'} {len(found)} 个提醒："
    )
    more = len(found) - SHOWN
    ask.note_list("reminders", [each.id for each in found[:SHOWN]])
    rest = [f"还有 {more} 个没列出来，可以问“交党费的提醒有哪些”。"] if more > 0 else []
    return "\n".join([head, *list_lines(ask, found), *rest, HOW])


@command(
    "cancel_reminder",
    help="取消设过的提醒，例：取消提醒 3",
    acts=True,
    previewed=True,
)
def cancel_reminder(ask: Ask) -> Reply | str:
    kept = reminders.listing(ask.session, ask.member, ask.standing)
    picked = pick(kept, ask.slots.get("what", ask.text), ask.now)
    if (day := ask.slots.get("on")) and not (kept and picked.found):
        raise Refusal(
            f"{day}没有能取消的安排，也没有提醒。发“提醒列表”看设了哪些提醒。"
        )
    if not kept:
        raise Refusal("现在没有可以取消的提醒。")
    if means_all(ask.text) and not picked.said:
        numbers = [each.id for each in kept]
        asked = f"这 {len(kept)} 个提醒都取消吗？"
        ask.put_question("cancel_reminder", asked, do="cancel", all=numbers)
        return "\n".join([asked, *list_lines(ask, kept), "都取消就回“确认”。"])
    if picked.one and (picked.said or picked.one.own):
        ask.close_question("cancel_reminder")
        return cancel(ask, picked.one)
    if picked.one:
        return ask_whether(ask, picked.one)
    return _ask_which(ask, "cancel", picked.found or kept, missed=not picked.found)


def ask_whether(ask: Ask, reminder: Reminder) -> str:
    """Ask before one is dropped that nobody named."""
    asked = f"取消“{shorten(reminder.text)}”的提醒吗？"
    ask.put_question("cancel_reminder", asked, do="cancel", all=[reminder.id])
    return f"{asked}\n{say_line(reminder, ask.now)}\n回“确认”取消，回“取消”不动。"


@command(
    "cancel_reminder.pause",
    help="让一个提醒先停一停，例：暂停提醒 3 到12月1日",
    shown=False,
    acts=True,
    previewed=True,
)
def pause_reminder(ask: Ask) -> Reply | str:
    which, until = _split_until(ask.text)
    kept = reminders.listing(ask.session, ask.member, ask.standing)
    if not kept:
        raise Refusal("现在没有可以暂停的提醒。")
    picked = pick(kept, which, ask.now)
    if picked.one:
        return _pause(ask, picked.one, until)
    found = picked.found
    return _ask_which(ask, "pause", found or kept, missed=not found, until=until)


@command(
    "remind.resume",
    help="让停了的提醒重新开始，例：恢复提醒 3",
    shown=False,
    acts=True,
    previewed=True,
)
def resume_reminder(ask: Ask) -> Reply | str:
    number = number_in(ask.text)
    if number is not None:
        return resume(ask, find_numbered(ask, number))
    listed = reminders.listing(ask.session, ask.member, ask.standing)
    kept = [each for each in listed if each.state == reminders.State.PAUSED]
    if not kept:
        raise Refusal("现在没有停着的提醒。取消过的请带上数字，例：恢复提醒 3")
    picked = pick(kept, ask.text, ask.now)
    if picked.one:
        return resume(ask, picked.one)
    found = picked.found
    return _ask_which(ask, "resume", found or kept, missed=not found)


@answering("cancel_reminder")
def continue_cancelling(ask: Ask, question: Open) -> Reply | str | None:
    """Hear which one was meant, or that it is all of them."""
    said = ask.said.strip(" 。！!，,")
    details = question.details
    numbers = details.get("all")
    if said in NO or says_no(said, ALL if numbers else ()):
        ask.close_question()
        return "好的，没有动。"
    if numbers:
        if not says_yes(said, ALL):
            return None
        if len(numbers) == 1:
            ask.close_question()
            return cancel(ask, find_numbered(ask, numbers[0]))
        return _cancel_all(ask, numbers)
    reminder = hear_which(ask, said)
    if reminder is None:
        return None
    ask.close_question()
    if details["do"] == "pause":
        return _pause(ask, reminder, details["until"])
    return (cancel if details["do"] == "cancel" else resume)(ask, reminder)


def cancel(ask: Ask, reminder: Reminder) -> Reply:
    """Cancel it, and say how to have it back."""
    reminders.cancel(ask.session, reminder, ask.now)
    ask.note_focus(FOCUS, number=reminder.id)
    number = reminder.id
    text = (
        f"已取消提醒 {say_line(reminder, ask.now)}\n取消错了就发“恢复提醒 {number}”。"
    )
    return Reply(text, changed=True)


def _cancel_all(ask: Ask, numbers: Sequence[int]) -> Reply:
    for number in numbers:
        reminders.cancel(ask.session, find_numbered(ask, number), ask.now)
    ask.close_question()
    text = f"已取消 {len(numbers)} 个提醒。要找回哪个，发“恢复提醒 编号”。"
    return Reply(text, changed=True)


def ask_which_to_cancel(ask: Ask, found: Sequence[Reminder]) -> str:
    return _ask_which(ask, "cancel", found, missed=False)


def _pause(ask: Ask, reminder: Reminder, until: str) -> Reply:
    day = None
    if until:
        when = read_when(until, ask.now)
        if when.unclear or when.recurring:
            raise Refusal(when.unclear or "暂停到哪天？请说一个日子，例：12月1日")
        day = when.next[0].date()
    reminders.pause(ask.session, reminder, day, ask.now)
    what = f"“{shorten(reminder.text)}”"
    if reminder.next_due:
        text = f"已暂停{what}，下一次是{say_time(reminder.next_due, ask.now)}。"
    else:
        text = f"已暂停{what}。"
    return Reply(f"{text}要提前恢复就发“恢复提醒 {reminder.id}”。", changed=True)


def resume(ask: Ask, reminder: Reminder) -> Reply:
    reminders.resume(ask.session, reminder, ask.now)
    return Reply(f"已恢复提醒 {say_line(reminder, ask.now)}", changed=True)


def _ask_which(
    ask: Ask, do: str, found: Sequence[Reminder], *, missed: bool, until: str = ""
) -> str:
    told = {"do": do, "until": until}
    kind, verb = "cancel_reminder", VERBS[do]
    return ask_which(ask, kind, verb, found, missed=missed, **told)


def _split_until(text: str) -> tuple[str, str]:
    """Part "每周一的提醒停到下周三" and "学习的提醒先停两周"."""
    found = FORMS.find(text)
    if found is None:
        return text, ""
    which, slots = found.slots.get("which", ""), found.slots
    if until := slots.get("until"):
        return which, until.strip(" ：:，,。")
    return which, f"{slots['long']}{slots['unit']}后"
