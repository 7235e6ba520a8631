"""What is said of the reminder last spoken of: 不，改到十点半; 第一个不要了."""

from functools import partial
from pathlib import Path

from bot.branch.reminders import reminders
from bot.branch.reminders.reminders import Reminder, State
from bot.branch.reminders.words import shorten
from bot.command import Answer, Ask, Kept, Referring
from bot.inbox import focus
from bot.inbox.focus import Spoken
from bot.understanding.drafts.again import find_again
from bot.understanding.drafts.changes import names_nothing, told_changes
from bot.understanding.drafts.cues import speaks_of_last
from bot.understanding.drafts.replies import denies
from bot.understanding.sentences.forms import Forms
from bot.understanding.when.numbers import find_number
from handlers.reminders import kept as kept_ones
from handlers.reminders import set as setting
from handlers.reminders.choosing import find_numbered
from handlers.reminders.edits import leaves_days_out, read_edits, says_more
from handlers.reminders.pick import names, pick
from handlers.reminders.times import recurs_by_days

FORMS = Forms(Path(__file__), "nth")
NAMED = "reminder.named"
OFF = Forms(Path(__file__), "off")
VERBS = ("提醒", "设", "叫", "喊")
OF_A_REMINDER = ("time", "shift", "text")
"""Changes that may be told of a reminder without naming it."""


def _find(ask: Ask, number: int) -> Reminder | None:
    found = reminders.find(ask.session, ask.member, ask.standing, number)
    return found if found and found.state != State.CANCELLED else None


def _title(ask: Ask, kept: Kept) -> str:
    found = _find(ask, kept["number"])
    return f"提醒“{shorten(found.text)}”" if found else ""


def _fits(ask: Ask, kept: Kept) -> bool:
    if find_again(ask.said, "提醒") is not None:
        return True
    if _calls_off(ask) or _drops(ask, kept["number"]):
        return True
    found = _find(ask, kept["number"])
    if found and leaves_days_out(ask.said):
        return recurs_by_days(reminders.wish_of(found, ask.now))
    named = partial(names, found, ask.now) if found else names_nothing
    told = told_changes(ask.said, ask.now, named)
    if not told and says_more(ask.said):
        return True
    if len(told) != 1 and len(read_edits(ask.said, ask.now, named)) > 1:
        return True
    return len(told) == 1 and told[0].what in OF_A_REMINDER


def _drops(ask: Ask, number: int) -> bool:
    """Whether a text drops it, by 那个 or by what it is called."""
    found = OFF.find(ask.text)
    if found is None:
        return False
    of, reminder = found.slots.get("of", ""), _find(ask, number)
    return not of or (reminder is not None and names(reminder, ask.now, of))


def _calls_off(ask: Ask) -> bool:
    return denies(ask.text, VERBS)


def _hear(ask: Ask, kept: Kept) -> Answer:
    reminder = _find(ask, kept["number"])
    assert reminder is not None  # it has a title
    if (when := find_again(ask.said, "提醒")) is not None:
        return setting.set_again(ask, reminder, when)
    if _calls_off(ask):
        return _take_back(ask, kept)
    if _drops(ask, reminder.id):
        return kept_ones.ask_whether(ask, reminder)
    return setting.change(ask, reminder, ask.text)


def _take_back(ask: Ask, kept: Kept) -> Answer:
    """Cancel one's own; what others get is asked first."""
    reminder = _find(ask, kept["number"])
    assert reminder is not None  # it has a title
    cancel = kept_ones.cancel if reminder.own else kept_ones.ask_whether
    return cancel(ask, reminder)


def _title_cancelled(ask: Ask, kept: Kept) -> str:
    found = reminders.find(ask.session, ask.member, ask.standing, kept["number"])
    gone = found is not None and found.state == State.CANCELLED
    return f"取消“{shorten(found.text)}”的提醒" if found and gone else ""


def _resume(ask: Ask, kept: Kept) -> Answer:
    return kept_ones.resume(ask, find_numbered(ask, kept["number"]))


def _find_named(ask: Ask) -> Spoken | None:
    """Find what is named and was not spoken of last: 升旗那个改成八点半."""
    changes = told_changes(ask.said, ask.now, lambda _words: True)
    dropped = OFF.find(ask.text)
    of = next((each.of for each in changes if each.of), "")
    of = of or (dropped.slots.get("of", "") if dropped else "")
    if not of:
        return None
    listed = reminders.listing(ask.session, ask.member, ask.standing)
    picked = pick(listed, of, ask.now)
    last = ask.find_focus(setting.FOCUS)
    if picked.one is None or not names(picked.one, ask.now, of):
        return None
    if last and last["number"] == picked.one.id:
        return None
    return Spoken(NAMED, {"number": picked.one.id}, focus.LASTS)


def _numbered(ask: Ask, kept: Kept) -> list[Reminder]:
    """Find which is meant: the one that stands there, and the one so numbered."""
    found = FORMS.find(ask.text)
    at = find_number(found.slots["n"]) if found else None
    if at is None:
        return []
    numbers = kept["numbers"]
    there = [numbers[at - 1]] if 1 <= at <= len(numbers) else []
    meant = dict.fromkeys([*there, *(each for each in numbers if each == at)])
    return [each for number in meant if (each := _find(ask, number))]


def _cancel_listed(ask: Ask, kept: Kept) -> Answer:
    meant = _numbered(ask, kept)
    if len(meant) > 1:
        return kept_ones.ask_which_to_cancel(ask, meant)
    return kept_ones.cancel(ask, meant[0])


LISTED = Referring(
    "list.reminders",
    cue=speaks_of_last,
    title=lambda ask, kept: "刚才列出的提醒",
    fits=lambda ask, kept: bool(_numbered(ask, kept)),
    hear=_cancel_listed,
)
REFERRING = Referring(
    setting.FOCUS,
    cue=speaks_of_last,
    title=_title,
    fits=_fits,
    hear=_hear,
    undo=_take_back,
    verbs=("设", "设置", "定", "加", "添", "记", "记下", "弄", "说", "写"),
    called=("提醒", "闹钟"),
    of=("remind", "remind.change", "remind.resume"),
)
CANCELLED = Referring(
    kept_ones.FOCUS,
    title=_title_cancelled,
    undo=_resume,
    gone=True,
    verbs=("取消", "撤", "撤掉", "删", "删掉", "弄", "停"),
    called=("提醒", "闹钟"),
    of=("cancel_reminder",),
)
BY_NAME = Referring(
    NAMED, cue=speaks_of_last, title=_title, fits=_fits, hear=_hear, find=_find_named
)
