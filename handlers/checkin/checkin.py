"""打卡: note down what was studied today, take it back, look at one's own record."""

from datetime import date, timedelta
from pathlib import Path

from bot.branch.notices import replies
from bot.branch.study import checkins
from bot.branch.study.checkins import Entry, Study
from bot.calendar.say import say_day, say_days
from bot.command import Answer, Ask, Kept, Referring, answering, command
from bot.errors import Refusal
from bot.inbox import focus
from bot.inbox.focus import Spoken
from bot.inbox.open_questions import Open
from bot.message import Reply
from bot.understanding.drafts.changes import told_changes
from bot.understanding.drafts.cues import speaks_of_last
from bot.understanding.drafts.replies import denies, says_no, without_signs
from bot.understanding.sentences.forms import Forms
from bot.understanding.slots.amounts import (
    find_platform,
    put_amount,
    read_amounts,
    read_study,
)
from bot.understanding.slots.other_day import other_day
from bot.understanding.slots.person import speaks_of_others
from bot.understanding.text import normalise
from bot.understanding.when import Period, find_period
from bot.understanding.words.masks import mask

HERE = Path(__file__)
HOW_MANY = ("几人", "几个人", "多人", "多少人", "多少个人")
CORRECT = ("改打卡", "修改打卡", "更正打卡")
REMIND_AT = ("T", "每", "天天")
NEAR = 12  # characters
MOST = 10  # check-ins that are listed
REMIND = "这次没有打卡。要到点提醒您，就说“每天早上8点提醒我打卡”。"
OTHER_DAY = (
    "打卡记的是当天，“{day}”的没有记。今天也学了，就说“打卡 学了什么”；"
    "那天学的要算学时，说“登记学时 {day} 读党章 半小时”这样。"
)
MISSED = (
    "打卡记的是当天，过了的不补。今天也学了，就说“打卡 学了什么”；"
    "那天学的要算学时，说“登记学时 昨天 读党章 半小时”这样。"
)
VERBS = ("记", "打卡", "打")
LEFT_OUT = "checkin.note"
ASKED = "今天学了什么？"
IF_WRONG = "记错了发“撤销打卡”。"
ASKED_AROUND = (Forms(HERE, "asked.after"), Forms(HERE, "asked.ahead"))
NOTHING_MORE = (
    "没有",
    "没有了",
    "没了",
    "没学",
    "没学什么",
    "不写了",
    "不写",
    "就这样",
)


@command(
    "checkin",
    help="记下今天的学习，例：打卡 学习强国 42分",
    acts=True,
)
def check_in(ask: Ask) -> Reply:
    return _press(ask) if ask.message.ticket else _check_in(ask)


def _press(ask: Ask) -> Reply:
    """Check in by the morning's card, which then shows that it is done."""
    try:
        reply, words = _check_in(ask), "已打卡"
    except Refusal as refusal:
        reply, words = Reply(str(refusal)), "今天打过卡了"
    replies.grey_out(ask.session, ask.member, ask.message.ticket, words, ask.now)
    return reply


def _check_in(ask: Ask) -> Reply:
    if _is_of_reminder(ask.words):
        return Reply(REMIND)
    told = _told(ask)
    if day := other_day(told, ask.now):
        return Reply(OTHER_DAY.format(day=day))
    study = read_study(told)
    if ask.text.startswith(CORRECT) or "to" in ask.slots:
        entry = checkins.correct(ask.session, ask.speaker, study, ask.now)
        return Reply(f"已改好：{say(entry.study)}\n原来的记录留着备查。", changed=True)
    entry = checkins.check_in(
        ask.session, ask.speaker, study, ask.now, ask.config.checkins.per_day
    )
    if entry.completes:
        ask.close_question(LEFT_OUT)
        return _completed(ask, entry)
    told = f"{ask.speaker.name}，已打卡，{_greet(entry)}。\n{_tell(ask, entry)}"
    return Reply(f"{told}\n{IF_WRONG}", changed=True)


def _is_of_reminder(words: str) -> bool:
    """Tell whether it is to be reminded of, not done: 打卡 天天提醒."""
    plain = normalise(words).text
    if "提醒" not in plain:
        return False
    said = mask(plain).lstrip(",。:;!、")
    return said.startswith(REMIND_AT) and "提醒" in said[:NEAR]


def _greet(entry: Entry) -> str:
    if entry.streak > 1:
        return f"连续 {entry.streak} 天"
    return "好的开始" if entry.is_first else "今天也记上了"


def _tell(ask: Ask, entry: Entry) -> str:
    """Say what was written down; of nothing, ask for it where no question waits."""
    day = entry.day.isoformat()
    if entry.study.note or not ask.offer(LEFT_OUT, ASKED, day=day):
        return say(entry.study)
    return f"{ASKED}回一句就补上，不想写也没关系。"


def _completed(ask: Ask, entry: Entry) -> Reply:
    if entry.day < ask.now.date():
        return Reply(f"补在昨天的打卡里了：{say(entry.study)}", changed=True)
    return Reply(f"补上了：{say(entry.study)}\n{IF_WRONG}", changed=True)


@answering(LEFT_OUT, offer=True)
def take_note(ask: Ask, question: Open) -> Reply | str | None:
    """Keep what is told now with the check-in that said nothing."""
    if says_no(ask.text) or without_signs(ask.text) in NOTHING_MORE:
        ask.close_question()
        return "好的，卡已经打上了，内容不写也行。"
    if not ask.tells:
        return None
    ask.close_question()
    day = date.fromisoformat(question.details["day"])
    study = read_study(ask.whole(ask.text))
    entry = checkins.add_note(ask.session, ask.speaker, day, study, ask.now)
    return _completed(ask, entry) if entry else None


