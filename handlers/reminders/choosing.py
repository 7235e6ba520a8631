"""Which of the kept reminders is meant: listed with their numbers, and one is said."""

from collections.abc import Sequence

from bot.branch.reminders import reminders
from bot.branch.reminders.reminders import Reminder
from bot.branch.reminders.words import say_line
from bot.command import Ask
from bot.errors import Refusal
from bot.understanding.slots.listed_number import only_number

SHOWN = 8


def ask_which(
    ask: Ask,
    kind: str,
    verb: str,
    found: Sequence[Reminder],
    *,
    missed: bool = False,
    **details: object,
) -> str:
    """Ask which is meant. kind: of the question; missed: none is what was said."""
    ask.put_question(kind, f"{verb}哪一个提醒？", **details)
    head = "没有找到这样的提醒。现在有：" if missed else f"{verb}哪一个？"
    return "\n".join([head, *list_lines(ask, found), "回编号就行。"])


def hear_which(ask: Ask, said: str) -> Reminder | None:
    """Hear the number of the one that is meant; None if something else is said."""
    number = only_number(said)
    return None if number is None else find_numbered(ask, number)


def find_numbered(ask: Ask, number: int) -> Reminder:
    found = reminders.find(ask.session, ask.member, ask.standing, number)
    if found is None:
        raise Refusal(f"没有编号 {number} 的提醒。发“提醒列表”看看。")
    return found


def list_lines(ask: Ask, found: Sequence[Reminder]) -> list[str]:
    return [say_line(each, ask.now) for each in found[:SHOWN]]
