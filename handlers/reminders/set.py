"""提醒: said once, echoed with its next dates; what others will hear is confirmed."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from bot.branch.people.audience import Audience, count_heads
from bot.branch.people.members import Role
from bot.branch.reminders import reminders
from bot.branch.reminders.draft import ReminderDraft
from bot.branch.reminders.reminders import Reminder
from bot.branch.reminders.words import say_line, say_when, shorten
from bot.calendar.say import say_date
from bot.command import Ask, Drafting, FreeWords, Kept, answering, command
from bot.errors import Denied, Refusal
from bot.inbox.open_questions import Open
from bot.message import Reply
from bot.text.parts import with_commas
from bot.understanding.drafts.changes import pass_reasons, read_changes
from bot.understanding.drafts.patching import in_week_of, patch_place
from bot.understanding.drafts.replies import says_no
from bot.understanding.sentences.forms import Forms
from bot.understanding.slots.audience import (
    change_audience,
    find_people_said,
    read_audience,
    take_audience,
    take_from_audience,
)
from bot.understanding.slots.exceptions import take_exceptions
from bot.understanding.slots.scope import Scope
from bot.understanding.when import When, read_when
from bot.understanding.when.instead import alternatives, join_answer, only_hour
from handlers.reminders.choosing import ask_which, hear_which
from handlers.reminders.edits import Edit, as_time, read_edits, read_partly, says_words
from handlers.reminders.order import SELF, Order, read_reminder
from handlers.reminders.pick import names, pick, speaks_of
from handlers.reminders.tagged import restate
from handlers.reminders.times import (
    leave_days_out,
    move_day,
    move_hour,
    set_time,
    shift,
)

FREE_WORDS = FreeWords(own=("remind",))
HOW = (
    "回“确认”设好。也可以说：内容 …、改到每周二早上8点、发给 …、除了 …、只提醒我、"
    "取消（30 分钟内有效）"
)
NO_TIME = "什么时候提醒？例如“明早九点”“每周一早上8点”“每月最后一个工作日”。"
OF_STUDY = (
    "每天早上的学习提醒是支部统一的，几点发由管理员在设置里改。"
    "自己不想收说“别再发学习提醒”，出差休假说“学习请假到下周一”。"
)
FOCUS = "reminder"
AROUND = " ：:，,"
SEVERAL = "提醒别人一次只能设一个时间，您说了不止一个。先按哪一个？另一个单独再说一次。"
PEOPLE, TIMELY = ("with", "without"), ("when", "by")
LUNAR = "农历"
CALENDARS = {LUNAR: "1", "阴历": "1", "老历": "1", "公历": "2", "阳历": "2"}
"""Which of two calendars is meant, as the choices are numbered."""
ONLY_OWN = "这个提醒只提醒您自己，没有名单可改。要提醒别人，说“发给 …”。"
FORMS = Forms(Path(__file__), "change")


@command(
    "remind",
    help="到时候提醒一声，例：提醒我明早九点交心得",
    acts=True,
    previewed=True,
)
def set_reminder(ask: Ask) -> Reply | str:
    if restated := restate(ask):
        ask = replace(ask, message=replace(ask.message, text=restated))
    take = partial(take_audience, Scope(ask.session, ask.standing.branch))
    text, gone = take_exceptions(ask.text, take)
    slots = ask.slots
    if gone and "task" in slots:
        slots = {**slots, "task": take_exceptions(slots["task"], take)[0]}
    order = read_reminder(text, slots, ask.now, take)
    audience = _audience_of(ask, order.who, gone)
    is_open = not order.who and order.is_set and ask.standing.role >= Role.LEADER
    wish = ReminderDraft(order.text, None if is_open else audience, open=is_open)
    if order.when is None:
        return _go_on(ask, wish)
    if order.also:
        return _set_each(ask, wish, order)
    return _go_on(ask, set_time(wish, order.when), order.when, order.said)


@command(
    "remind.change",
    help="改一个提醒的时间、内容或对象，例：改提醒 3 改到每周二早上8点",
    shown=False,
    acts=True,
    previewed=True,
)
def change_reminder(ask: Ask) -> Reply | str:
    return _read_change(ask)


def _read_change(ask: Ask) -> Reply | str:
    """Part "提醒3 改到下午三点" into the reminder meant and what becomes of it."""
    slots = ask.slots
    if not slots and (found := FORMS.find(ask.text)):
        slots = found.slots
    which = slots.get("number") or slots.get("which", "")
    return _pick(ask, which if slots else ask.text, slots.get("to", "").strip(AROUND))


def _hear_change(ask: Ask, kept: Kept) -> Reply | str | None:
    """Hear what was asked for, or an improvement."""
    said = ask.said.strip(" 。！!，,")
    wish = ReminderDraft.unpack(kept["wish"])
    match kept["step"]:
        case "when":
            return _hear_time(ask, wish, said, kept) or _hear_text(
                ask, wish, said, kept
            )
        case "text":
            if _orders_anew(ask):
                return set_reminder.run(replace(ask, answers=None))
            if ask.orders():
                return None
            return _go_on(ask, replace(wish, text=ask.text.strip(" 。！!，,")))
        case "whom":
            return _hear_whom(ask, wish, said)
    found = read_edits(said, ask.now, partial(speaks_of, wish.text))
    edits = [_with_people(ask, each) for each in found]
    if not edits or None in edits:
        return None
    return _improve_all(ask, wish, [each for each in edits if each])


def _with_people(ask: Ask, edit: Edit) -> Edit | None:
    """Leave only people in who is in or out; None where nobody is."""
    if edit.what not in PEOPLE:
        return edit
    people = find_people_said(Scope(ask.session, ask.standing.branch), edit.words)
    return replace(edit, words=people) if people else None


def _orders_anew(ask: Ask) -> bool:
    """Whether what is asked for is another order for oneself: 睡前提醒我看党章."""
    take = partial(take_audience, Scope(ask.session, ask.standing.branch))
    return read_reminder(ask.text, {}, ask.now, take).who == SELF


def _show_again(ask: Ask, kept: Kept) -> Reply | str:
    wish = ReminderDraft.unpack(kept["wish"])
    return _go_on(ask, wish) if _lacks(kept) else _show(ask, wish)


def _confirm(ask: Ask, kept: Kept) -> Reply:
    return _record(ask, ReminderDraft.unpack(kept["wish"]))


def _lacks(kept: Kept) -> bool:
    return kept["step"] != "confirm" or not kept["wish"]["text"]


REMINDER = Drafting(
    "remind",
    show=_show_again,
    confirm=_confirm,
    change=_hear_change,
    verbs=("设", "设置", "设好", "设上"),
    dropped="好的，没有设。",
    lacks=_lacks,
    words=lambda kept: FREE_WORDS if kept["step"] == "text" else None,
)


@answering("remind.which")
def hear_number(ask: Ask, question: Open) -> Reply | str | None:
    """Hear which reminder is to be changed."""
    if says_no(ask.text):
        ask.close_question()
        return "好的，没有改。"
    reminder = hear_which(ask, ask.text.strip(" 。！!，,"))
    return change(ask, reminder, question.details["to"]) if reminder else None


def _go_on(
    ask: Ask, wish: ReminderDraft, when: When | None = None, said: str = ""
) -> Reply | str:
    """Ask for what is missing, else keep what is for oneself, or show the preview."""
    if not wish.is_timed:
        return _ask_time(ask, wish, when, said)
    reminders.check(wish, ask.now)
    if not wish.text:
        return _put(
            ask, wish, "text", "提醒什么内容？", "直接发给我；不设了就回“取消”。"
        )
    if wish.open:
        ours = ask.standing.branch.name
        asked = "提醒谁？"
        return _put(
            ask,
            wish,
            "whom",
            asked,
            f"\n1. 只提醒我\n2. {ours}全体党员\n回数字，或者说人。",
        )
    return _record(ask, wish) if wish.audience is None else _show(ask, wish)


def _set_each(ask: Ask, wish: ReminderDraft, order: Order) -> Reply | str:
    """Keep one for each of several times, which only one's own may have."""
    whens = [each for each in (order.when, *order.also) if each]
    if wish.audience or wish.open or not wish.text:
        return _ask_time(ask, wish, When(unclear=SEVERAL), order.said)
    made = [_record(ask, set_time(wish, each)) for each in whens]
    return Reply("\n".join(each.text for each in made), changed=True)