def _told(ask: Ask) -> str:
    """Tell what was studied; a platform that called the command belongs to it."""
    if changed := ask.slots.get("to"):
        return changed
    words = without_asking_for_it(ask.words)
    platform = find_platform(ask.text)
    if platform and platform not in words:
        return f"{platform} {words}"
    return words


def without_asking_for_it(words: str) -> str:
    """Take away what only asks to write it down: …，帮我记一下."""
    for asked in ASKED_AROUND:
        found = asked.find(words)
        words = found.slots["what"] if found else words
    return words


def _find_last(ask: Ask) -> Spoken | None:
    last = checkins.find_of_today(ask.session, ask.speaker, ask.now)
    if last is None or ask.now - last.at > focus.LASTS:
        return None
    return Spoken("checkin", {"day": last.day.isoformat()}, ask.now - last.at)


def _fits(ask: Ask, _kept: Kept) -> bool:
    """Whether a text corrects how much was studied, or takes the check-in back."""
    told = told_changes(ask.said, ask.now)
    amounts = bool(told) and all(each.what == "amount" for each in told)
    return denies(ask.text, VERBS) or amounts


def _hear_of_last(ask: Ask, kept: Kept) -> Answer:
    if denies(ask.text, VERBS):
        return undo_check_in.run(ask)
    last = checkins.record(ask.session, ask.speaker, ask.now.date(), 1).recent[0]
    new = last.study.note
    for each in told_changes(ask.said, ask.now):
        new = put_amount(new, each.words)
    platform = last.study.platform or ""
    study = read_study(new if platform in new else f"{platform} {new}")
    entry = checkins.correct(ask.session, ask.speaker, study, ask.now)
    return Reply(f"已改好：{say(entry.study)}\n原来的记录留着备查。", changed=True)


def _undo_last(ask: Ask, _kept: Kept) -> Answer:
    return undo_check_in.run(ask)


LAST = Referring(
    "checkin",
    cue=speaks_of_last,
    title=lambda ask, kept: "今天的打卡",
    fits=_fits,
    hear=_hear_of_last,
    find=_find_last,
    undo=_undo_last,
    verbs=("打", "打卡", "记", "记下", "记上", "写", "发", "弄"),
    called=("打卡", "卡", "签到打卡"),
    of=("checkin", LEFT_OUT),
)


@command(
    "undo",
    help="撤回今天的打卡",
    acts=True,
)
def undo_check_in(ask: Ask) -> Reply:
    entry = checkins.undo(ask.session, ask.speaker, ask.now)
    ask.close_question(LEFT_OUT)
    return Reply(
        f"今天的打卡已撤销：{say(entry.study)}\n想重新打，发“打卡 …”。", changed=True
    )


@command(
    "checkin.late",
    help="前几天的卡能不能补",
    shown=False,
)
def tell_of_other_days(ask: Ask) -> str:
    """Say that a check-in is of its day, and where what was studied then goes."""
    day = ask.slots.get("day", "").strip("的")
    return OTHER_DAY.format(day=day) if day else MISSED


@command(
    "my_checkins",
    help="看自己的打卡和连续天数（只有您看得到）",
)
def show_record(ask: Ask) -> str:
    if _asks_of_others(ask):
        return (
            "打卡自愿，每个人的只有本人看得到，我不说别人的，也不数谁没打。\n"
            "看自己的，发“我的打卡”。"
        )
    if (of := find_period(ask.text, ask.now, "past")) and of.start <= ask.now:
        return _show_period(ask, of)
    mine = checkins.record(ask.session, ask.speaker, ask.now.date())
    if not mine.recent:
        return "您还没有打过卡。打卡自愿，想记的时候发“打卡 学了什么”。"
    lines = [f"{say_day(entry.day)} {say(entry.study)}" for entry in mine.recent]
    return (
        f"连续 {mine.streak} 天 · 本月 {mine.this_month} 次 · 共 {mine.total} 次\n"
        + "\n".join(lines)
        + "\n（只有您自己看得到）"
    )


def _show_period(ask: Ask, asked: Period) -> str:
    """Tell of the days that are asked about, and of no others."""
    first, last = asked.start.date(), (asked.end - timedelta(days=1)).date()
    last = min(last, ask.now.date())
    when = say_day(first) if first == last else say_days(first, last)
    found = checkins.within(ask.session, ask.speaker, first, last)
    if not found:
        return f"{when}您没有打过卡。打卡自愿。\n（只有您自己看得到）"
    lines = [f"{say_day(entry.day)} {say(entry.study)}" for entry in found[:MOST]]
    more = [f"……还有 {len(found) - MOST} 次"] if len(found) > MOST else []
    days = len({entry.day for entry in found})
    several = f"，{days} 天" if first != last else ""
    head = f"{when}您打卡 {len(found)} 次{several}："
    return "\n".join([head, *lines, *more, "（只有您自己看得到）"])


def _asks_of_others(ask: Ask) -> bool:
    counts = "我" not in ask.text and any(each in ask.text for each in HOW_MANY)
    return counts or speaks_of_others(ask)


def say(study: Study) -> str:
    """Put one check-in in words: what was understood, then the member's own."""
    amount = "、".join(map(str, read_amounts(study.note))) if study.amount else ""
    known = " ".join(part for part in (study.platform, amount) if part)
    if known and study.note.replace(" ", "") == known.replace(" ", ""):
        return known
    return f"{study.note}（{known}）" if known else study.note or "（没有写内容）"
