"""免打扰: who wants quiet says so, for how long and from what; and hears it echoed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot import outbox
from bot.branch.birthdays import greetings
from bot.branch.reminders import reminders
from bot.branch.reminders.reminders import State
from bot.calendar.quiet_hours import Hours
from bot.command import Ask, Kept, NotMeant, Referring, answering, command
from bot.errors import Refusal
from bot.inbox.open_questions import Open
from bot.message import Reply
from bot.outbox import EVERYTHING, QuietWish
from bot.outbox.kinds import KINDS
from bot.understanding.drafts.changes import told_changes
from bot.understanding.drafts.cues import speaks_of_last
from bot.understanding.drafts.replies import says_no, says_yes
from bot.understanding.slots import person
from bot.understanding.slots.daily_hours import find_hours
from bot.understanding.slots.span_ahead import (
    QuietSpan,
    Unplaced,
    read_quiet_end,
    read_quiet_span,
)
from bot.understanding.speech import OF_NOTHING_NOW, listen
from bot.understanding.text import normalise
from handlers.quiet import hours
from handlers.quiet.words import (
    describe,
    say_kinds,
    say_span,
    say_standing,
    say_verb,
)

STOP_THEM = "要停提醒大家的，发“提醒列表”看有哪些，再说“取消提醒 编号”。"
ONE_THING = (
    "“{what}”的提醒没有单独的开关，现在还没有设。\n"
    "您自己设的，说“取消提醒 {what}”；支部定时发的都不想收，说“别再发定时提醒”；"
    "想全都安静一阵，说“免打扰到周五”。"
)
MINE_ONLY = "免打扰只能自己来设：请{who}自己发“免打扰”。这次什么也没有设。"
NAP = "{nap}是几点到几点？说“中午12点到下午2点别打扰我”这样，以后每天这段时间都不发。"
FOCUS = "mute"
STUDY = "study"
BIRTHDAY = "birthday"  # left alone by a word of its own
PERHAPS = "要{span}{verb}吗？"
HOW = (
    "想安静一阵，说“免打扰到周五”；不要某一类，说“别再发学习提醒”；"
    "每天早晚少打扰，说“晚上八点以后别给我发”；恢复，说“取消免打扰”。"
)
KEPT = (
    "您已经设了“{span}{verb}”，比这次说的更久，照旧没有变。\n"
    "要短一些，先说“取消免打扰”，再说一遍。"
)
PASSES = "正式会议的通知仍会送到；能等的事攒着，到时放在一条里告诉您。"


@command(
    "mute",
    help="少打扰我，例：免打扰到周五、晚上八点以后别给我发、取消免打扰",
)
def mute(ask: Ask) -> Reply | str:
    """Record a wish for quiet that is said as a whole; else show how things are."""
    if "them" in ask.slots:
        return STOP_THEM
    if "away" in ask.slots:
        return _ask_the_absent(ask)
    clear = "how" in ask.slots and ask.meant and not person.other_named(ask)
    if not (clear or ask.slots or person.other_named(ask)) and (said := _hours(ask)):
        return hours.keep(ask, said)
    return _wish(ask) if clear else _perhaps(ask)


def _hours(ask: Ask) -> Hours | None:
    """Find the hours of every day that a text names, and asks nothing about."""
    heard = listen(normalise(ask.text).text)
    if heard.asks or any(mark in heard.marks for mark in OF_NOTHING_NOW):
        return None
    return find_hours(ask.text, ask.config.quiet)


@command(
    "mute.resume",
    help="恢复提醒和推送，例：取消免打扰",
    shown=False,  # told with 免打扰
)
def resume(ask: Ask) -> Reply | str:
    """Speak again, of what is named or of everything, where that is clearly said."""
    if not ask.meant:
        return _perhaps(ask)
    kinds = _kinds(ask.text)
    if "what" in ask.slots and not _wished(ask, kinds):
        return _say_not_stopped(ask, kinds)
    return _speak_again(ask, kinds)


def _speak_again(ask: Ask, kinds: Sequence[str]) -> Reply | str:
    ended = outbox.unmute(ask.session, ask.member.id, kinds or None, ask.now)
    if not ended and not kinds and (dropped := hours.drop(ask)):
        return dropped
    if not ended:
        return f"您现在没有设免打扰，提醒都照常。\n{HOW}"
    return Reply(
        "好的，提醒恢复了。这期间攒下的事会放在一条里告诉您；"
        "通知随时可以发“我的通知”看。",
        changed=True,
    )


def _say_not_stopped(ask: Ask, kinds: Sequence[str]) -> Reply | str:
    """Say that nothing of the kind was stopped, unless it was in another way."""
    kept = reminders.listing(ask.session, ask.member, ask.standing)
    if not kinds or any(each.state == State.PAUSED for each in kept):
        raise NotMeant
    if kinds == [STUDY]:
        answer = ask.commands.by_intent["study.return"].run(ask)
        return answer if isinstance(answer, Reply) else str(answer)
    return f"{say_kinds(kinds)}没有停过，照常发给您。"


@command(
    "mute.hours",
    help="每天几点到几点不发，例：免打扰时间21点到8点",
    shown=False,  # told with 免打扰
)
def keep_hours(ask: Ask) -> Reply | str:
    """Set or drop the asker's own hours of every day."""
    said = None if ask.slots else _hours(ask)
    if person.other_named(ask) or not (ask.meant or said):
        return _perhaps(ask)
    if said:
        return hours.keep(ask, said)
    if "drop" in ask.slots:
        return hours.drop(ask) or Reply("您没有设免打扰时间，提醒都照常。")
    if nap := ask.slots.get("nap"):
        raise Refusal(NAP.format(nap=nap))
    if "on" not in ask.slots:
        return _perhaps(ask)
    found = find_hours(ask.slots["on"], ask.config.quiet)
    if found is None:
        raise NotMeant
    return hours.keep(ask, found)