def _put(ask: Ask, wish: ReminderDraft, step: str, asked: str, more: str) -> str:
    ask.put_draft("remind", asked, step=step, wish=wish.pack())
    return f"{asked}{more}"


def _ask_time(ask: Ask, wish: ReminderDraft, when: When | None, said: str) -> str:
    """Ask back what is not certain, with what it may mean."""
    choices = alternatives(said, when, ask.now) if when else []
    asked = NO_TIME
    if when and when.unclear:
        asked = when.unclear
    elif when:
        asked = f"“{said}”是期限，具体什么时候提醒？"
    lines = [
        f"{number}. {_say_choice(words, ask)}"
        for number, words in enumerate(choices, 1)
    ]
    details = {"step": "when", "wish": wish.pack(), "said": said, "choices": choices}
    ask.put_draft("remind", "什么时候提醒？", **details)
    return "\n".join([asked, *lines, *(["回数字，或者直接说时间。"] if lines else [])])


def _say_choice(words: str, ask: Ask) -> str:
    """Say what a choice means; of two calendars, also which."""
    echo = read_when(words, ask.now).echo
    return f"{words}：{echo}" if LUNAR in words and LUNAR not in echo else echo


def _hear_time(
    ask: Ask, wish: ReminderDraft, said: str, kept: Kept
) -> Reply | str | None:
    choices: Sequence[str] = kept["choices"]
    if choices and LUNAR in choices[0]:
        said = CALENDARS.get(said, said)
    if said.isdecimal() and 1 <= int(said) <= len(choices):
        said = choices[int(said) - 1]
    whole = join_answer(said, kept["said"], ask.now)
    if whole == said and not (as_time(said, ask.now) or said in choices):
        return None
    when = read_when(whole, ask.now)
    return _go_on(ask, set_time(wish, when), when, whole)