@command(
    "mute.status",
    help="看看自己的免打扰，例：我的免打扰开着吗",
    shown=False,  # told with 免打扰
)
def show_standing(ask: Ask) -> str:
    return _standing(ask)


@command(
    "mute.no_greeting",
    help="政治生日不要祝福，例：政治生日不要祝贺我",
    shown=False,  # of use to few
)
def leave_alone(ask: Ask) -> Reply | str:
    """Leave the member's own political birthday alone."""
    if not ask.meant:
        return _perhaps(ask)
    new = greetings.want_greeting(ask.member, wanted=False)
    return Reply(
        "好的，政治生日不再给您发祝福，集体贺卡上也不写您。"
        "改主意了说“恢复政治生日祝福”。",
        changed=new,
    )


@command(
    "mute.greeting",
    help="政治生日照常送祝福，例：恢复政治生日祝福",
    shown=False,  # of use to few
)
def greet_again(ask: Ask) -> Reply | str:
    if not ask.meant:
        return _perhaps(ask)
    new = greetings.want_greeting(ask.member, wanted=True)
    return Reply("好的，政治生日那天照常给您送祝福。", changed=new)


@answering("mute")
def continue_wish(ask: Ask, question: Open) -> Reply | str | None:
    """Hear until when there is to be quiet, or that it was meant."""
    text = ask.text.strip()
    if says_no(text):
        ask.close_question()
        return "好的，没有设。"
    kinds, until = question.details["kinds"], question.details["until"]
    if until is not None:
        if not says_yes(text):
            return None
        since = datetime.fromisoformat(question.details["since"])
        ask.close_question()
        span = QuietSpan(max(since, ask.now), datetime.fromisoformat(until))
        return _record(ask, kinds, span)
    answer = None if ask.is_command_name else read_quiet_end(text, ask.now)
    if answer is None:
        return None
    ask.close_question()
    return _record(ask, kinds, answer)


def _wish(ask: Ask) -> Reply | str:
    """Record what is wished; ask until when, where that is not certain.

    Raises NotMeant where what is named is nothing of ours.
    """
    slots = ask.slots
    kinds = _kinds(ask.text)
    if BIRTHDAY in kinds:
        raise NotMeant
    if "thing" in slots and not kinds:
        return ONE_THING.format(what=slots["thing"])
    try:
        said = slots.get("until", ask.text)
        span = read_quiet_span(said, ask.now)
        if "until" in slots and span is None:
            raise NotMeant
    except Unplaced as unplaced:
        details = {"kinds": kinds or [EVERYTHING], "until": None}
        ask.put_question("mute", "免打扰到哪天为止？", **details)
        return str(unplaced)
    return _record(ask, kinds or [EVERYTHING], span)


def _record(ask: Ask, kinds: Sequence[str], span: QuietSpan | None) -> Reply | str:
    """Write the wish down; a longer one that stands is not cut short by the way."""
    new = QuietWish(
        kinds[0], span.since if span else ask.now, span.until if span else None
    )
    ask.close_question("mute")
    known = outbox.wishes(ask.session, ask.member.id, ask.now)
    standing = [each for each in known if each.kind in kinds and each != new]
    longer = {each.kind for each in standing if each.outlasts(new)}
    if longer >= set(kinds) and "again" not in ask.slots:
        return KEPT.format(
            span=say_standing(standing[0], ask.now), verb=say_verb(kinds)
        )
    for kind in kinds:
        outbox.mute(ask.session, ask.member.id, replace(new, kind=kind))
    ask.note_focus(FOCUS, kinds=list(kinds))
    passes = f"\n{PASSES}{_say_own(ask, new)}" if kinds == [EVERYTHING] else ""
    said = say_span(new, ask.now)
    return Reply(
        f"好的，{said}{say_verb(kinds)}。{_say_replaced(ask, new, standing)}{passes}\n"
        "想恢复，说“取消免打扰”。",
        changed=True,
    )


def _say_own(ask: Ask, wish: QuietWish) -> str:
    """Say that what one asked for oneself comes all the same, and how to stop it."""
    kept = reminders.listing(ask.session, ask.member, ask.standing)
    own = [
        each.id
        for each in kept
        if each.own
        and each.next_due
        and (wish.until is None or each.next_due < wish.until)
    ]
    if not own:
        return ""
    one = own[0]
    return (
        f"\n您自己设的提醒（{len(own)} 个）照常来；"
        f"也要停，说“暂停提醒 {one}”或“取消提醒 {one}”。"
    )


def _say_replaced(ask: Ask, new: QuietWish, standing: Sequence[QuietWish]) -> str:
    """Name the wish that another takes the place of, where something of it is lost."""
    lost = [each for each in standing if not new.takes_in(each, ask.now)]
    if not lost:
        return ""
    return f"\n原来设的“{say_standing(lost[0], ask.now)}”由这次的代替。"


def _title(ask: Ask, kept: Kept) -> str:
    return "刚设的免打扰" if _wished(ask, kept["kinds"]) else ""


def _moves(ask: Ask) -> QuietSpan | None:
    """Read until when it is to last instead: 改到周五, after 免打扰到周三."""
    changes = told_changes(ask.said, ask.now)
    if [each.what for each in changes] != ["time"]:
        return None
    try:
        return read_quiet_span(f"到{changes[0].words}", ask.now)
    except Unplaced:
        return None


def _hear_of_last(ask: Ask, kept: Kept) -> Reply | str:
    again = replace(ask, slots={"again": ask.said})
    return _record(again, kept["kinds"], _moves(ask))


REFERRING = Referring(
    FOCUS,
    cue=speaks_of_last,
    title=_title,
    fits=lambda ask, kept: _moves(ask) is not None,
    hear=_hear_of_last,
    undo=lambda ask, kept: _speak_again(ask, kept["kinds"]),
    verbs=("设", "设置", "开", "定", "弄", "说"),
    called=("免打扰", "静音", "勿扰"),
    of=("mute",),
)


def _perhaps(ask: Ask) -> str:
    """Ask whether a stretch of quiet was meant, where one is said; else show all."""
    speech = listen(normalise(ask.text).text)
    if speech.asks:
        return _standing(ask)
    if (who := person.other_named(ask)) or "whom" in ask.slots:
        return MINE_ONLY.format(who=who or "大家各人")
    if not speech.denied:
        return _standing(ask)
    return _ask_whether(ask, _read_span(ask)) or _standing(ask)


def _ask_the_absent(ask: Ask) -> str:
    """Ask whoever says until when she is away whether she wants quiet."""
    span = None
    if ask.slots["on"].startswith(("到", "至")) and not person.other_named(ask):
        span = _read_span(ask)
    if asked := _ask_whether(ask, span):
        return asked
    raise NotMeant


def _read_span(ask: Ask) -> QuietSpan | None:
    try:
        return read_quiet_span(ask.text, ask.now)
    except Unplaced:
        return None


def _ask_whether(ask: Ask, span: QuietSpan | None) -> str | None:
    if span is None:
        return None
    kinds = _kinds(ask.text) or [EVERYTHING]
    wish = QuietWish(kinds[0], span.since, span.until)
    asked = PERHAPS.format(span=say_span(wish, ask.now), verb=say_verb(kinds))
    since, until = span.since.isoformat(), span.until.isoformat()
    ask.put_question("mute", asked, kinds=kinds, since=since, until=until)
    return f"{asked}回“确认”或“取消”。"


def _standing(ask: Ask) -> str:
    now, quiet = ask.now, ask.config.quiet
    wishes = describe(outbox.wishes(ask.session, ask.member.id, now), now)
    wishes += filter(None, [hours.describe(ask)])
    mine = (
        f"您现在的免打扰：{'、'.join(wishes)}。" if wishes else "您现在没有设免打扰。"
    )
    return (
        f"{mine}\n{quiet.starts:%H:%M} 到 {quiet.ends:%H:%M} 我不主动发消息，"
        f"自动消息一周最多 {quiet.weekly_budget} 条，多的并成一条汇总。\n{HOW}"
    )


def _wished(ask: Ask, kinds: Sequence[str]) -> bool:
    wishes = outbox.wishes(ask.session, ask.member.id, ask.now)
    return any(each.kind in kinds for each in wishes)


def _kinds(text: str) -> list[str]:
    return [each.key for each in KINDS if each.is_called(text)]