def _hear_text(ask: Ask, wish: ReminderDraft, said: str, kept: Kept) -> str | None:
    """Hear what to say instead while the time is asked for, and ask for that again."""
    changes = read_changes(said, ask.now)
    if [each.what for each in changes] != ["text"]:
        return None
    told = kept["said"]
    when = read_when(told, ask.now) if told else None
    return _ask_time(ask, replace(wish, text=changes[0].words), when, told)


def _hear_whom(ask: Ask, wish: ReminderDraft, said: str) -> Reply | str | None:
    if said in ("1", "我", "自己", "我自己", "只提醒我", "提醒我"):
        return _go_on(ask, replace(wish, open=False))
    words = "全体党员" if said == "2" else _without_verb(said)
    scope = Scope(ask.session, ask.standing.branch)
    who, rest = take_audience(scope, words)
    if not who or rest:
        return None
    return _go_on(ask, replace(wish, open=False, audience=read_audience(scope, who)))


def _without_verb(said: str) -> str:
    for verb in ("只提醒", "提醒", "发给"):
        if said.startswith(verb):
            return said.removeprefix(verb)
    return said


def _show(ask: Ask, wish: ReminderDraft) -> str:
    """Put the preview, with the next three dates, and wait for the word."""
    assert wish.audience is not None
    head = count_heads(ask.session, wish.audience)
    if not head.reachable:
        raise Refusal(f"“{wish.audience.words}”里没有能收到消息的人，没有设。")
    names = head.say_names(wish.audience.in_full)
    whom = f"{ask.standing.branch.name}{wish.audience.in_full}"
    asked = f"“{shorten(wish.text)}”的提醒设不设？"
    ask.put_draft("remind", asked, step="confirm", wish=wish.pack())
    facts = [f"【预览】提醒{whom}，共 {head.total} 人{names}"]
    if wish.changes:
        facts[0] += f"（改提醒 {wish.changes}）"
    times = say_when(wish, ask.now, ask.config.quiet)
    return "\n".join([*facts, *times, "――――――", wish.text, "――――――", HOW])


def _record(ask: Ask, wish: ReminderDraft) -> Reply:
    reminder = reminders.find(ask.session, ask.member, ask.standing, wish.changes or 0)
    if reminder is None:
        if twin := reminders.find_twin(ask.session, ask.member, wish):
            ask.close_question()
            ask.note_focus(FOCUS, number=twin.id)
            return Reply(reminders.say_twin(twin))
        branch = ask.standing.branch
        reminder = reminders.keep(ask.session, ask.member, branch, wish, ask.now)
    else:
        reminders.change(ask.session, reminder, wish, ask.now)
    ask.close_question()
    ask.note_focus(FOCUS, number=reminder.id)
    done = "改好了" if wish.changes else "设好了"
    whom = wish.audience.words if wish.audience else "您自己"
    lines = [
        f"{done}，到时提醒{whom}：{wish.text}",
        *say_when(wish, ask.now, ask.config.quiet),
        f"不要了发“取消提醒 {reminder.id}”，要改发“改提醒 {reminder.id} …”。",
    ]
    return Reply("\n".join(lines), changed=True)


def _improve_all(ask: Ask, wish: ReminderDraft, edits: Sequence[Edit]) -> Reply | str:
    """Put in all that is said, the time last: it may be asked back."""
    *first, last = sorted(edits, key=lambda each: each.what == "when")
    for each in first:
        wish = _improved(ask, wish, each)
    if last.what != "when" or last.when is None:
        return _go_on(ask, _improved(ask, wish, last))
    moment = wish.once_at and wish.once_at.astimezone(ask.now.tzinfo)
    words = in_week_of(last.words, moment, ask.now)
    when = last.when if words == last.words else read_when(words, ask.now)
    return _retime(ask, wish, words, when)


def _improved(ask: Ask, wish: ReminderDraft, edit: Edit) -> ReminderDraft:
    match edit.what:
        case "own":
            return replace(wish, audience=None, open=False)
        case "audience":
            return replace(wish, audience=_audience_of(ask, edit.words), open=False)
        case "with" | "without" if wish.audience:
            scope = Scope(ask.session, ask.standing.branch)
            audience = change_audience(scope, wish.audience, edit.what, edit.words)
            return replace(wish, audience=audience)
        case "with" | "without":
            raise Refusal(ONLY_OWN)
        case "except":
            return leave_days_out(wish, edit.words, ask.now)
        case "by":
            return shift(wish, edit.by, ask.now)
    return replace(wish, text=_reword(wish.text, edit))


def _reword(text: str, edit: Edit) -> str:
    match edit.what:
        case "place":
            return patch_place(text, edit.words).text
        case "more":
            return f"{text}，{edit.words}"
    return edit.words


def _retime(ask: Ask, wish: ReminderDraft, words: str, when: When) -> Reply | str:
    """Take a new time; an hour alone leaves the days, a day alone hour and rule."""
    hour = only_hour(words)
    if hour and wish.is_timed and (moved := move_hour(wish, hour, ask.now)):
        return _go_on(ask, moved)
    if wish.is_timed and (moved := move_day(wish, words, ask.now)):
        return _go_on(ask, moved)
    untimed = replace(wish, rule=None, once_at=None, reckoned=None)
    return _go_on(ask, set_time(untimed, when), when, words)


def set_again(ask: Ask, reminder: Reminder, words: str) -> Reply | str:
    """Set another like it at another time; an hour is that one's where none is said."""
    wish = replace(reminders.wish_of(reminder, ask.now), changes=None)
    when = read_when(words, ask.now)
    if when.adrift and wish.once_at:  # 头天晚上八点 is before that one's day
        day = wish.once_at.astimezone(ask.now.tzinfo)
        words = f"{say_date(day)}{words}"
        when = read_when(words, ask.now)
    return _retime(ask, wish, words, when)


def _pick(ask: Ask, which: str, to: str) -> Reply | str:
    kept = reminders.listing(ask.session, ask.member, ask.standing)
    if not kept:
        if "学习提醒" in ask.text:
            raise Refusal(OF_STUDY)
        raise Refusal("现在没有提醒可改。设一个：提醒我明早九点交心得")
    picked = pick(kept, which, ask.now)
    named = picked.said or not to
    meant = picked.one if named else _last_or_only(ask, kept)
    if meant:
        return change(ask, meant, to)
    found = picked.found or tuple(kept)
    return ask_which(ask, "remind.which", "要改", found, to=to)


def _last_or_only(ask: Ask, kept: Sequence[Reminder]) -> Reminder | None:
    """Find which 那个提醒 is: the only one, or the one last spoken of."""
    last = (ask.find_focus(FOCUS) or {}).get("number")
    found = [each for each in kept if len(kept) == 1 or each.id == last]
    return found[0] if found else None


def change(ask: Ask, reminder: Reminder, to: str) -> Reply | str:
    wish = reminders.wish_of(reminder, ask.now)
    named = partial(names, reminder, ask.now)
    bare, _ = pass_reasons(with_commas(to), ask.now, olds=False)
    edits = read_edits(to, ask.now, named) or read_edits(bare, ask.now, named)
    if not edits or (edits[0].what == "text" and not says_words(to)):
        some, left = read_partly(bare, ask.now, named)
        if any(each.what in TIMELY for each in some):
            return _leave_out(_improve_all(ask, wish, some), reminder, left)
    if edits or to:
        return _improve_all(ask, wish, edits or [Edit("text", to)])
    asked = "改成什么？"
    more = "说新的时间，或者“内容 …”“发给 …”；不改了就回“取消”。"
    return _put(ask, wish, "confirm", asked, f"\n{say_line(reminder, ask.now)}\n{more}")


def _leave_out(reply: Reply | str, reminder: Reminder, left: str) -> Reply | str:
    """Say which words were not put into the reminder, and how they would be."""
    if not left:
        return reply
    told = (
        f"“{shorten(left)}”没有写进提醒；要写上就说“改提醒 {reminder.id} 内容加上 …”。"
    )
    if isinstance(reply, str):
        return f"{reply}\n{told}"
    return replace(reply, text=f"{reply.text}\n{told}")


def _audience_of(ask: Ask, who: str, gone: str = "") -> Audience | None:
    """Read who is meant; None for oneself. Raises Denied for who holds no office."""
    if who == SELF or (not who and ask.standing.role < Role.LEADER):
        return None
    if ask.standing.role < Role.LEADER:
        raise Denied(
            "提醒别人要由书记或党小组组长来设，这次没有设。"
            "提醒自己就说“提醒我…”，例：提醒我明早九点交心得"
        )
    scope = Scope(ask.session, ask.standing.branch)
    audience = read_audience(scope, who) if who else Audience(scope.branch.id)
    return take_from_audience(scope, audience, gone) if gone else audience
